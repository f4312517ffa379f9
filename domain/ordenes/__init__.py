"""Orders: what was received, what became of it, and what was said about it."""
