"""Readings of typed Ukrainian text, by subject; `hotline.voice.read_aloud` puts them in order."""
