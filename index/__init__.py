"""Passages in, hits out: the encoder, the dense and the lexical index, their fusion, and generations on disk."""
