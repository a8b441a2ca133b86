"""The machine's side of a hotline: its state on disk."""
