"""Pages of retention: terms of keeping, legal holds, the deletion log."""
