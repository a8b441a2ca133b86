"""Conversations of the hotline: one file is one conversation with a caller."""
