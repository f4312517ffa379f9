"""The slice clientes on the server."""
