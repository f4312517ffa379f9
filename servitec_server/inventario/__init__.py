"""The slice inventario on the server."""
