"""The list of orders."""
