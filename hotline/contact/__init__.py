"""Telephone numbers and mail addresses."""
