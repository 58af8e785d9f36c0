"""Storage: what the desks keep, in SQLite or PostgreSQL. The public side never reads it."""
