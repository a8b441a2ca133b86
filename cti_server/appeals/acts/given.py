"""What was typed into the form of an act, read with errors that name the field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cti_server.frame.language import N_
from hotline.access.users import User
from hotline.appeals.acts.act import ActFault
from hotline.appeals.acts.actors import Actor, acting, applicant
from hotline.appeals.appeal import Appeal

LETTER = "letter"
"""The choice of a source that is no call: which letter is written beside it."""
LONGEST_LINE = 300
_LONGEST_NUMBER = 12

CHOOSE = N_("Choose one of those that are shown.")
TOO_LONG = N_("That is too long.")
WRITE = N_("Write it here.")
WHICH_LETTER = N_("Say which letter: its date and number.")
NO_DAY = N_("Choose a day.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of those to choose from. `text` is in the reader's language already."""

    value: str
    text: str


Options = Mapping[str, Sequence[Option]]
"""A field's name → what can be chosen in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The typed fields of one act's form, with who typed them and when."""

    typed: Mapping[str, str]
    user: User
    at: datetime
    appeal: Appeal
    options: Options

    @property
    def by(self) -> Actor:
        return acting(self.user)

    def text(self, field: str) -> str:
        """Give what was written, which may be nothing: the act itself says whether it has to be more."""
        return self.typed.get(field, "").replace("\r\n", "\n").strip()

    def line(self, field: str) -> str:
        """Give what was written in a line; raises ActFault when it is nothing or too long."""
        text = self.text(field)
        if not text or len(text) > LONGEST_LINE:
            raise ActFault(field, TOO_LONG if text else WRITE)
        return text

    def chosen(self, field: str) -> str:
        """Give the choice; raises ActFault for what was not to choose from."""
        value = self.text(field)
        if value not in {one.value for one in self.options[field]}:
            raise ActFault(field, CHOOSE)
        return value

    def day(self, field: str) -> date:
        try:
            return date.fromisoformat(self.text(field))
        except ValueError as error:
            raise ActFault(field, NO_DAY) from error

    def number(self, field: str) -> str:
        """Give an appeal's number as people write it: `№ 26 000 01`."""
        digits = "".join(self.line(field).lstrip("№").split())
        if not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMBER):
            raise ActFault(field, "There is no appeal %(number)s.", number=self.text(field))
        return digits

    def changed(self, field: str, before: str) -> str | None:
        """Give what the field was changed to; None where it stays as it is."""
        if field not in self.typed:
            return None
        value = self.text(field)
        return None if value == before else value

    def applicant(self) -> Actor:
        """Give the applicant, whose word this user takes down, with the call or letter that it came by."""
        source = self.chosen("source")
        if source == LETTER:
            letter = self.text("letter")
            if not letter or len(letter) > LONGEST_LINE:
                raise ActFault("letter", TOO_LONG if letter else WHICH_LETTER)
            source = f"{LETTER}:{letter}"
        return applicant(source, taken_down_by=self.user)
