"""Faults of a document: where each stands, and which it is. A document with one never comes into force."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hotline.errors import HotlineError


class Flaw(StrEnum):
    """What is wrong; `values` of its fault are named in brackets."""

    NOT_TOML = "not-toml"
    """It is no TOML (why)."""
    TOO_LARGE = "too-large"
    """It has more characters or rows than `most`."""
    UNKNOWN_KEY = "unknown-key"
    """A field or table that there is not (name)."""
    MISSING = "missing"
    """A field or table that is needed."""
    WRONG_TYPE = "wrong-type"
    """A text, a list, yes or no, or a day was to stand there (expected)."""
    TOO_LONG = "too-long"
    """More than `most` characters."""
    NO_NUMBER = "no-number"
    """Not a whole number between two (value, least, most)."""
    NOT_PRINTABLE = "not-printable"
    """Characters that cannot be shown, or a line's end."""
    WRONG_CODE = "wrong-code"
    """A code has small Latin letters, digits, points and hyphens."""
    DOUBLED = "doubled"
    """The code, name or day stands there twice (value)."""
    UNKNOWN_CHOICE = "unknown-choice"
    """Not one of what can be chosen (value, choices)."""
    NO_TERM = "no-term"
    """Not such as "15 days" (value)."""
    TERM_TOO_LONG = "term-too-long"
    """Longer than the law allows, or nothing (value)."""
    NO_CLOCK = "no-clock"
    """A time to acknowledge is given in minutes or hours (value)."""
    UNKNOWN_SECTION = "unknown-section"
    """A section that is not in the document (value)."""
    UNKNOWN_CATEGORY = "unknown-category"
    """A category that is not in the document (value)."""
    NOT_AN_EMERGENCY = "not-an-emergency"
    """The category of emergencies has another urgency."""
    NO_DAY = "no-day"
    """No day of the calendar, or one out of range (value)."""
    ENDS_BEFORE = "ends-before"
    """The last day is before the first."""
    WRONG_PATTERN = "wrong-pattern"
    """The index cannot be written by it (value)."""
    NOT_COUNTED = "not-counted"
    """All appeals would have the same index (value)."""
    SAME_INDEX = "same-index"
    """Another series counts by the same pattern: an index would be given twice (value, series)."""
    NO_RULE = "no-rule"
    """A kind of appeals has no index (value)."""
    NO_HOUR = "no-hour"
    """No hour of the day (value)."""
    NO_PLACE = "no-place"
    """No street with houses (value)."""
    NOT_PAIRED = "not-paired"
    """Not as many in this language (value) as in the other (other)."""
    NO_OPTIONS = "no-options"
    """Options of a question that lets choose among none."""
    HAS_COMMA = "has-comma"
    """An option has a comma or semicolon, by which tables and files divide options (value)."""
    WRONG_BLANK = "wrong-blank"
    """The text cannot be filled in: something else stands in braces (value, known)."""
    NOTHING_CHOSEN = "nothing-chosen"
    """No reason is offered at all."""
    UNKNOWN_BODY = "unknown-body"
    """A body that is not in the document (value)."""
    UNKNOWN_OFFICIAL = "unknown-official"
    """Somebody who is not in the document, or stands in for themselves (value)."""
    NO_TELEPHONE = "no-telephone"
    """Neither a whole number of a telephone nor a short one (value)."""
    NO_MAIL_ADDRESS = "no-mail-address"
    NO_SITE = "no-site"
    """No address of a page on the Internet (value)."""
    NO_HOURS = "no-hours"
    """No hours by weekday (value)."""
    MUST_STAY = "must-stay"
    """It was in force and is named by what is kept (value)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFault:
    """One fault. A document's own fields have no table; a fault of a whole row or table has no field."""

    flaw: Flaw
    table: str = ""
    """As TOML names it: `category`, `index`."""
    row: str = ""
    """The row's code or day, empty where it has none."""
    place: int = 0
    """The place of the row in its table, from 1."""
    field: str = ""
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)


class DocumentFaults(HotlineError):  # noqa: N818 - reads as what is the matter
    """The document cannot be used: all its faults, in the order of its rows."""

    code = "document-faults"

    def __init__(self, faults: Sequence[DocumentFault]) -> None:
        super().__init__(
            "The document has faults: %(faults)s.",
            faults="; ".join(f"{one.table}/{one.row or one.place}/{one.field}: {one.flaw}" for one in faults),
        )
        self.faults = faults
