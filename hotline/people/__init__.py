"""People: citizens, their benefits, and the do-not-call list."""
