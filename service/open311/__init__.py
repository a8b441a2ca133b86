"""Enterprises' own Open311: appeals handed over to it, and what is done there read back."""
