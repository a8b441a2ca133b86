"""The alert rules, the watch that follows them, and the page of operation for head and administrator."""
