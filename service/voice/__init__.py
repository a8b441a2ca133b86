"""The phrase book, and the studio that records it."""
