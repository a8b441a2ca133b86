"""Whoever runs the hotline finds every setting in the two documents that tell of them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
NAME = re.compile(r"HOTLINE_[A-Z0-9]+(?:_[A-Z0-9]+)*")
SAID_IN = ("README.md", "docs/operations.md")


def names(*files: Path) -> set[str]:
    return {one for file in files for one in NAME.findall(file.read_text(encoding="utf-8"))}


DOCUMENTED = names(*(ROOT / document for document in SAID_IN))
TRUNK = "HOTLINE_TRUNK_"
"""README.md names the trunk's settings once, and then only their endings."""
SETTINGS = names(
    *(ROOT / "service").rglob("*.py"), *(ROOT / "setup").glob("*.sh"), ROOT / "docker-compose.yml"
)


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_a_setting_is_documented(name: str) -> None:
    known = {name, f"{name}_FILE", name.removesuffix("_FILE")} & DOCUMENTED
    ending = f"`_{name.removeprefix(TRUNK)}`" in (ROOT / SAID_IN[0]).read_text(encoding="utf-8")
    assert known or (name.startswith(TRUNK) and ending)
