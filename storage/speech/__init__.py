"""Transcripts of what was said."""
