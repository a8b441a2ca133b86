"""Notices to people: what is owed to whom, in which words, by which way."""
