"""Orders: what screens read of them, their reception, their import."""
