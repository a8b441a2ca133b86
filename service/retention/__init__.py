"""Retention: the nightly sweep of rows and files, its terms as settings."""
