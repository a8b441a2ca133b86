"""The scene of a conversation: its people, its moment, and facts of the city; written as text.

One line a fact, `name: value`; usual facts are left out. The same names are the options of `hotline talk`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar
from zoneinfo import ZoneInfo

from hotline.appeals.appeal import Appeal, AppealState, ResultKind
from hotline.calls.conversation import TalkEnd
from hotline.city.addresses import Area, Gazetteer
from hotline.city.area_notation import areas_text, read_areas
from hotline.city.classifier import Utility, classifier
from hotline.contact.numbers import e164
from hotline.errors import HotlineError
from hotline.outages.outage import NewOutage, OutageKind
from hotline.outages.telling import OutageChange
from hotline.voice.speech import Language

MOMENT = "%Y-%m-%d %H:%M"
HIDDEN = "hidden"
HEAD_PHONE = "+380671110000"
"""The number of the head's own telephone, from which the message to the whole city is switched."""
NOTHING = "-"
PARTS, AREAS = "; ", " | "
Value = TypeVar("Value")


class NoScene(HotlineError):  # noqa: N818 - reads as what is the matter
    """A fact cannot be read, or nothing in the city fits it; `text` is one of the sentences below."""

    code: ClassVar[str] = "no-scene"


UNREAD = "%(name)s: «%(typed)s» cannot be read, expected is: %(expected)s"
NO_SUCH_FACT = "%(name)s: there is no such fact; there are: %(all)s"
NO_MOMENT = "at: it is not told when the conversation begins, such as 2026-12-01 12:00"
NO_TITLE = "The first line has to say what the conversation shows: # …"
NO_CONVERSATION = "conversation: there is no «%(name)s»; there are: %(all)s"
NO_ADDRESS = "known: the register of streets has no «%(typed)s»"
NO_APPEAL = "about: this city has no appeal «%(number)s»"
NO_APPEAL_FITS = "about: no appeal of this city can be what such a call is about"
NO_OUTAGE = "about: this city has no outage that such a call could be about"
HIDDEN_NUMBER = "number: nobody whose number is hidden can be called"


class Town(StrEnum):
    """Which city: with the demo's people, appeals and outages, or with its streets alone."""

    DEMO = "demo"
    EMPTY = "empty"


class Contacts(StrEnum):
    """The behaviour of duty contacts who are rung for an emergency that finds nobody on duty."""

    NONE = "none"
    SILENT = "silent"
    COME = "come"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Generic[Value]):
    """How one fact is read from text and written; reading raises NoScene or ValueError."""

    read: Callable[[str, ZoneInfo], Value]
    write: Callable[[Value, ZoneInfo], str]
    expected: str
    """A sample of a value."""
    many: bool = False
    """Whether there may be several lines of it."""


def _choice(kind: type[StrEnum]) -> Fact[Any]:
    return Fact(
        read=lambda text, _: kind(text),
        write=lambda value, _: str(value),
        expected=" | ".join(one.value for one in kind),
    )


def _count(least: int, most: int) -> Fact[int]:
    def read(text: str, _: ZoneInfo) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise ValueError(text)
        return int(text)

    return Fact(read=read, write=lambda value, _: str(value), expected=f"{least}–{most}")


def _text(text: str, _: ZoneInfo) -> str:
    return text


def _number(text: str, _: ZoneInfo) -> str:
    if text in {HIDDEN, ""}:
        return text
    number = e164(text)
    if number is None:
        raise ValueError(text)
    return number


def _moment(text: str, zone: ZoneInfo) -> datetime:
    return datetime.strptime(text.replace("T", " ")[: len("2026-12-01 12:00")], MOMENT).replace(tzinfo=zone)


