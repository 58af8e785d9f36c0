"""The answer inspector's own words: what the spine came by on its way to an answer, told to staff."""
