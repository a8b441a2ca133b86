"""What the hotline says aloud."""
