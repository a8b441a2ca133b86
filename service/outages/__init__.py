"""Automatic calls about outages, the rounds that tell of them, and how long that is kept."""
