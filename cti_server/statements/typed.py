"""A statement as typed: the form's fields, what is wrong with them, the content that they make."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cti_server.frame.language import N_
from cti_server.frame.moments import day_typed, moment_typed, read_day, read_moment
from hotline.statements.statements import (
    LONGEST_LINE,
    LONGEST_TEXT,
    LONGEST_TITLE,
    Statement,
    StatementContent,
    StatementText,
)

NEEDED = N_("Write this: a statement is made by an instruction.")
NEEDED_UK = N_("Write it in Ukrainian: without that there is no statement.")
NOT_WHOLE = N_("An English text needs its title, and the other way round.")
TOO_LONG = N_("That is too long.")
NO_DAY = N_("Write the day of the instruction as dd.mm.yyyy.")
DAY_AHEAD = N_("An instruction of a day to come is none yet.")
NO_MOMENT = N_("Write the moment as dd.mm.yyyy hh:mm.")
PAST = N_("This moment is over: give a later one, or none to publish it once it is approved.")
NO_CORRECTION = N_("Write for the readers what is corrected.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The fields of the form (`cti_server.frame.forms.read_form`)."""

    instructed_by: str = ""
    number: str = ""
    dated: str = ""
    title_uk: str = ""
    text_uk: str = ""
    title_en: str = ""
    text_en: str = ""
    publish_at: str = ""
    correction: str = ""
    version: int = 0


def typed_of(one: Statement, zone: ZoneInfo) -> Typed:
    """Fill the form with what is kept."""
    return Typed(
        instructed_by=one.instructed_by,
        number=one.number,
        dated=day_typed(one.dated),
        title_uk=one.uk.title,
        text_uk=one.uk.text,
        title_en=one.en.title,
        text_en=one.en.text,
        publish_at=moment_typed(one.publish_at, zone) if one.publish_at else "",
        correction=one.correction,
        version=one.version,
    )


def faults_of(
    typed: Typed, now: datetime, zone: ZoneInfo, *, corrects: bool, stood: datetime | None = None
) -> Mapping[str, str]:
    """Say what is wrong, by field, in the order of the page. A moment that `stood` there may be over."""
    dated = read_day(typed.dated)
    found = {
        "instructed_by": _line(typed.instructed_by),
        "number": _line(typed.number),
        "dated": _day(dated, now.astimezone(zone).date()),
        "title_uk": NEEDED_UK if not typed.title_uk else _long(typed.title_uk, LONGEST_TITLE),
        "text_uk": NEEDED_UK if not typed.text_uk.strip() else _long(typed.text_uk, LONGEST_TEXT),
        "title_en": _long(typed.title_en, LONGEST_TITLE),
        "text_en": _long(typed.text_en, LONGEST_TEXT),
    }
    if bool(typed.title_en) != bool(typed.text_en.strip()):
        found["text_en" if typed.title_en else "title_en"] = NOT_WHOLE
    if corrects:
        found["correction"] = _long(typed.correction, LONGEST_LINE) if typed.correction else NO_CORRECTION
    elif typed.publish_at:
        at = read_moment(typed.publish_at, zone, stood)
        found["publish_at"] = NO_MOMENT if at is None else PAST if at < now and at != stood else ""
    return {name: text for name, text in found.items() if text}


def content_typed(typed: Typed, zone: ZoneInfo, before: Statement | None = None) -> StatementContent:
    """Make the content of a form without faults."""
    dated = read_day(typed.dated)
    assert dated is not None  # noqa: S101 - `faults_of` has looked
    stood = before.publish_at if before else None
    return StatementContent(
        instructed_by=" ".join(typed.instructed_by.split()),
        number=" ".join(typed.number.split()),
        dated=dated,
        uk=StatementText(title=" ".join(typed.title_uk.split()), text=typed.text_uk),
        en=StatementText(title=" ".join(typed.title_en.split()), text=typed.text_en),
        publish_at=read_moment(typed.publish_at, zone, stood) if typed.publish_at else None,
        correction=" ".join(typed.correction.split()),
        picture=before.picture if before else None,
    )


def _line(text: str) -> str:
    return _long(text, LONGEST_LINE) if text.strip() else NEEDED


def _long(text: str, most: int) -> str:
    return TOO_LONG if len(text) > most else ""


def _day(day: date | None, today: date) -> str:
    if day is None:
        return NO_DAY
    return DAY_AHEAD if day > today else ""
