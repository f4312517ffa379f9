"""Sync: engine and server together."""
