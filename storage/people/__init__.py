"""People: citizens, their numbers, and the do-not-call list."""
