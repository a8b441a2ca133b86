"""Supervision of dispatchers by the head (regulation 6.4, 6.8)."""
