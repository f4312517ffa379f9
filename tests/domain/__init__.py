"""The business rules, without I/O."""
