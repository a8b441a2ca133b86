"""Statements of the centre for media and the Internet (regulation 3.4), by instruction of management."""
