"""Meetings: kept, with their invitees and minutes."""
