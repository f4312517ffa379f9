"""Forged, stolen and oversized: what a server that anybody reaches has to bear."""
