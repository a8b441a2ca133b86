"""A city's own data: its documents in versions."""
