"""Shifts: the roster drawn by the head, one's own shifts, and the calendar of them."""
