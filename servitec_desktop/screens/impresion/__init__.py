"""Printers, the queue, what nobody is sure of, labels by kind."""
