"""Citizens, their numbers, and whom not to call."""
