"""The slice catalogos on the server."""
