"""Retention: terms of keeping, legal holds, and the deletion log (docs/design/keeping.md)."""
