"""The common part of all pages: the frame, words, and assets."""
