"""The business: tables, rules, permissions. No I/O, no Qt, no HTTP."""
