"""The slice ordenes on the server."""
