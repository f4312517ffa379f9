"""The company: its branches and who works there."""
