"""What the hotline says and asks: one file is one conversation with a caller."""
