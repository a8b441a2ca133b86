"""A city's own data on pages, and its words."""
