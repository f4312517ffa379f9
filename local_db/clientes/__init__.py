"""Clients and their devices, as screens read them."""
