"""Tasks on a database."""
