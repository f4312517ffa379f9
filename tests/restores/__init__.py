"""A server that goes back in time, proved with real processes."""
