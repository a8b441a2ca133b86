"""Meetings (regulation 4.5), and our part in others' (4.7): when, where, about what, and who is invited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from hotline.city.search_terms import Terms
from hotline.errors import HotlineError
from hotline.meetings.meeting_states import AnswerEvent, AnswerState, MeetingState

LONGEST_TOPIC = 200
LONGEST_LINE = 300
"""Characters of a place, an organiser, a point of the agenda, a name."""
LONGEST_WORDS = 1000
MOST_POINTS = 40
MOST_INVITEES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaPoint:
    """A point of the agenda, and who speaks on it; the speaker may be empty."""

    text: str
    speaker: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInvitee:
    """Somebody to be invited: a user, or a person with a mail address or a telephone in E.164.

    A user's addresses are read from their account whenever they are told something.
    """

    name: str
    user_id: int | None = None
    email: str = ""
    number: str = ""

    @property
    def key(self) -> tuple[int | None, str, str, str]:
        """Give what makes two entries the same person."""
        return (self.user_id, "", "", "") if self.user_id else (None, self.name, self.email, self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitee(NewInvitee):
    """An invitee with their answer. `gone`: their account has been closed."""

    id: int
    answer: AnswerState = AnswerState.ASKED
    answered_at: datetime | None = None
    said: str = ""
    """Who comes instead, or why they do not come."""
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMeeting:
    """A meeting as its form has it. `host` names who holds it where that is not us (regulation 4.7)."""

    topic: str
    begins_at: datetime
    minutes_long: int
    place: str
    """A room, or the address of a talk by video."""
    host: str = ""
    agenda: tuple[AgendaPoint, ...] = ()
    secretary: int
    invitees: tuple[NewInvitee, ...] = ()
    once: str = ""
    """Names the filled-in form: a form that is sent twice is one. Empty: nothing can be known of that."""

    @property
    def ends_at(self) -> datetime:
        return self.begins_at + timedelta(minutes=self.minutes_long)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting(NewMeeting):
    """A meeting as it stands. `edition` counts its changes, `round` the times and places it had."""

    id: int
    state: MeetingState
    edition: int
    round: int
    caller: int
    """The user who called it."""
    invitees: tuple[Invitee, ...] = ()
    """All who ever were invited, in the order in which they were entered."""
    why: str = ""
    """The reason for which it was called off."""

    @property
    def invited(self) -> Sequence[Invitee]:
        """Give those who are invited still."""
        return [one for one in self.invitees if one.answer is not AnswerState.STRUCK]

    def invitee_of(self, user_id: int) -> Invitee | None:
        """Find the user among those who are invited."""
        return next((one for one in self.invited if one.user_id == user_id), None)

    def concerns(self, user_id: int) -> bool:
        """Tell whether the user takes part: called it, writes its minutes, or is invited to it."""
        invited = self.state is not MeetingState.DRAFT and self.invitee_of(user_id) is not None
        return invited or user_id in {self.caller, self.secretary}

    def moved_from(self, new: NewMeeting) -> bool:
        """Tell whether `new` is at another time or place, so that answers do not hold for it."""
        return (self.begins_at, self.place) != (new.begins_at, new.place)

    def open_for_answers(self, now: datetime) -> bool:
        return self.state is MeetingState.CALLED and now < self.begins_at


class MovedMeanwhile(HotlineError):  # noqa: N818 - reads as what happened
    """The meeting was moved after the page was opened: look at its new time, then answer."""

    code = "meeting-moved"


class Meetings(Protocol):
    """The meetings. Acts raise NotFound, and ForbiddenTransition in another state."""

    async def draft(self, new: NewMeeting, by: int, at: datetime) -> Meeting:
        """Keep it as a draft; under one `once` there is one, which a second gets."""
        ...

    async def change(self, meeting_id: int, new: NewMeeting, seen: int, at: datetime) -> Meeting:
        """Write it anew; raises Outdated when it is no longer the edition that was `seen`.

        Of a meeting that is called, those who are invited besides, or no longer, are told; and all of them
        where it is moved, whose answers then hold no more.
        """
        ...

    async def call(self, meeting_id: int, at: datetime) -> Meeting:
        """Invite them all."""
        ...

    async def call_off(self, meeting_id: int, at: datetime, why: str) -> Meeting:
        """Call it off, and tell those who were invited."""
        ...

    async def answer(
        self, invitee_id: int, event: AnswerEvent, at: datetime, *, round_seen: int, said: str = ""
    ) -> Meeting:
        """Keep an invitee's answer; the last one counts.

        Raises MovedMeanwhile, and ForbiddenTransition once it has begun or they are invited no longer.
        """
        ...

    async def get(self, meeting_id: int) -> Meeting: ...

    async def of_invitee(self, invitee_id: int) -> Meeting:
        """Find the meeting to which the link of this invitee leads."""
        ...

    async def list(self, user_id: int | None, *, limit: int, skipped: int = 0) -> Sequence[Meeting]:
        """List meetings, the latest first: all, or those that concern this user."""
        ...

    async def find(self, user_id: int | None, terms: Terms, limit: int) -> Sequence[Meeting]:
        """Find by words of topic, place, organiser or agenda, the latest first: all, or the user's."""
        ...

    async def unfinished(self) -> Sequence[Meeting]:
        """List those that are called and not held, the earliest first."""
        ...
