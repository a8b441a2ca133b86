"""Streets, and the places that callers named."""
