"""What labels look like."""
