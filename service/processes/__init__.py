"""Processes by role: how they tell each other what happens, and ask the one that has the telephone."""
