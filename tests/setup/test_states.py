"""The pictures of the state machines in docs/states.md are those of their tables."""

from tests.hotline.test_transitions import MACHINES
from tests.setup.drawings import page, script


def test_the_pictures_of_the_machines_are_current() -> None:
    there = page("states")
    assert script("states").drawn(there) == there, "run `python docs/states.py`"


def test_every_machine_is_drawn_once() -> None:
    drawn = script("states").machines(page("states"))
    assert sorted(drawn) == sorted([*MACHINES, "hotline.appeals.transitions.TABLE"])
