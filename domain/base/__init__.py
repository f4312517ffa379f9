"""What slices are made of. Imports nothing of the rest but the wire's types."""
