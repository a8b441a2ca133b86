"""Tests that a page of docs/ names, each as `tests/…/test_x.py::test_y`."""

import ast

from tests.setup.drawings import DOCS


def exists(name: str) -> bool:
    """Tell whether there is a test of this name."""
    file, _, function = name.partition("::")
    path = DOCS.parent / file
    if not path.is_file():
        return False
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return function in {getattr(node, "name", None) for node in ast.walk(tree)}
