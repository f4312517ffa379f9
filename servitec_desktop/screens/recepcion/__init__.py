"""Reception of a new order."""
