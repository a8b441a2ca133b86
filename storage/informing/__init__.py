"""Orders to inform residents, and what all callers are told."""
