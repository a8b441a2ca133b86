"""All that conversations note has words for the pages."""

import ast
from collections.abc import Iterator
from pathlib import Path

from cti_server.frame.words import TOLD

ROOT = Path(__file__).resolve().parents[3]


def informed_of() -> Iterator[str]:
    """Give the subjects of which a conversation notes that it informed somebody."""
    for top in ("ivr_flows", "service"):
        for path in (ROOT / top).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and any(
                    isinstance(one, ast.Attribute) and one.attr == "INFORMED" for one in node.args
                ):
                    yield from (one.value.value for one in node.keywords if one.arg == "about")


def test_no_subject_that_a_caller_was_informed_of_is_without_words_in_their_journey() -> None:
    assert set(informed_of()) - set(TOLD) == set()
