"""Judging: people grade what searches found, blind to which search found it; out come qrels."""
