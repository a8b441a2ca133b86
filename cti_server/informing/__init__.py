"""Informing by order of the mayor: prepared, allowed by a second person, watched, proved."""
