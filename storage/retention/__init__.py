"""Retention: the sweep by one table of rules, legal holds, the deletion log."""
