"""What only tests need, and that is more than a test: never shipped."""
