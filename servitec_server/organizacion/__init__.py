"""The company itself, as an administrator sets it up."""
