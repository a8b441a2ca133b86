"""Blanks of a text that a document holds: names in braces, filled in when it is used."""

from collections.abc import Collection
from string import Formatter


def blanks_in(text: str, known: Collection[str]) -> frozenset[str] | None:
    """Find the names in braces; None where the text cannot be filled in by the known ones."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return None
    found = [(name, spec, conversion) for _, name, spec, conversion in parts if name is not None]
    if all(name in known and not spec and not conversion for name, spec, conversion in found):
        return frozenset(name for name, _, _ in found)
    return None
