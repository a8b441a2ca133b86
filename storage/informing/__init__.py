"""Orders to inform residents, and messages that all callers hear."""
