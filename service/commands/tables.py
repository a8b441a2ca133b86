"""Plain tables for a terminal."""

import sys
from collections.abc import Sequence


def write_table(rows: Sequence[Sequence[object]]) -> None:
    """Write rows with their columns aligned; the first row is the heading."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in texts) for column in range(len(texts[0]))]
    for row in texts:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        sys.stdout.write(f"{line.rstrip()}\n")
