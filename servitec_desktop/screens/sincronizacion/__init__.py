"""What waits, what was refused, what is in conflict."""
