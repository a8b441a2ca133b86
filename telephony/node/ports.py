"""Ports and settings of the exchange: the registers it reads and writes, and how it behaves."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from hotline.calls.call import CallLog, CallRecord
from hotline.calls.interpreters import Interpreters
from hotline.clock import Clock
from hotline.dialling.calling_out import CalledBack
from hotline.dialling.dialler import Lines
from hotline.dialling.dialling_rules import DiallingRules
from hotline.dialling.jobs import CallJobs, JobSource
from hotline.events import Events, Screens
from hotline.line.adoption import Adoptions
from hotline.line.invariants import Records
from hotline.line.kept_places import KeptPlaces
from hotline.line.line import Dispatchers, Line
from hotline.neighbours.line import NeighbourLine
from hotline.voice.speech import Voice
from telephony.calls.dead_air import WaitWords
from telephony.desks.endpoints import DeskPlan
from telephony.dialling.outgoing import Trunk
from telephony.line.ringing import Ringing
from telephony.node.cut_off_calls import Dialable, HungUp
from telephony.speech.talk_ears import TalkEars

LineOf = Callable[[Sequence[str]], NeighbourLine | None]


def ours_alone(dialled: Sequence[str]) -> NeighbourLine | None:
    """Find no other city: we answer our own number alone."""
    del dialled
    return None


def nobody_else(agreement: int) -> bool:
    """Answer for no other city."""
    del agreement
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class TelephonyPorts:
    """Ports that a call uses besides Asterisk."""

    calls: CallLog
    line: Line
    kept_places: KeptPlaces
    adoptions: Adoptions
    dispatchers: Dispatchers
    voice: Voice
    clock: Clock
    events: Events
    screens: Screens
    called_back: Callable[[CalledBack], Awaitable[None]]
    """Where it is written down how calling a missed call back went."""
    jobs: CallJobs
    """The calls that we owe."""
    sources: Sequence[JobSource[Any]]
    """What they are about."""
    records: Records
    elsewhere: Callable[[], Collection[str]]
    """The desks, by extension, whose telephone is in a call on another Asterisk node."""
    nodes: Callable[[], Collection[str]]
    """The other Asterisk nodes that serve their callers now."""
    ears: TalkEars
    refuses_recording: Callable[[str], Awaitable[bool]]
    """Whether somebody, by their number, has refused to be recorded when they were last asked."""
    hung_up: HungUp
    """Which of these calls were hung up, by Asterisk's own account."""
    end_lost: Callable[[CallRecord], Awaitable[None]]
    """Ends a call on record that went down with its Asterisk."""
    dialable: Dialable
    """The number as it is dialled; None where the hotline cannot call it by itself."""
    is_database_lost: Callable[[Exception], bool]
    """Whether an error says that the database went away in the middle of something: it can be done again."""
    line_of: LineOf = ours_alone
    """Whose line the first of these dialled numbers is that is another city's; None: it is ours."""
    answers_for: Callable[[int], bool] = nobody_else
    """Whether the agreement by which we answer for another city holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangePlan:
    """How the exchange behaves."""

    node: str
    """The name of this Asterisk, where there are several (`hotline.dialling.nodes`)."""
    ringing: Ringing
    lease_seconds: int
    wrap_up: timedelta
    recording_pause: timedelta
    """How long a dispatcher may have the recording of a talk paused."""
    recordings: Path
    messages: Path
    prompts: Path
    desks: DeskPlan
    trunk: Trunk
    interpreters: Interpreters
    lines: Lines
    dialling: DiallingRules
    media_url: str
    """Where Asterisk gives the sound of channels, up to the name of a connection."""
    wait_words: WaitWords
