"""Templates of other programs' configuration: `@NAME@` stands for a value; only their owner reads them."""

import re
from collections.abc import Mapping
from pathlib import Path

_PLACEHOLDER = re.compile(r"@([A-Z_]+)@")


def filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: values[match.group(1)], text)


def write_private(path: Path, text: str) -> None:
    """Replace the file whole; only its owner can ever read it."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.touch(mode=0o600)
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
