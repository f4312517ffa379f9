"""A document, to be looked at, printed and saved."""
