"""TREC runs side by side: what parts them, whether it is more than chance, and what each wins and loses."""
