"""Many processes, a bad network and kill -9."""
