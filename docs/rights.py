"""Writes docs/rights.md: who may what, from the table that tests walk.

python docs/rights.py
"""

import sys
from collections.abc import Iterator
from pathlib import Path

RIGHTS = Path(__file__).with_name("rights.md")
_BEGIN, _END = "<!-- rights -->\n", "<!-- end -->"


def drawn(text: str) -> str:
    """Give the page with its tables made anew."""
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return before + _BEGIN + "\n".join(_tables()) + "\n" + _END + after


def _tables() -> Iterator[str]:
    from tests.cti_server.auth.test_routes import (  # noqa: PLC0415 - the path is set below
        ANYBODY,
        BY_TOKEN,
        PERSONAL,
        SOCKETS,
        TABLE,
    )

    yield "## Pages, acts and sockets: by signing in\n"
    yield "| Route | Dispatcher | Head | Executor | Observer | Administrator | Nobody |"
    yield "|---|:-:|:-:|:-:|:-:|:-:|:-:|"
    for route, letters in sorted(TABLE.items(), key=lambda one: one[0].split()[::-1]):
        everybody = letters == ANYBODY
        marks = [_mark(held=everybody or letter in letters) for letter in "DHEOA"]
        yield f"| `{route}`{_socket(route, SOCKETS)} | {' | '.join([*marks, _mark(held=everybody)])} |"
    yield "\n## The interface for programs: by token\n"
    yield "| Route | Dispatcher | Head | Executor | Observer | Administrator | Without personal data |"
    yield "|---|:-:|:-:|:-:|:-:|:-:|:-:|"
    for route, letters in sorted(BY_TOKEN.items(), key=lambda one: one[0].split()[::-1]):
        marks = [_mark(held=letter in letters) for letter in "DHEOA"]
        masked = "closed" if route in PERSONAL else "masked"
        yield f"| `{route}`{_socket(route, SOCKETS)} | {' | '.join([*marks, masked])} |"


def _mark(*, held: bool) -> str:
    return "✓" if held else "·"


def _socket(route: str, sockets: set[str]) -> str:
    return " (socket)" if route in sockets else ""


if __name__ == "__main__":
    sys.path.insert(0, str(RIGHTS.parents[1]))
    RIGHTS.write_text(drawn(RIGHTS.read_text("utf-8")), "utf-8")
