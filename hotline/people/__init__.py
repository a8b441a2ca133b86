"""Citizens, their benefits, and whom not to call."""
