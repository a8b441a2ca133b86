"""What all callers are told, and automatic calls by order."""
