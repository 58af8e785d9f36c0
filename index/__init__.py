"""Passages in, hits out: encoder, dense and lexical search, their fusion, generations on disk."""
