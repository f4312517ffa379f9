"""A made-up slice: accounts with charges, lines and payments. It proves that a slice brings all that it needs.

`python -m testing.slice_prueba` plays it on two stations and a server, in a process of its own: the model gathers its
slices once, when it is imported, and has no door for another.
"""
