"""A real call replayed: what goes otherwise now, and the conversation as a test to be pasted."""

import difflib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hotline.calls.call import JourneyStep, Step
from service.talk.playing import Played, play
from service.talk.recorded import Recorded
from service.talk.recorded_caller import RecordedCaller
from service.talk.scene import written_scene, written_script
from service.talk.transcript import Transcript
from service.talk.words import Words

COMPARED: Mapping[Step, Sequence[str]] = {
    Step.HEARD: ("phrases",),
    Step.PRESSED: ("key",),
    Step.WRONG_KEY: ("key",),
    Step.SILENT: (),
    Step.SAID: ("words",),
    Step.LANGUAGE_CHOSEN: ("language",),
    Step.RECORDING_REFUSED: (),
    Step.INFORMED: ("about",),
    Step.PLACE_SAID: ("place",),
    Step.ASKED_TO_BE_TOLD: ("by",),
    Step.REPORTED_OFF: ("utility", "place"),
    Step.APPEAL_ASKED: ("appeal", "theirs"),
    Step.APPEAL_ANSWERED: ("appeal", "act"),
    Step.CHAT_TAKEN_ALONG: (),
    Step.SENT_IN_WRITING: (),
    Step.MESSAGE_LEFT: (),
    Step.MESSAGE_EMPTY: (),
    Step.CALLBACK_WANTED: (),
    Step.CODE_PRESSED: ("result",),
    Step.JOINED_LINE: ("priority",),
    Step.TALK_STARTED: (),
    Step.RETURNED_TO_LINE: (),
    Step.LEFT_LINE: (),
    Step.PLACE_KEPT: (),
}
"""The steps that the flows decide on, and what of their detail."""
_OF_THE_CALL = re.compile(r"(outage-[a-z-]+)-\d+-\d+-\d{4}|(?<=outage-call-registered)-\d+")
"""Names by an outage's version and the day, or by the number of the appeal that the call made."""
_WAIT = re.compile(r"wait-(\d+|long)")


async def replay(was: Recorded, words: Words, zone: ZoneInfo, built: Path | None = None) -> Played:
    """Hold the conversation again with the same caller; `built` is the file of a city (`town.build`)."""
    return await play(was.scene, RecordedCaller(was.steps), Transcript(words), zone, built)


def otherwise(was: Recorded, now: Played) -> Sequence[str]:
    """Tell step by step where the replay differs: `-` before what was, `+` before what is now."""
    changes = difflib.unified_diff(_told(was.steps, was.anew), _told(now.journey, {}), lineterm="", n=1)
    return [line for line in changes if not line.startswith(("---", "+++", "@@"))]


def _told(steps: Sequence[JourneyStep], anew: Mapping[str, str]) -> Sequence[str]:
    lines = []
    for one in steps:
        if one.step in COMPARED:
            detail = [str(one.detail[name]) for name in COMPARED[one.step] if name in one.detail]
            lines.append(" ".join([one.step, *(_renamed(text, anew) for text in detail)]))
    return lines


def _renamed(text: str, anew: Mapping[str, str]) -> str:
    """Name things by the ids of the replay; how long a wait is expected depends on talks that are past."""
    names = (name for name in text.split() if not _WAIT.fullmatch(name))
    return " ".join(_OF_THE_CALL.sub(r"\1", _new_name(name, anew)) for name in names)


def _new_name(name: str, anew: Mapping[str, str]) -> str:
    for old, new in anew.items():
        if name == old or (old.endswith("-") and name.startswith(old)):
            return new + name.removeprefix(old)
    return name


def golden(was: Recorded, now: Played, title: str, zone: ZoneInfo) -> str:
    """Write the conversation as a file of golden ones."""
    return written_script(title, written_scene(was.scene, zone), now.lines)


def as_test(text: str, at: datetime) -> str:
    """Write it as a test that can be pasted beside those of the flows."""
    body = "\n".join(f"        {line}".rstrip() for line in text.replace("\\", "\\\\").splitlines())
    return (
        "from collections.abc import Awaitable, Callable\n\n\n"
        f"async def test_the_call_of_{at:%Y_%m_%d_at_%H_%M}_goes_so(\n"
        "    plays: Callable[[str], Awaitable[None]],\n) -> None:\n"
        f'    await plays(\n        """\n{body}\n        """\n    )\n'
    )
