"""Import and export of registers."""
