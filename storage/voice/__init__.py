"""Recordings that speak in the place of the synthesis."""
