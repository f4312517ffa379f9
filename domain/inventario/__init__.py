"""Products, and what is on the shelf: a ledger and its balances."""
