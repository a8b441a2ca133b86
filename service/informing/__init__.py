"""Messages that all callers hear, and automatic calls by order."""
