"""What is on the shelf, as screens read it."""
