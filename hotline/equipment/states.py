"""States of a piece of equipment, and how its looks settle them: one bad look is no fault yet.

A state counts when the last looks agree, so that neither a lost packet nor a lucky one turns it. What answers
now and then is disturbed until it is steady. Nothing here rests on a clock.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from attrs import define
from attrs import field as made

WINDOW = 20
"""Looks in which changes between good and bad are counted."""
UNSTEADY, STEADY = 6, 3
"""It is unsteady from the first number of changes in the window, until there are no more than the second."""


class State(StrEnum):
    """A piece of equipment's state. A look that could not be made is never taken for a good one."""

    IN_ORDER = "in-order"
    DISTURBED = "disturbed"
    """It works, and somebody should see to it: on its battery, slow, nearly full, unsteady."""
    OUT_OF_ORDER = "out-of-order"
    NOT_KNOWN = "not-known"
    """The check itself could not run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The result of one check. `said` names its sentence in the catalogue, `values` fill that in."""

    state: State
    said: str
    values: Mapping[str, str | int] = field(default_factory=dict)


NEVER = Look(state=State.NOT_KNOWN, said="never-looked")
FLAPPING = Look(state=State.DISTURBED, said="unsteady")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An item as it is now. `look` is the latest; `settled` counts, `since` then; None: not looked at yet."""

    look: Look
    settled: Look
    since: datetime | None = None
    looked_at: datetime | None = None

    @property
    def known(self) -> bool:
        """Tell whether it was ever looked at, before a restart or since."""
        return self.since is not None

    @property
    def shown(self) -> Look:
        """The latest look, while it says what counts."""
        return self.look if self.look.state is self.settled.state else self.settled


NOTHING = Standing(look=NEVER, settled=NEVER)


@define(eq=False)
class Settling:
    """The looks of one item since the service started, and the state that they have settled.

    `needed`: the looks in a row that count; the first good one does where nothing was known.
    """

    needed: int
    settled: Look = NEVER
    _last: "deque[Look]" = made(factory=lambda: deque(maxlen=WINDOW), init=False)

    def after(self, look: Look) -> Look:
        """Take another look; give what counts from now on."""
        self._last.append(look)
        self.settled = self._counting(look)
        return self.settled

    def _counting(self, look: Look) -> Look:
        now = self.settled
        if now.state is State.NOT_KNOWN and _good(look):
            return look
        row = list(self._last)[-self.needed :]
        if len(row) < self.needed:
            return look if look.state is now.state and now.said != FLAPPING.said else now
        if all(not _good(one) for one in row):
            stays = any(one.state is now.state for one in row)
            return self._latest(row, now.state) if stays else look
        if self._changes() >= (STEADY + 1 if now.said == FLAPPING.said else UNSTEADY):
            return FLAPPING
        return look if all(map(_good, row)) else now

    def _changes(self) -> int:
        return sum(_good(one) is not _good(then) for one, then in pairwise(self._last))

    @staticmethod
    def _latest(row: list[Look], state: State) -> Look:
        return next(one for one in reversed(row) if one.state is state)


def _good(look: Look) -> bool:
    return look.state is State.IN_ORDER
