"""The pictures of the rooms in docs/architecture.md are those of the code."""

from tests.setup.drawings import page, script


def test_the_pictures_of_the_rooms_are_current() -> None:
    there = page("architecture")
    assert script("rooms").drawn(there) == there, "run `python docs/rooms.py`"
