"""The lines of a file: which column is which, what a cell holds, and why a line is refused."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, TypeVar

from hotline.city.search_terms import normalised
from hotline.errors import HotlineError

_Read = TypeVar("_Read")


class Unreadable(HotlineError):  # noqa: N818 - reads as what happened
    """The file as a whole cannot be taken; the message, to be translated, says what to do.

    `about` are the headings or the place that it speaks of.
    """

    code: ClassVar[str] = "unreadable-file"

    def __init__(self, message: str, about: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.about = about


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its heading in both languages, other headings that are taken for it, what it may hold."""

    name: str
    uk: str
    en: str
    needed: bool = False
    also: tuple[str, ...] = ()

    def is_headed(self, heading: str) -> bool:
        return normalised(heading) in {normalised(one) for one in (self.name, self.uk, self.en, *self.also)}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """One line of a file as text; `number` counts from 1, with the headings as line 1."""

    number: int
    cells: Sequence[str]


class LineFault(ValueError):  # noqa: N818 - a line's fault is shown, not raised to people
    """A line cannot be taken: which column, and why (English, to be translated); `about` names what is meant.

    `further` are the other faults of the same line.
    """

    def __init__(self, column: str, reason: str, about: str = "") -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason
        self.about = about
        self.further: Sequence[LineFault] = ()


@dataclass(slots=True)
class LineFaults:
    """The faults of one line: a person mends all of them at once."""

    found: list[LineFault] = field(default_factory=list)

    def read(self, reading: Callable[[], _Read]) -> _Read | None:
        """Give what is read; None for what cannot be read, whose fault is kept."""
        try:
            return reading()
        except LineFault as fault:
            self.found.append(fault)
            return None

    def refuse(self, column: str, reason: str, about: str = "") -> None:
        self.found.append(LineFault(column, reason, about))

    def require_none(self) -> None:
        """Raise the first fault, with the others; nothing where there is none."""
        if self.found:
            self.found[0].further = self.found[1:]
            raise self.found[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRefusal:
    """A refused line."""

    line: FileLine
    column: str
    """Its heading in Ukrainian."""
    reason: str
    """In English, to be translated."""
    about: str = ""
    """What the reason speaks of, such as the outage that is there already."""
    further: "Sequence[LineRefusal]" = ()
    """The other reasons why the same line is refused."""

    @property
    def all(self) -> "Sequence[LineRefusal]":
        return (self, *self.further)


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one line by the columns' names; a column that the file has not is empty."""

    values: Mapping[str, str]

    def text(self, name: str, longest: int = 300) -> str:
        value = " ".join(self.values.get(name, "").split())
        if len(value) > longest:
            raise LineFault(name, TOO_LONG)
        return value

    def needed(self, name: str, longest: int = 300) -> str:
        value = self.text(name, longest)
        if not value:
            raise LineFault(name, MISSING)
        return value

    def whole(self, name: str, longest: int) -> str:
        """Give a text with its lines and blanks."""
        value = self.values.get(name, "").strip()
        if len(value) > longest:
            raise LineFault(name, TOO_LONG)
        return value

    def needed_whole(self, name: str, longest: int) -> str:
        value = self.whole(name, longest)
        if not value:
            raise LineFault(name, MISSING)
        return value

    def several(self, name: str) -> tuple[str, ...]:
        """Give the parts between semicolons, each once."""
        parts = (" ".join(part.split()) for part in self.values.get(name, "").split(";"))
        return tuple(dict.fromkeys(part for part in parts if part))


MISSING = "This must be filled in."
TOO_LONG = "This is too long."


def columns_of(headings: Sequence[str], columns: Sequence[Column]) -> Mapping[int, str]:
    """Return the position of each column; raises Unreadable when one is missing or occurs twice."""
    found: dict[int, str] = {}
    for place, heading in enumerate(headings):
        column = next((one for one in columns if heading.strip() and one.is_headed(heading)), None)
        if column is None:
            continue
        if column.name in found.values():
            raise Unreadable("A heading stands twice: leave one of them.", [heading])
        found[place] = column.name
    missing = [one.uk for one in columns if one.needed and one.name not in found.values()]
    if missing:
        raise Unreadable("These headings are missing in the first line:", missing)
    return found


def cells_of(line: FileLine, places: Mapping[int, str]) -> Cells:
    return Cells(
        {name: line.cells[place].strip() for place, name in places.items() if place < len(line.cells)}
    )
