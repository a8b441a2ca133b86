"""The supervisors' board: every call and every desk as they stand, and listening in from there."""
