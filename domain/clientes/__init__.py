"""Clients, the companies they belong to, and their devices."""
