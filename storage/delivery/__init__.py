"""Notices that are owed, and their receipts."""
