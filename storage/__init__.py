"""How rows are kept in a database, on both sides: engines, files, the replica's schema."""
