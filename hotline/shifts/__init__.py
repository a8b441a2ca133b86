"""Shifts of the dispatchers: the roster by week, and the rules of rest."""
