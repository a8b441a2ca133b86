"""Registers that are read from files."""
