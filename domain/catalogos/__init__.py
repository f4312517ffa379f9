"""The lists of choices that administrators keep."""
