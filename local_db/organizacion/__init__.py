"""Who works in the company, as screens read it."""
