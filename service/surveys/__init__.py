"""Calls that ask whether it is done."""
