"""Matters of the city that anybody may see: an appeal without its applicant and the house."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Protocol

from hotline.appeals.appeal import CHECKED, PENDING, AppealState
from hotline.city.classifier import Category, ever_known


class Standing(StrEnum):
    """The two parts of the list."""

    OPEN = "open"
    CLOSED = "closed"


SHOWN: Mapping[Standing, frozenset[AppealState]] = {
    Standing.OPEN: PENDING | CHECKED,
    Standing.CLOSED: frozenset({AppealState.CLOSED, AppealState.CLOSED_UNCONFIRMED, AppealState.FORWARDED}),
}
"""The states of matters that are shown: what was withdrawn or is not considered by law is not listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicMatter:
    """One matter. `place` is what stands before the house in its address, as it was written.

    A page shows the place only where it is a name of the register: people write anything there.
    """

    number: str
    category: str
    place: str
    state: AppealState
    registered_at: datetime
    since: datetime
    """When the state last changed."""
    enterprise: str = ""
    answered: bool = False
    """The enterprise has answered the applicant; what it wrote may name them, and is theirs."""
    words: str = ""
    """The applicant's words as the centre has approved them, while the applicant agrees."""
    joined: int = 0
    """Appeals about the same that go along with it."""

    @property
    def open(self) -> bool:
        return self.state in SHOWN[Standing.OPEN]

    @property
    def work_owed(self) -> bool:
        """Others may still join it: nobody has said yet that it is done."""
        return self.state in PENDING


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterFilter:
    """A filter of matters; an empty field does not filter. `street` is a present name of the register."""

    standing: Standing | None = None
    category: str = ""
    street: str = ""


class PublicMatters(Protocol):
    """The register of appeals as anybody may read it."""

    async def find(self, wanted: MatterFilter, *, limit: int, behind: str = "") -> Sequence[PublicMatter]:
        """List matters, the newest first; those that go along with another stand with it.

        `behind` is the number of the last matter of a page: the next page goes on there.
        """
        ...

    async def one(self, number: str) -> PublicMatter | None:
        """Find the matter of this number; for one that goes along with another, that one."""
        ...

    async def open_by_place(self) -> Mapping[str, int]:
        """Count the open matters by their `place`."""
        ...


@cache
def public_categories() -> frozenset[str]:
    """Give the codes of the categories whose appeals are shown (hotline/data/public-matters.toml)."""
    read = tomllib.loads(files("hotline").joinpath("data/public-matters.toml").read_text("utf-8"))
    return frozenset(read["categories"])


def shown_categories() -> Sequence[Category]:
    """Give them as the classifier has them, in its order."""
    return [one for code, one in ever_known().items() if code in public_categories()]
