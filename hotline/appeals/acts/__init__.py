"""The acts of an appeal: one file for each kind."""
