"""Strict reading of a document: each table is asked for its fields, and all that is wrong is noted.

A field with a fault reads as something harmless, so that all faults are found at once; `end` then refuses.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from hotline.documents.document import LONGEST_DOCUMENT
from hotline.documents.faults import DocumentFault, DocumentFaults, Flaw

MOST_ROWS = 1000
LONGEST_TEXT = 300
_CODE = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_LONGEST_CODE = 40
FIRST_YEAR, LAST_YEAR = 1991, 2100
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

Choice = TypeVar("Choice", bound=StrEnum)


class Fields:
    """A table of TOML, or the whole document. A fault names the row by its code once that is read."""

    def __init__(
        self, data: Mapping[str, Any], noted: list[DocumentFault], table: str = "", place: int = 0
    ) -> None:
        self._data = data
        self._noted = noted
        self._table = table
        self._place = place
        self._row = ""
        self._asked: set[str] = set()
        self._within: list[Fields] = []

    def note(self, flaw: Flaw, field: str = "", **values: object) -> None:
        self._noted.append(
            DocumentFault(
                flaw=flaw, table=self._table, row=self._row, place=self._place, field=field, values=values
            )
        )

    def text(self, field: str, *, needed: bool = True, longest: int = LONGEST_TEXT) -> str:
        """Read one line of text."""
        found = self._get(field, str, "a text", needed=needed)
        if found is None:
            return ""
        if needed and not found.strip():
            self.note(Flaw.MISSING, field)
        elif len(found) > longest:
            self.note(Flaw.TOO_LONG, field, most=longest)
        elif not found.isprintable():
            self.note(Flaw.NOT_PRINTABLE, field)
        else:
            return " ".join(found.split())
        return ""

    def code(self, field: str = "code") -> str:
        """Read the code by which the row is known; later faults name it."""
        found = self.text(field, longest=_LONGEST_CODE)
        self.known_as(found)
        if found and not _CODE.fullmatch(found):
            self.note(Flaw.WRONG_CODE, field, value=found)
        return found

    def known_as(self, name: str) -> None:
        self._row = name

    def choice(self, field: str, among: type[Choice]) -> Choice:
        return self.chosen(field, among, self.text(field))

    def chosen(self, field: str, among: type[Choice], text: str) -> Choice:
        """Find the choice that the text names; the first one for a fault."""
        try:
            return among(text)
        except ValueError:
            if text:
                self.note(Flaw.UNKNOWN_CHOICE, field, value=text, choices=", ".join(among))
            return next(iter(among))

    def yes(self, field: str, *, otherwise: bool | None = None) -> bool:
        """Read yes or no; it is needed where nothing holds otherwise."""
        found = self._get(field, bool, "true or false", needed=otherwise is None)
        return bool(otherwise) if found is None else found

    def number(self, field: str, least: int, most: int) -> int:
        """Read a whole number between the two; the lesser one for a fault."""
        found = self._get(field, (int, str, float), "a number", needed=True)
        if isinstance(found, int) and not isinstance(found, bool) and least <= found <= most:
            return found
        if found is not None:
            self.note(Flaw.NO_NUMBER, field, value=str(found), least=least, most=most)
        return least

    def texts(self, field: str, *, needed: bool = True) -> Sequence[str]:
        """Read a list of texts, each once."""
        found = self._get(field, list, "a list of texts", needed=needed) or []
        if not all(isinstance(one, str) and one.strip() and one.isprintable() for one in found):
            self.note(Flaw.WRONG_TYPE, field, expected="a list of texts")
            return ()
        if any(len(one) > LONGEST_TEXT for one in found) or len(found) > MOST_ROWS:
            self.note(Flaw.TOO_LONG, field, most=LONGEST_TEXT)
            return ()
        for value in _doubled(found):
            self.note(Flaw.DOUBLED, field, value=value)
        return [" ".join(one.split()) for one in found]

    def day(self, field: str, *, needed: bool = True) -> date | None:
        """Read a day, written as TOML does or as a text."""
        found = self._get(field, (date, str), "a day such as 2026-08-24", needed=needed)
        return None if found is None else self.day_of(field, found)

    def day_of(self, field: str, found: date | str) -> date | None:
        day = found if isinstance(found, date) and not isinstance(found, datetime) else _day(str(found))
        if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.note(Flaw.NO_DAY, field, value=str(found))
            return None
        return day

    def table(self, field: str, *, needed: bool = True) -> "Fields":
        """Read a table of the document that has fields of its own."""
        return self._begin(self._get(field, dict, "a table", needed=needed) or {}, field, 0)

    def rows(self, field: str, *, needed: bool = True) -> Sequence["Fields"]:
        """Read a table of rows; it has one at least where it is needed."""
        found = self._get(field, list, "a table of rows", needed=needed) or []
        if not all(isinstance(one, dict) for one in found):
            self.note(Flaw.WRONG_TYPE, field, expected="a table of rows")
            return ()
        if len(found) > MOST_ROWS:
            self.note(Flaw.TOO_LARGE, field, most=MOST_ROWS)
            return ()
        if needed and not found and field in self._data:
            self.note(Flaw.MISSING, field)
        return [self._begin(one, field, place) for place, one in enumerate(found, start=1)]

    def keys(self) -> Sequence[str]:
        return list(self._data)

    def end(self) -> None:
        """Note what nobody asked for; raises DocumentFaults with all that was noted."""
        self._note_unknown()
        if self._noted:
            raise DocumentFaults(tuple(self._noted))

    def _begin(self, data: Mapping[str, Any], table: str, place: int) -> "Fields":
        self._within.append(Fields(data, self._noted, table, place))
        return self._within[-1]

    def _get(self, field: str, kind: type | tuple[type, ...], expected: str, *, needed: bool) -> Any:
        self._asked.add(field)
        found = self._data.get(field)
        if found is None:
            if needed:
                self.note(Flaw.MISSING, field)
            return None
        if not isinstance(found, kind):
            self.note(Flaw.WRONG_TYPE, field, expected=expected)
            return None
        return found

    def _note_unknown(self) -> None:
        for name in self._data:
            if name not in self._asked:
                self.note(Flaw.UNKNOWN_KEY, name, name=name)
        for one in self._within:
            one._note_unknown()  # noqa: SLF001 - of the same kind


def document_of(text: str) -> Fields:
    """Begin to read; raises DocumentFaults for what is no TOML."""
    if len(text) > LONGEST_DOCUMENT:
        raise DocumentFaults([DocumentFault(flaw=Flaw.TOO_LARGE, values={"most": LONGEST_DOCUMENT})])
    try:
        return Fields(tomllib.loads(text), [])
    except (ValueError, RecursionError) as error:
        why = str(error) or "nested too deeply"
        raise DocumentFaults([DocumentFault(flaw=Flaw.NOT_TOML, values={"why": why})]) from error


def note_doubled(rows: Iterable[tuple[Fields, str]], field: str) -> None:
    """Note each row that has the same text as a row before it, however it is written."""
    seen: set[str] = set()
    for row, text in rows:
        if text and text.casefold() in seen:
            row.note(Flaw.DOUBLED, field, value=text)
        seen.add(text.casefold())


def _doubled(texts: Sequence[str]) -> Iterable[str]:
    return [one for one, times in Counter(texts).items() if times > 1]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
