"""The pictures of the rooms in docs/architecture.md are those of the code."""

import sys
from importlib import util
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_pictures_of_the_rooms_are_current() -> None:
    found = util.spec_from_file_location("rooms", DOCS / "rooms.py")
    assert found is not None
    assert found.loader is not None
    rooms = util.module_from_spec(found)
    sys.modules["rooms"] = rooms
    found.loader.exec_module(rooms)
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    assert rooms.drawn(page) == page, "run `python docs/rooms.py`"
