"""Measures of a recorded talk: who spoke how long, when nobody did, when both did at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Protocol

WINDOW = 0.1
"""Seconds for which one level tells how loud a side was."""
LINE_NOISE = -50.0
"""dBFS; a line's own noise lies below, a whisper above."""
ABOVE_NOISE = 10.0
"""Decibels by which speech is louder than what a side sounds like in its quietest tenth."""
NOISIEST = -30.0
"""dBFS above which everything counts as speech: a side that speaks all the time has no quiet tenth."""
BREATH = 0.4
"""Seconds; a shorter pause belongs to what is being said."""
MARKED_SILENCE = 3.0
"""Seconds; a shorter silence is a moment of thought."""
MARKED_TALK_OVER = 0.5
"""Seconds; less is a word of assent."""
COLUMNS = 400
"""Columns of a waveform as it is drawn."""
LOUDEST = 100
"""The peak of a full-scale column."""


class Side(StrEnum):
    """The speaker in one of the two channels of a talk."""

    CALLER = "caller"
    DISPATCHER = "dispatcher"


class MarkKind(StrEnum):
    """Kinds of spans that are marked on a waveform."""

    SILENCE = "silence"
    """Nobody spoke."""
    TALK_OVER = "talk-over"
    """Both spoke at once."""
    PAUSED = "paused"
    """The dispatcher had paused the recording: what was said is not in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A span of a recording, in seconds from its beginning."""

    kind: MarkKind
    begins: float
    ends: float

    @property
    def seconds(self) -> float:
        return self.ends - self.begins


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkFigures:
    """What was measured in one recording. Without a second side those figures are None."""

    caller_seconds: float
    """How long the caller spoke; of a recording with both in one channel, how long anybody did."""
    dispatcher_seconds: float | None
    silence_seconds: float
    """How long nobody spoke, whether marked or not."""
    longest_silence: float
    talk_over_seconds: float | None
    """The sum of the marked spans in which both spoke."""
    marks: tuple[Mark, ...]
    """Silences and talk-over that are long enough to be marked, in the order of their beginnings."""
    peaks: Sequence[Sequence[int]]
    """The loudest moment of each column, from 0 to LOUDEST, a list for each channel."""


class ResumedBy(StrEnum):
    """What ended a pause of a recording."""

    DISPATCHER = "dispatcher"
    TIME = "time"


class PausableRecordings(Protocol):
    """The exchange, as a desk pauses the recording of its talk. Raises TelephonyError while it is away."""

    async def pause_recording(self, dispatcher_id: int) -> None:
        """Pause it; raises NotRecorded without a talk that is."""
        ...

    async def resume_recording(self, dispatcher_id: int) -> None:
        """Go on; raises NotRecorded without a talk."""
        ...


class Figures(Protocol):
    """What was measured in recordings, once their masters were made."""

    async def of(self, recording_ids: Collection[str]) -> Mapping[str, TalkFigures]:
        """Give the figures by recording; one whose master is not made yet, or that is older, has none."""
        ...


def measured(
    levels: Sequence[Sequence[float]], peaks: Sequence[Sequence[int]], paused: Sequence[Mark] = ()
) -> TalkFigures:
    """Measure a talk by the level (dBFS) of each window of each channel, the caller's first.

    What was paused is no silence.
    """
    sides = [_speaking(side) for side in levels]
    silences = _spans(
        MarkKind.SILENCE,
        [
            not any(spoke) and not any(one.begins <= at * WINDOW < one.ends for one in paused)
            for at, spoke in enumerate(zip(*sides, strict=True))
        ],
    )
    both = _spans(MarkKind.TALK_OVER, [all(moment) for moment in zip(*sides, strict=True)])
    marked = [one for one in silences if one.seconds >= MARKED_SILENCE]
    two = len(sides) > 1
    over = [one for one in both if one.seconds >= MARKED_TALK_OVER] if two else []
    return TalkFigures(
        caller_seconds=_seconds(sides[0]),
        dispatcher_seconds=_seconds(sides[1]) if two else None,
        silence_seconds=round(sum(one.seconds for one in silences), 1),
        longest_silence=round(max((one.seconds for one in silences), default=0.0), 1),
        talk_over_seconds=round(sum(one.seconds for one in over), 1) if two else None,
        marks=tuple(sorted([*marked, *over, *paused], key=lambda one: one.begins)),
        peaks=peaks,
    )


def _speaking(levels: Sequence[float]) -> list[bool]:
    """Tell for each window whether this side speaks; a breath between words is part of speaking."""
    quiet = sorted(levels)[len(levels) // 10] if levels else LINE_NOISE
    threshold = min(max(LINE_NOISE, quiet + ABOVE_NOISE), NOISIEST)
    spoke = [level > threshold for level in levels]
    breath, at = round(BREATH / WINDOW), 0
    for speaks, group in groupby(list(spoke)):
        length = len(list(group))
        if not speaks and length < breath and at > 0 and at + length < len(spoke):
            spoke[at : at + length] = [True] * length
        at += length
    return spoke


def _spans(kind: MarkKind, moments: Sequence[bool]) -> list[Mark]:
    found, at = [], 0
    for holds, group in groupby(moments):
        length = len(list(group))
        if holds:
            found.append(Mark(kind=kind, begins=_at(at), ends=_at(at + length)))
        at += length
    return found


def _seconds(moments: Sequence[bool]) -> float:
    return _at(sum(moments))


def _at(windows: int) -> float:
    return round(windows * WINDOW, 1)
