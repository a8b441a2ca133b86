"""Golden conversations: each file is one, played anew and compared; by them flows are reviewed.

The facts above the empty line and the caller's lines (`> …`) are written by hand. What the hotline says
follows from them: `HOTLINE_UPDATE_GOLDEN=1` with this test writes it anew, and the change is read as a diff.
"""

import inspect
import os
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import FrameType

import pytest
from _pytest.mark.structures import ParameterSet

import ivr_flows
from service.talk.playing import play, scripted
from service.talk.scene import read_script, written_script
from service.talk.transcript import Transcript
from service.talk.words import UKRAINIAN
from tests.fakes.towns import KYIV, town_of

UPDATE = "HOTLINE_UPDATE_GOLDEN"
GOLDEN = Path(__file__).parent / "golden"
OF_CHATS = frozenset({"chat_road", "report_in_chat", "survey_in_chat"})
"""`test_golden_in_chat` goes through the road with all conversations; reports are tried with the chats."""
OF_OTHER_CITIES = frozenset({"neighbour"})
"""Its callers dial another city's number, which a town of `hotline talk` has not (`test_neighbour.py`)."""
FILES = sorted(GOLDEN.glob("*.txt"))


def flow_of(file: Path) -> str:
    """The flow that a conversation shows: `own_appeal-disputed.txt` is one of `ivr_flows/own_appeal.py`."""
    return file.stem.split("-")[0]


def longest_by_day(files: Sequence[Path]) -> list[Path | ParameterSet]:
    """The files as parameters: the longest conversation of each flow; all others are for the night."""
    longest = {flow_of(file): file for file in sorted(files, key=lambda file: file.stat().st_size)}
    night = pytest.mark.nightly
    return [file if longest[flow_of(file)] is file else pytest.param(file, marks=night) for file in files]


def flows() -> set[str]:
    """Every module with something that is said to a caller."""
    names = {one.name for one in pkgutil.iter_modules(ivr_flows.__path__)} - OF_CHATS - OF_OTHER_CITIES
    return {name for name in names if any(map(_speaks, vars(import_module(f"ivr_flows.{name}")).items()))}


def _speaks(named: tuple[str, object]) -> bool:
    name, one = named
    if name.startswith("_") or not inspect.iscoroutinefunction(one):
        return False
    return next(iter(inspect.signature(one).parameters), "") == "call"


@contextmanager
def entered() -> Iterator[set[str]]:
    """The flows that are gone through meanwhile."""
    names: set[str] = set()

    def called(frame: FrameType, _event: str, _argument: object) -> None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith("ivr_flows."):
            names.add(module.removeprefix("ivr_flows."))

    before = sys.gettrace()
    sys.settrace(called)  # told of calls alone, where `setprofile` tells of each return and of all that is C
    try:
        yield names
    finally:
        sys.settrace(before)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
async def test_a_conversation_goes_as_it_was_reviewed(file: Path) -> None:
    script = read_script(file.read_text(encoding="utf-8"), KYIV)
    caller = scripted(script.lines)
    async with town_of(script.scene) as built:
        with entered() as gone_through:
            played = await play(script.scene, caller, Transcript(UKRAINIAN), KYIV, built)
    now = written_script(script.title, script.facts, played.lines)
    assert not caller.left, "the conversation ends before the caller has done all that is written"
    if UPDATE in os.environ:
        file.write_text(now, encoding="utf-8")
    assert now == file.read_text(encoding="utf-8")
    assert flow_of(file) in gone_through


def test_every_flow_has_a_conversation_by_which_it_is_reviewed() -> None:
    assert flows() - {flow_of(file) for file in FILES} == set()


def test_every_conversation_is_of_a_flow() -> None:
    assert {flow_of(file) for file in FILES} - flows() == set()
