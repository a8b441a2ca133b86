"""Retention: how long what is kept, legal holds, and what was deleted (docs/design/keeping.md)."""
