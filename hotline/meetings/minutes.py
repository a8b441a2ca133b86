"""Minutes of a meeting: who was there, what was said and decided; signed by the secretary and by the head."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Protocol

import msgspec

from hotline.meetings.meeting_states import AnswerState, MinutesState
from hotline.meetings.meetings import Meeting
from hotline.tasks.task import NewTask

LONGEST_SAID = 8000
LONGEST_DECISION = 1000
LONGEST_REASON = 300
MOST_DECISIONS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision: what is to be done, who does it, and by which day.

    `key` is its own within the meeting and goes on from version to version, so that a correction makes no
    second task of it. `party` is who does it, `user:7` or `executor:3`, and `who` how the minutes name them.
    """

    key: int
    text: str
    party: str = ""
    who: str = ""
    due_on: date | None = None

    @property
    def whole(self) -> bool:
        return bool(self.text and self.party and self.due_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutedPoint:
    """A point of the agenda as it was talked about."""

    text: str
    speaker: str = ""
    said: str = ""
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesContent:
    """The content of minutes. `present` are ids of invitees, `others` names of further people."""

    present: tuple[int, ...] = ()
    others: str = ""
    points: tuple[MinutedPoint, ...] = ()

    @property
    def decisions(self) -> Sequence[Decision]:
        return [decision for point in self.points for decision in point.decisions]

    def text(self) -> str:
        """Write it as it is kept."""
        return msgspec.json.encode(self).decode()

    @property
    def digest(self) -> str:
        """Give the digest of the kept text (SHA-256, hexadecimal)."""
        return sha256(self.text().encode()).hexdigest()


def read_content(text: str) -> MinutesContent:
    """Read what was kept."""
    return msgspec.json.decode(text, type=MinutesContent)


def begun(meeting: Meeting) -> MinutesContent:
    """Begin the minutes with the agenda, and with those who said that they come."""
    return MinutesContent(
        present=tuple(one.id for one in meeting.invited if one.answer is AnswerState.COMES),
        points=tuple(MinutedPoint(text=one.text, speaker=one.speaker) for one in meeting.agenda),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """One version of the minutes. `edition` counts how often it was saved."""

    id: int
    meeting_id: int
    version: int
    state: MinutesState
    edition: int
    content: MinutesContent
    reason: str
    """What a later version corrects."""
    returned: str
    """Why the head gave it back; empty once it is presented anew."""
    saved_at: datetime
    saved_by: int
    presented_at: datetime | None = None
    presented_by: int | None = None
    signed_at: datetime | None = None
    signed_by: int | None = None
    digest: str = ""
    """Of its text, as the head signed it."""

    @property
    def whole(self) -> bool:
        """Tell whether a signed text is still what was signed."""
        return self.state is not MinutesState.SIGNED or self.content.digest == self.digest


class MeetingMinutes(Protocol):
    """The minutes of meetings. Acts raise NotFound, and ForbiddenTransition in another state."""

    async def versions(self, meeting_id: int) -> Sequence[Minutes]:
        """List all versions, the latest first."""
        ...

    async def save(
        self, meeting_id: int, content: MinutesContent, *, seen: int, by: int, at: datetime
    ) -> Minutes:
        """Keep the draft, the first of which `seen` is 0.

        Raises Outdated when another has saved it since the edition that was `seen`.
        """
        ...

    async def present(self, minutes_id: int, seen: int, by: int, at: datetime) -> Minutes:
        """Sign it as the secretary; raises Outdated for an edition that is not the last."""
        ...

    async def give_back(self, minutes_id: int, why: str) -> Minutes:
        """Give it back to the secretary, whose signature is void."""
        ...

    async def sign(
        self, minutes_id: int, seen: int, by: int, at: datetime, tasks: Sequence[NewTask] = ()
    ) -> Minutes:
        """Sign it as the head, who is another than the secretary: the meeting counts as held.

        The tasks of its decisions are given with the signature.
        """
        ...

    async def correct(self, meeting_id: int, reason: str, by: int, at: datetime) -> Minutes:
        """Open another version beside the signed one, with what that says."""
        ...

    async def open(self) -> Sequence[Minutes]:
        """List versions that are not signed yet, without regard to whose turn it is."""
        ...