def _moment_text(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime(MOMENT)


def _ends(text: str, _: ZoneInfo) -> tuple[TalkEnd, ...]:
    return tuple(TalkEnd(one.strip()) for one in text.split(","))


def _yes(text: str, _: ZoneInfo) -> bool:
    return {"yes": True, "no": False}[text]


_TEXT = Fact(read=_text, write=_text, expected="…")
FACTS: Mapping[str, Fact[Any]] = {
    "conversation": _TEXT,
    "town": _choice(Town),
    "number": Fact(read=_number, write=_text, expected="+380457900001 | hidden"),
    "at": Fact(read=_moment, write=_moment_text, expected="2026-12-01 12:00"),
    "lang": _choice(Language),
    "dispatchers": _count(0, 20),
    "ahead": _count(0, 50),
    "busy": _count(0, 100),
    "talks": Fact(
        read=_ends,
        write=lambda ends, _: ", ".join(ends),
        expected=", ".join(one.value for one in TalkEnd),
    ),
    "contacts": _choice(Contacts),
    "again": Fact(read=_yes, write=lambda value, _: "yes" if value else "no", expected="yes | no"),
    "refused": Fact(read=_yes, write=lambda value, _: "yes" if value else "no", expected="yes | no"),
    "hears": Fact(read=_yes, write=lambda value, _: "yes" if value else "no", expected="yes | no"),
    "message": _TEXT,
    "order": _TEXT,
    "article": Fact(read=_text, write=_text, expected="Де укриття? | У підвалі школи.", many=True),
    "power": Fact(read=_text, write=_text, expected="4.1; Київський квартал, 7; 18:00–20:00", many=True),
    "known": Fact(read=_text, write=_text, expected="Київський квартал, 7", many=True),
    "outage": Fact(
        read=_text,
        write=_text,
        expected="water; emergency; 2026-12-01 10:00; 2026-12-01 16:00; Київський квартал, 1–15; …",
        many=True,
    ),
    "appeal": Fact(
        read=_text,
        write=_text,
        expected="1001; in-work; street-light; +380457900001; 2026-11-20 10:00; 2026-12-15; КП «УЖКГ»",
        many=True,
    ),
    "chat": _TEXT,
    "links": Fact(read=_yes, write=lambda value, _: "yes" if value else "no", expected="yes | no"),
    "about": _TEXT,
    "change": _choice(OutageChange),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The facts; what is left out is as usual. `at` is aware."""

    conversation: str = "incoming"
    town: Town = Town.DEMO
    number: str = ""
    """The other side, in E.164, or HIDDEN; empty: the usual one of the conversation."""
    at: datetime
    lang: Language = Language.UKRAINIAN
    dispatchers: int = 1
    """How many are on duty."""
    ahead: int = 0
    """How many stand in the line before them."""
    busy: int = 0
    """How many announcements in the line nobody is free for, before the first in it is served."""
    talks: tuple[TalkEnd, ...] = ()
    """How talks end, one after the other; then each is over."""
    contacts: Contacts = Contacts.NONE
    again: bool = False
    """They have called lately, and know the menu."""
    refused: bool = False
    """They have refused to be recorded before."""
    hears: bool = False
    """An ear listens: what is typed as words is heard."""
    message: str = ""
    """The message to the whole city that is switched on."""
    order: str = ""
    """The text of an order that every caller is told."""
    article: tuple[str, ...] = ()
    """Articles that callers are told, each a question and its answer."""
    power: tuple[str, ...] = ()
    """Queues of power, each with its houses and the times of today without any."""
    known: tuple[str, ...] = ()
    """Addresses that are known of the number, besides those of the demo."""
    outage: tuple[str, ...] = ()
    """Outages that hold, besides those of the demo (`outage_of`)."""
    appeal: tuple[str, ...] = ()
    """Appeals, besides those of the demo (`appeal_of`)."""
    chat: str = ""
    """The caller's words in a chat a moment ago, with ` | ` between."""
    links: bool = False
    """The city sends links by which a call goes on in a chat."""
    about: str = ""
    """The matter of a call of our own: an appeal's number, an outage's id, a text."""
    change: OutageChange = OutageChange.OVER
    """The change of the outage that the call is about."""

    @property
    def caller(self) -> str | None:
        return None if self.number in {HIDDEN, ""} else self.number


_USUAL = {one.name: one.default for one in fields(Scene)}


def read_fact(name: str, text: str, zone: ZoneInfo) -> Any:
    """Read one fact; raises NoScene."""
    fact = FACTS.get(name)
    if fact is None:
        raise NoScene(NO_SUCH_FACT, name=name, all=", ".join(FACTS))
    try:
        return fact.read(text.strip(), zone)
    except (ValueError, KeyError) as error:
        raise NoScene(UNREAD, name=name, typed=text.strip(), expected=fact.expected) from error


def read_scene(lines: Sequence[str], zone: ZoneInfo) -> Scene:
    """Read all facts; raises NoScene."""
    found: dict[str, Any] = {}
    for line in lines:
        name, _, text = line.partition(":")
        value = read_fact(name.strip(), text, zone)
        if FACTS[name.strip()].many:
            value = (*found.get(name.strip(), ()), value)
        found[name.strip()] = value
    if "at" not in found:
        raise NoScene(NO_MOMENT)
    return Scene(**found)


def written_scene(scene: Scene, zone: ZoneInfo) -> Sequence[str]:
    """Write the facts that are not as usual, in their order."""
    lines = []
    for name, fact in FACTS.items():
        value = getattr(scene, name)
        if name != "conversation" and value == _USUAL[name]:
            continue
        lines += [f"{name}: {fact.write(one, zone)}" for one in (value if fact.many else (value,))]
    return lines


def outage_of(text: str, zone: ZoneInfo, gazetteer: Gazetteer) -> NewOutage:
    """Read `utility; kind; since; until or -; areas; reason`, areas with ` | ` between. Raises NoScene."""
    try:
        utility, kind, since, until, where, *reason = text.split(PARTS.strip(), 5)
        areas = _areas(where, gazetteer)
        return NewOutage(
            utility=Utility(utility.strip()),
            kind=OutageKind(kind.strip()),
            starts_at=_moment(since.strip(), zone),
            expected_end=None if until.strip() == NOTHING else _moment(until.strip(), zone),
            areas=areas,
            reason="".join(reason).strip(),
        )
    except ValueError as error:
        raise _unread("outage", text) from error


def _areas(text: str, gazetteer: Gazetteer) -> tuple[Area, ...]:
    """Read areas; the whole city is none. Raises ValueError."""
    typed = read_areas(text.replace(AREAS.strip(), "\n"), gazetteer)
    if typed.fault is not None or not (typed.areas or typed.city_wide):
        raise ValueError(text)
    return typed.areas


def outage_text(outage: NewOutage, zone: ZoneInfo) -> str:
    """Write an outage as `outage_of` reads it."""
    until = NOTHING if outage.expected_end is None else _moment_text(outage.expected_end, zone)
    where = areas_text(outage.areas).replace("\n", AREAS) or "усе місто"
    parts = [outage.utility, outage.kind, _moment_text(outage.starts_at, zone), until, where]
    return PARTS.join([*parts, *([outage.reason] if outage.reason else [])])


def appeal_of(text: str, zone: ZoneInfo, *, executor_id: int | None = None) -> Appeal:
    """Read `number; state; category; applicant's number or -; registered; due; executor; result; answer`.

    Parts left out at the end, or `-`, are none. Raises NoScene.
    """
    try:
        number, state, category, whose, registered, due, *rest = _parts_of_appeal(text)
        result, answer = (*rest[1:], "", "")[:2]
        at, known = _moment(registered, zone), classifier().categories
        return Appeal(
            number=number,
            applicant_number=_number(whose, zone) or None,
            text=known[category].uk if category else number,
            state=AppealState(state),
            registered_at=at,
            due_on=datetime.strptime(due, "%Y-%m-%d").replace(tzinfo=zone).date(),
            category=category,
            classifier=classifier().version,
            state_since=at,
            executor_id=executor_id,
            result=ResultKind(result) if result else None,
            answer=answer,
        )
    except (ValueError, KeyError) as error:
        raise _unread("appeal", text) from error


def executor_of(text: str) -> str:
    """Read the name of the enterprise that has an appeal; empty: nobody has it."""
    return (*_parts_of_appeal(text)[6:7], "")[0]


def _parts_of_appeal(text: str) -> Sequence[str]:
    return ["" if one.strip() == NOTHING else one.strip() for one in text.split(PARTS.strip(), 8)]


def appeal_text(appeal: Appeal, zone: ZoneInfo, *, whose: str, executor: str) -> str:
    """Write an appeal as `appeal_of` reads it; nothing of the person, and of the place, is in it."""
    parts = [appeal.number, appeal.state, appeal.category, whose]
    parts += [_moment_text(appeal.registered_at, zone), appeal.due_on.isoformat()]
    parts += [executor.replace(";", ","), appeal.result or "", " ".join(appeal.answer.split())]
    while not parts[-1]:
        parts.pop()
    return PARTS.join(one or NOTHING for one in parts)


def _unread(name: str, text: str) -> NoScene:
    return NoScene(UNREAD, name=name, typed=text, expected=FACTS[name].expected)


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A conversation as a file keeps it: what it shows, the scene, and every line that was said and done."""

    title: str
    scene: Scene
    lines: Sequence[str] = field(default=())
    facts: Sequence[str] = field(default=())
    """The scene as it was written."""


def read_script(text: str, zone: ZoneInfo) -> Script:
    """Read a file: `# title`, the facts, an empty line, the conversation. Raises NoScene."""
    head, _, body = text.strip().partition("\n\n")
    first, *facts = head.splitlines()
    if not first.startswith("#"):
        raise NoScene(NO_TITLE)
    lines = [line for line in body.splitlines() if line.strip()]
    return Script(title=first.lstrip("# "), scene=read_scene(facts, zone), lines=lines, facts=facts)


def written_script(title: str, facts: Sequence[str], lines: Sequence[str]) -> str:
    """Write a file that `read_script` reads."""
    return "\n".join([f"# {title}", *facts, "", *lines]) + "\n"
