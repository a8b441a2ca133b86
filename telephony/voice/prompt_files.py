"""The files of a prompt, as Asterisk plays them: their kinds, and the version of how they are made."""

PIPELINE = 1
"""Raise it whenever the sound made in `prompt_sound` changes: it is a part of the cache's key."""

SUFFIXES = (".sln16", ".alaw")
"""The two files of each sound: linear at 16 kHz and A-law at 8 kHz."""
