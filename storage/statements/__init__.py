"""Statements for media and the Internet, with their approved versions."""
