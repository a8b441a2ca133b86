"""Beginnings of mobile numbers; plain data, which Asterisk's container reads without any library."""

UKRAINIAN_MOBILES = tuple(
    f"+380{code}" for code in (39, 50, 63, 66, 67, 68, 73, 75, 77, 91, 92, 93, 94, 95, 96, 97, 98, 99)
)
"""Beginnings of Ukrainian mobile numbers; a short message elsewhere costs many times as much."""
