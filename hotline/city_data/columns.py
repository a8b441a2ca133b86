"""Tables of documents as such: their rows as plain text, their columns, and what their cells hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hotline.documents.named import Named

Row = Mapping[str, str]
"""One row: column → its cell as plain text, "" for none. What cannot be read stays as it was written."""
Rows = Mapping[str, Sequence[Row]]
"""The rows of all tables of a document, by the table's key."""


class Holds(StrEnum):
    """What the cells of a column hold, and how each is written as plain text."""

    TEXT = "text"
    CODE = "code"
    NUMBER = "number"
    """A whole number."""
    FLAG = "flag"
    """`yes` or `no`."""
    TERM = "term"
    """`24 hours`."""
    ONE_OF = "one-of"
    """The value of one choice."""
    SOME_OF = "some-of"
    """The values of choices, with `, ` between them."""
    LIST = "list"
    """Texts, with `, ` between them."""
    DAY = "day"
    """`2026-04-12`."""
    DAYS = "days"
    """Days, with `, ` between them."""
    DAY_OF_YEAR = "day-of-year"
    """`12-25`."""


SEVERAL = frozenset({Holds.SOME_OF, Holds.LIST, Holds.DAYS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Named):
    """A value that a column may have, and its words."""

    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Named):
    """One column. `key` is that of the TOML, `table.key` for one that stands in a table of its own there."""

    key: str
    holds: Holds = Holds.TEXT
    needed: bool = False
    among: Sequence[Choice] = ()
    of: str = ""
    """The key of the table whose codes are chosen among."""
    otherwise: str = ""
    """What an absent cell means; it is not written into the document."""
    hint_uk: str = ""
    hint_en: str = ""
    beneath: bool = False
    """In a table it is shown smaller, beneath the row's name."""
    groups: bool = False
    """A table is shown in groups, by what the cells of this column hold."""

    def hint(self, language: str) -> str:
        return self.hint_en if language == "en" else self.hint_uk


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentTable(Named):
    """One table. `known_by` is the column that tells its rows apart; "" for a table of one row."""

    key: str
    columns: Sequence[Column]
    known_by: str = ""
    called: str = ""
    """The column whose text names a row to people, in Ukrainian; `en` names it in English."""

    @property
    def single(self) -> bool:
        return not self.known_by

    def column(self, key: str) -> Column:
        """Find the column; raises StopIteration for another's."""
        return next(one for one in self.columns if one.key == key)

    def row_name(self, row: Row, language: str) -> str:
        """Name a row as people know it."""
        english = row.get("en", "") if language == "en" else ""
        return english or row.get(self.called, "") or row.get(self.known_by, "")


CODE = Column(
    key="code",
    uk="Код",
    en="Code",
    holds=Holds.CODE,
    needed=True,
    hint_uk="Латинські літери, цифри та дефіс",
    hint_en="Latin letters, digits and hyphens",
)
UK = Column(key="uk", uk="Українською", en="In Ukrainian", needed=True)
EN = Column(key="en", uk="Англійською", en="In English", needed=True)
"""Columns that many tables have."""


def number(key: str, uk: str, en: str) -> Column:
    """Describe a column that holds a whole number and is never empty."""
    return Column(key=key, uk=uk, en=en, holds=Holds.NUMBER, needed=True)
