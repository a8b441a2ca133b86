"""Calls and what happens in them, as stored."""
