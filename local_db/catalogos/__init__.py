"""The lists of choices, as screens read them."""
