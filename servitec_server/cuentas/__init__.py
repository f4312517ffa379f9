"""Accounts of people, as an administrator makes them."""
