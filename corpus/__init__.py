"""Study summaries: reading, checking, importing and cutting them into passages."""
