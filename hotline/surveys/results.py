"""Results of surveys: counts by enterprise, category and time, and a list, without personal data."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from hotline.surveys.completion import REACHED, RETURNED, SurveyOutcome
from hotline.surveys.in_writing import chat_asked

Key = TypeVar("Key", bound=Hashable)


class SurveyGroup(StrEnum):
    """Groups in which surveys are counted."""

    CONFIRMED = "confirmed"
    RETURNED = "returned"
    """Not done, or done in part: back to the executor."""
    DISPATCHER = "dispatcher"
    """They wanted a person."""
    UNREACHED = "unreached"
    ELSEWHERE = "elsewhere"
    """Answered in another way before they could be called, or decided by a person."""
    WAITING = "waiting"
    """To be called, perhaps again."""


def group_of(outcome: SurveyOutcome | None, *, ended: bool) -> SurveyGroup:
    """Say under what a survey is counted."""
    if not ended or outcome is None:
        return SurveyGroup.WAITING
    if outcome in RETURNED:
        return SurveyGroup.RETURNED
    if outcome in REACHED or outcome is SurveyOutcome.ELSEWHERE:
        return SurveyGroup(outcome.value)
    return SurveyGroup.UNREACHED


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A count of surveys with all this in common; `span` is the index of their span of time, from 0."""

    executor_id: int | None
    category: str
    span: int
    group: SurveyGroup
    rating: int | None
    count: int


@dataclass(slots=True)
class Tally:
    """Surveys counted by group, and their ratings by stars."""

    groups: dict[SurveyGroup, int] = field(default_factory=dict)
    stars: dict[int, int] = field(default_factory=dict)

    def add(self, cell: Cell) -> None:
        self.groups[cell.group] = self.of(cell.group) + cell.count
        if cell.rating is not None:
            self.stars[cell.rating] = self.stars.get(cell.rating, 0) + cell.count

    def of(self, *groups: SurveyGroup) -> int:
        return sum(self.groups.get(one, 0) for one in groups)

    @property
    def asked(self) -> int:
        """All surveys."""
        return sum(self.groups.values())

    @property
    def reached(self) -> int:
        return self.of(SurveyGroup.CONFIRMED, SurveyGroup.RETURNED, SurveyGroup.DISPATCHER)

    @property
    def rated(self) -> int:
        return sum(self.stars.values())

    @property
    def rating(self) -> float | None:
        """The mean of the ratings; None without any."""
        return sum(star * count for star, count in self.stars.items()) / self.rated if self.rated else None

    @property
    def confirmed_share(self) -> float | None:
        """How many of those who said how it is, said that it is done; None where nobody did."""
        said = self.of(SurveyGroup.CONFIRMED, SurveyGroup.RETURNED)
        return self.of(SurveyGroup.CONFIRMED) / said if said else None


def tallies(cells: Sequence[Cell], key: Callable[[Cell], Key]) -> Mapping[Key, Tally]:
    """Sum the cells up by what the key says."""
    found: dict[Key, Tally] = {}
    for cell in cells:
        found.setdefault(key(cell), Tally()).add(cell)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSurvey:
    """One survey in a list, without its applicant. `call_id` is its latest call, empty for none."""

    id: int
    appeal: str
    owed_at: datetime
    ended_at: datetime | None
    group: SurveyGroup
    outcome: SurveyOutcome | None
    rating: int | None
    attempts: int
    executor: str
    category: str
    call_id: str

    @property
    def chat(self) -> int | None:
        """The chat in which it was asked last; None: by a call."""
        return chat_asked(self.call_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFilter:
    """A filter of surveys: reported done since then and before `until`."""

    since: datetime
    until: datetime
    group: SurveyGroup | None = None
    executor_id: int | None = None
    nobodys: bool = False
    """Of appeals that no executor had."""
    category: str | None = None
    rating: int | None = None


class SurveyResults(Protocol):
    """Surveys looked at from above; trials are never among them."""

    async def cells(self, bounds: Sequence[datetime]) -> Sequence[Cell]:
        """Count the surveys between the first and the last moment; each two of them bound a span."""
        ...

    async def find(
        self, wanted: ResultFilter, *, limit: int, before: int | None = None
    ) -> Sequence[ListedSurvey]:
        """List them, the latest first; those with an id below `before` where it is given."""
        ...
