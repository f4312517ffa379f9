"""The screen of printing, and what prints elsewhere."""
