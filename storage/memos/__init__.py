"""Memos, kept with their answers."""
