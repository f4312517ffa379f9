"""Labels (ZPL), documents (PDF), transports, the queue."""
