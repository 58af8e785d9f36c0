"""Tables of: kept."""
