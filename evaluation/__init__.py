"""How good the retrieval, the evidence and the answers are."""
