"""The city's cameras on a database."""
