"""Tables of: checks."""
