"""The desks: where staff check answers and look after the library, and evaluators judge; behind a login."""
