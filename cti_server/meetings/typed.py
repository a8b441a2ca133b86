"""The form of a meeting: what was typed, read into a meeting, or what is wrong with it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, zip_longest
from zoneinfo import ZoneInfo

from cti_server.frame.language import N_
from cti_server.frame.moments import moment_typed, read_moment
from hotline.access.users import User
from hotline.contact.mail_addresses import mail_address
from hotline.contact.numbers import e164
from hotline.enterprises.executors import Executor
from hotline.meetings.meetings import (
    LONGEST_LINE,
    LONGEST_TOPIC,
    MOST_INVITEES,
    MOST_POINTS,
    AgendaPoint,
    Meeting,
    NewInvitee,
    NewMeeting,
)

USUAL_MINUTES = 60
LONGEST_MINUTES = 24 * 60
MORE_ROWS = 3
"""Empty rows behind those that are filled in."""
WITHOUT_TOPIC = N_("Say what the meeting is about.")
WITHOUT_MOMENT = N_("Say the day and the hour, such as 05.03.2026 10:00.")
IN_THE_PAST = N_("This moment has passed.")
WITHOUT_PLACE = N_("Say the room, or give the link.")
NO_SECRETARY = N_("Choose who writes the minutes.")
TOO_LONG = N_("This is too long.")
WRONG_LENGTH = N_("Give the length in minutes, a day at most.")
NO_ADDRESS = N_("This is neither an e-mail address nor a telephone: %(given)s")
NAMELESS = N_("Say whose address this is: %(given)s")
TOO_MANY = N_("These are too many rows.")
Contacts = Mapping[str, tuple[str, str]]
"""Mail and telephone by the name under which the form offers a contact of an enterprise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedMeeting:
    """The form as it was typed; points go with speakers, names with addresses, row by row."""

    topic: str = ""
    at: str = ""
    minutes_long: int = USUAL_MINUTES
    place: str = ""
    host: str = ""
    secretary: int = 0
    edition: int = 0
    key: str = ""
    points: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    @property
    def agenda(self) -> Sequence[tuple[str, str]]:
        return _rows(self.points, self.speakers)

    @property
    def others(self) -> Sequence[tuple[str, str]]:
        return _rows(self.names, self.addresses)


def as_typed(meeting: Meeting, zone: ZoneInfo) -> TypedMeeting:
    """Write a meeting as its form has it."""
    others = [one for one in meeting.invited if one.user_id is None]
    return TypedMeeting(
        topic=meeting.topic,
        at=moment_typed(meeting.begins_at, zone),
        minutes_long=meeting.minutes_long,
        place=meeting.place,
        host=meeting.host,
        secretary=meeting.secretary,
        edition=meeting.edition,
        points=tuple(one.text for one in meeting.agenda),
        speakers=tuple(one.speaker for one in meeting.agenda),
        users=tuple(str(one.user_id) for one in meeting.invited if one.user_id is not None),
        names=tuple(one.name for one in others),
        addresses=tuple(one.email or one.number for one in others),
    )


def contacts_of(executors: Sequence[Executor]) -> Contacts:
    """Give the people of enterprises, by «Enterprise: name»."""
    return {
        f"{executor.short}: {one.name}": (one.email or "", one.number or "")
        for executor in executors
        if executor.active
        for one in executor.contacts
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that reading the form takes besides what was typed; `stood` is the meeting before the change."""

    users: Mapping[int, User]
    secretaries: frozenset[int]
    contacts: Contacts
    zone: ZoneInfo
    now: datetime
    gettext: Callable[[str], str]
    stood: Meeting | None = None

    def meeting(self, typed: TypedMeeting) -> tuple[NewMeeting | None, Mapping[str, str]]:
        """Read it; with faults by field there is no meeting."""
        faults = dict(self._faults(typed))
        at = self._at(typed)
        invitees, wrong = self._invitees(typed)
        faults |= wrong
        if faults or at is None:
            return None, faults
        return NewMeeting(
            topic=_line(typed.topic),
            begins_at=at,
            minutes_long=typed.minutes_long,
            place=_line(typed.place),
            host=_line(typed.host),
            agenda=tuple(AgendaPoint(text=text, speaker=speaker) for text, speaker in typed.agenda if text),
            secretary=typed.secretary,
            invitees=tuple(invitees),
            once=typed.key[:40],
        ), {}

    def _at(self, typed: TypedMeeting) -> datetime | None:
        return read_moment(typed.at, self.zone, self.stood.begins_at if self.stood else None)

    def _faults(self, typed: TypedMeeting) -> Iterator[tuple[str, str]]:
        for name, fault in (
            ("topic", self._topic(typed.topic)),
            ("at", self._moment(typed)),
            ("minutes_long", "" if 0 < typed.minutes_long <= LONGEST_MINUTES else WRONG_LENGTH),
            ("place", _too_long(typed.place) if typed.place else WITHOUT_PLACE),
            ("host", _too_long(typed.host)),
            ("secretary", "" if self._may_write(typed.secretary) else NO_SECRETARY),
            ("agenda", TOO_MANY if len(typed.agenda) > MOST_POINTS else _too_long(*chain(*typed.agenda))),
        ):
            if fault:
                yield name, self.gettext(fault)

    def _topic(self, topic: str) -> str:
        if not topic:
            return WITHOUT_TOPIC
        return TOO_LONG if len(topic) > LONGEST_TOPIC else ""

    def _moment(self, typed: TypedMeeting) -> str:
        """Give its fault; a moment that has passed is taken for others' meetings, or where it stood."""
        at = self._at(typed)
        if at is None:
            return WITHOUT_MOMENT
        stood = self.stood is not None and self.stood.begins_at == at
        return IN_THE_PAST if at <= self.now and not typed.host and not stood else ""

    def _may_write(self, secretary: int) -> bool:
        return secretary in self.secretaries or (self.stood is not None and self.stood.secretary == secretary)

    def _invitees(self, typed: TypedMeeting) -> tuple[Sequence[NewInvitee], Mapping[str, str]]:
        found = [
            NewInvitee(name=self.users[int(one)].name, user_id=int(one))
            for one in typed.users
            if one.isascii() and one.isdigit() and int(one) in self.users
        ]
        for name, address in typed.others:
            email, number = ("", "") if address else self.contacts.get(name, ("", ""))
            mail = mail_address(address) if "@" in address else None
            telephone = None if mail or not address else e164(address)
            if not name:
                return found, {"others": self.gettext(NAMELESS) % {"given": address}}
            if address and not mail and not telephone:
                return found, {"others": self.gettext(NO_ADDRESS) % {"given": address}}
            if len(name) > LONGEST_LINE:
                return found, {"others": self.gettext(TOO_LONG)}
            found.append(NewInvitee(name=name, email=mail or email, number=telephone or number))
        if len(found) > MOST_INVITEES:
            return found, {"others": self.gettext(TOO_MANY)}
        return found, {}


def _too_long(*texts: str) -> str:
    return TOO_LONG if any(len(one) > LONGEST_LINE for one in texts) else ""


def _rows(first: Sequence[str], second: Sequence[str]) -> Sequence[tuple[str, str]]:
    """Pair two columns of the form; rows in which nothing stands are left out."""
    rows = [(_line(one), _line(other)) for one, other in zip_longest(first, second, fillvalue="")]
    return [row for row in rows if any(row)]


def _line(text: str) -> str:
    return " ".join(text.split())
