"""Meetings: called with an agenda and invitees, minuted, and signed by two."""
