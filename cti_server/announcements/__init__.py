"""Pages of announcements: the city message, and people's voices instead of the synthesis."""
