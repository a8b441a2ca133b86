"""Bodies of power, services and institutions with their people, as a document of the city."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from hotline.contact.mail_addresses import mail_address
from hotline.contact.numbers import e164
from hotline.directory.hours import Hours, hours_of
from hotline.documents.document import DocumentKind
from hotline.documents.faults import Flaw
from hotline.documents.in_force import InForce
from hotline.documents.named import Named
from hotline.documents.reading import Fields, document_of, note_doubled

LONGEST_NAME = 200
_SHORT_NUMBER = re.compile(r"[1-9]\d{2,3}")
"""A number of three or four digits that is dialled as it stands: 101, 1545."""
_WRITTEN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_DASH = re.compile(r"\s*[–—]\s*|\s+-\s+|(?<=\.\d{4})-")


class BodyKind(StrEnum):
    """The groups of the directory, in the order in which they are shown."""

    COUNCIL = "council"
    """The council, its executive committee and their departments."""
    STATE = "state"
    """Services of the state: administrative services, pensions, taxes, employment."""
    EMERGENCY = "emergency"
    """Fire brigade, police, ambulance."""
    HEALTH = "health"
    EDUCATION = "education"
    """Schools, kindergartens, culture, sport."""
    ENTERPRISE = "enterprise"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Days:
    """Days in a row, both included; `until` None: nobody knows yet."""

    since: date
    until: date | None

    def hold(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body(Named):
    """One body. Numbers are in E.164, or short ones as they are dialled."""

    code: str
    kind: BodyKind
    enterprise: str = ""
    """The short name by which the register of enterprises has it: both are one entry."""
    numbers: tuple[str, ...] = ()
    inner: tuple[str, ...] = ()
    """Numbers for the hotline alone: residents are never shown them."""
    email: str = ""
    site: str = ""
    address: str = ""
    hours: Hours | None = None
    closed: tuple[Days, ...] = ()
    """Days on which it does not work besides the city's holidays."""
    topics: tuple[str, ...] = ()
    """What people turn to it for."""
    public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """A person at a body; `away` are days on which `stands_in` has their work, where somebody is named."""

    name: str
    body: str
    """The code of the body."""
    post_uk: str
    post_en: str = ""
    numbers: tuple[str, ...] = ()
    inner: tuple[str, ...] = ()
    email: str = ""
    room: str = ""
    reception: str = ""
    """When residents are received, in the city's words."""
    away: Days | None = None
    stands_in: str = ""
    """The name of another official; empty: nobody is named."""
    public: bool = False

    def post(self, language: str) -> str:
        return self.post_en if language == "en" and self.post_en else self.post_uk

    def is_away(self, day: date) -> bool:
        return self.away is not None and self.away.hold(day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bodies:
    """Bodies by code and officials by name, each in the order of the document."""

    bodies: Mapping[str, Body]
    officials: Mapping[str, Official]

    def of(self, code: str) -> Sequence[Official]:
        """List the people of a body."""
        return [one for one in self.officials.values() if one.body == code]

    def who_acts(self, official: Official, day: date) -> Official | None:
        """Find who has the work of the official that day, over all who are away too; None: nobody."""
        seen: set[str] = set()
        acts: Official | None = official
        while acts is not None and acts.is_away(day):
            seen.add(acts.name)
            named = acts.stands_in
            acts = None if named in seen else self.officials.get(named)
        return acts


def read_bodies(text: str, _version: int) -> Bodies:
    """Read a version; raises DocumentFaults."""
    document = document_of(text)
    bodies = [(row, _body(row)) for row in document.rows("body", needed=False)]
    note_doubled(((row, one.code) for row, one in bodies), "code")
    note_doubled(((row, one.uk) for row, one in bodies), "uk")
    note_doubled(((row, one.enterprise) for row, one in bodies), "enterprise")
    officials = [(row, _official(row)) for row in document.rows("official", needed=False)]
    note_doubled(((row, one.name) for row, one in officials), "name")
    made = Bodies(
        bodies={one.code: one for _, one in bodies}, officials={one.name: one for _, one in officials}
    )
    for row, one in officials:
        _hold_together(row, one, made)
    document.end()
    return made


BODIES = InForce(DocumentKind.DIRECTORY, read_bodies)


def bodies_in_force() -> Bodies:
    """Give those in force."""
    return BODIES.get()


def shown_to_residents(all_of_them: Bodies) -> Bodies:
    """Keep what is chosen for residents, without the numbers that are for the hotline alone."""
    bodies = {code: replace(one, inner=()) for code, one in all_of_them.bodies.items() if one.public}
    return Bodies(
        bodies=bodies,
        officials={
            name: replace(one, inner=())
            for name, one in all_of_them.officials.items()
            if one.public and one.body in bodies
        },
    )


def _hold_together(row: Fields, one: Official, all_of_them: Bodies) -> None:
    if one.body and one.body not in all_of_them.bodies:
        row.note(Flaw.UNKNOWN_BODY, "body", value=one.body)
    if one.stands_in and (one.stands_in == one.name or one.stands_in not in all_of_them.officials):
        row.note(Flaw.UNKNOWN_OFFICIAL, "stands_in", value=one.stands_in)


def _body(row: Fields) -> Body:
    return Body(
        code=row.code(),
        uk=row.text("uk", longest=LONGEST_NAME),
        en=row.text("en", longest=LONGEST_NAME),
        kind=row.choice("kind", BodyKind),
        enterprise=row.text("enterprise", needed=False),
        numbers=_numbers(row, "numbers"),
        inner=_numbers(row, "inner"),
        email=_email(row),
        site=_site(row),
        address=row.text("address", needed=False),
        hours=_hours(row),
        closed=tuple(_closed(row)),
        topics=tuple(row.texts("topics", needed=False)),
        public=row.yes("public", otherwise=False),
    )


def _official(row: Fields) -> Official:
    name = row.text("name", longest=LONGEST_NAME)
    row.known_as(name)
    return Official(
        name=name,
        body=row.text("body"),
        post_uk=row.text("post_uk"),
        post_en=row.text("post_en", needed=False),
        numbers=_numbers(row, "numbers"),
        inner=_numbers(row, "inner"),
        email=_email(row),
        room=row.text("room", needed=False),
        reception=row.text("reception", needed=False),
        away=_away(row),
        stands_in=row.text("stands_in", needed=False),
        public=row.yes("public", otherwise=False),
    )


def _numbers(row: Fields, field: str) -> tuple[str, ...]:
    read: list[str] = []
    for text in row.texts(field, needed=False):
        number = text if _SHORT_NUMBER.fullmatch(text) else e164(text)
        if number is None:
            row.note(Flaw.NO_TELEPHONE, field, value=text)
        elif number in read:
            row.note(Flaw.DOUBLED, field, value=text)
        else:
            read.append(number)
    return tuple(read)


def _email(row: Fields) -> str:
    text = row.text("email", needed=False)
    if text and mail_address(text) is None:
        row.note(Flaw.NO_MAIL_ADDRESS, "email", value=text)
    return text


def _site(row: Fields) -> str:
    text = row.text("site", needed=False)
    if text and not text.startswith(("https://", "http://")):
        row.note(Flaw.NO_SITE, "site", value=text)
    return text


def _hours(row: Fields) -> Hours | None:
    text = row.text("hours", needed=False)
    hours = hours_of(text) if text else None
    if text and hours is None:
        row.note(Flaw.NO_HOURS, "hours", value=text)
    return hours


def _closed(row: Fields) -> Iterator[Days]:
    """Read days such as 2026-12-24 or 24.12.2026, and runs of them with a long or spaced dash."""
    for text in row.texts("closed", needed=False):
        first, *others = _DASH.split(text)
        since = row.day_of("closed", _iso(first))
        until = row.day_of("closed", _iso(others[-1])) if others else since
        if since and until:
            if until < since or len(others) > 1:
                row.note(Flaw.ENDS_BEFORE, "closed")
            else:
                yield Days(since, until)


def _iso(text: str) -> str:
    found = _WRITTEN_DAY.fullmatch(text.strip())
    return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else text.strip()


def _away(row: Fields) -> Days | None:
    since, until = row.day("away_since", needed=False), row.day("away_until", needed=False)
    if since is None:
        if until is not None:
            row.note(Flaw.MISSING, "away_since")
        return None
    if until is not None and until < since:
        row.note(Flaw.ENDS_BEFORE, "away_until")
    return Days(since, until)
