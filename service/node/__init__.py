"""The machine's side of a hotline: its state on disk, and how its programs are kept alive."""
