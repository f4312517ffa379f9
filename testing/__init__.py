"""What tests and benches share; never shipped."""
