"""Places in the line, dispatchers, and who is called back."""
