"""A city's own data as a whole: the kinds of documents, and what a new version would change."""
