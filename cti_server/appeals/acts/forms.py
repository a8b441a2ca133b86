"""The acts of dispatchers and heads as forms: their words, their fields, and the act that they make."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cti_server.appeals.acts.given import Given
from cti_server.frame.language import N_
from hotline.access.users import Permission
from hotline.appeals.acts.act import Act
from hotline.appeals.appeal import Appeal


class Kind(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    LINE = "line"
    DAY = "day"
    CHOICE = "choice"
    RADIO = "radio"
    """A choice of few, all in sight."""
    SOURCE = "source"
    """A call of the applicant's, or a letter: two fields, `source` and `letter`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field. `name` is the act's own, so that its faults find their place."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    optional: bool = False


def always(_appeal: Appeal) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class ActForm:
    """One act. `fits` says whether it makes sense now, beyond what the table of transitions allows."""

    act: type[Act]
    title: str
    button: str
    make: Callable[[Given], Act]
    fields: Sequence[Field] = ()
    permission: Permission = Permission.HANDLE_APPEALS
    fits: Callable[[Appeal], bool] = always
    by_applicant: bool = False
    """The applicant's word: the user only takes it down."""
    grave: bool = False
    """The act ends the appeal, or changes what the law counts."""

    @property
    def name(self) -> str:
        return self.act.name


REASON = Field(name="reason", label=N_("Why"))
OPTIONAL_REASON = Field(name="reason", label=N_("Words for it, if any"), optional=True)
SOURCE = Field(name="source", label=N_("How the applicant's word came"), kind=Kind.SOURCE)


def by_name(forms: Sequence[ActForm]) -> Mapping[str, ActForm]:
    return {one.name: one for one in forms}
