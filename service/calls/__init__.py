"""Recordings, Asterisk's own account of calls, and calls about emergencies."""
