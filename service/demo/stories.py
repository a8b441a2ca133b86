"""The demo city's troubles, read from `stories.toml`."""

from collections.abc import Mapping, Sequence
from importlib.resources import files

import msgspec

from hotline.appeals.appeal import AppealKind, Receipt, Sign, Subject
from service.demo.acts import Step, step

_HOURS = {"h": 1.0, "d": 24.0}


class Story(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One appeal: `road` lists its acts, each with its time since the registration."""

    name: str
    """By which later ones refer to it (`earlier`); `linked`: they go along with its work."""
    ago: str
    category: str
    text: str
    citizen: str = ""
    """By name; empty: nobody named themselves."""
    number: str | None = None
    address: str = ""
    """Empty: the citizen's own."""
    kind: AppealKind = AppealKind.APPLICATION
    sign: Sign = Sign.FIRST
    earlier: str = ""
    linked: bool = False
    subject: Subject = Subject.INDIVIDUAL
    receipt: Receipt = Receipt.PHONE
    answered: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Answers to the category's questions, by their codes, as they are kept."""
    road: Sequence[Sequence[str | int]] = ()

    @property
    def hours_ago(self) -> float:
        return _hours(self.ago)

    def steps(self) -> Sequence[tuple[float, Step]]:
        """Return the acts, each with its hours since the registration."""
        return [(_hours(str(after)), step(str(name), *given)) for after, name, *given in self.road]


class _File(msgspec.Struct, forbid_unknown_fields=True):
    story: list[Story]


def stories() -> Sequence[Story]:
    """Read them, the earliest first."""
    read = msgspec.toml.decode(files("service.demo").joinpath("stories.toml").read_bytes(), type=_File)
    return sorted(read.story, key=lambda one: -one.hours_ago)


def _hours(text: str) -> float:
    """Read a while such as `30h` or `13d 4h`."""
    return sum(float(part[:-1]) * _HOURS[part[-1]] for part in text.split())
