"""The engine: push, pull, live, sign-in."""
