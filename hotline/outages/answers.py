"""What those say who were called about an outage: whether it is restored with them, or that nobody spoke."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from hotline.outages.watchers import Watcher

DISPUTED_BY = 2
"""So many who say that it is not restored: a person decides whether it goes on."""


class WatcherAnswer(StrEnum):
    """What came of calling one watcher about one change."""

    RESTORED = "restored"
    NOT_RESTORED = "not-restored"
    HEARD = "heard"
    """They pressed a key, and were not asked."""
    DISPATCHER = "dispatcher"
    """They wanted to talk with somebody, and did not say whether it is restored."""
    UNHEARD = "unheard"
    """Whoever or whatever answered pressed nothing, in all attempts."""
    UNREACHED = "unreached"
    """Nobody answered, in all attempts."""


class OutageAnswers(Protocol):
    """The answers, one of a watcher about one version of the outage."""

    async def keep(
        self,
        watcher: Watcher,
        version: int,
        answer: WatcherAnswer,
        at: datetime,
        *,
        call_id: str | None = None,
        appeal: str | None = None,
    ) -> None:
        """Keep it; said again, it is the last that counts. `appeal` is what was registered of it."""
        ...

    async def counted(self, outage_id: int, version: int) -> Mapping[WatcherAnswer, int]:
        """Count the answers about this version."""
        ...

    async def latest(self, outage_id: int) -> Mapping[WatcherAnswer, int]:
        """Count the answers about the last version that anybody was called about; empty when nobody was."""
        ...


def asked(watcher_id: int, percent: int) -> bool:
    """Whether this watcher belongs to the sample that is asked; asked once, asked at each attempt."""
    return watcher_id * _SPREAD % 100 < percent


_SPREAD = 61
"""Has no factor in common with 100: of a hundred watchers in a row exactly so many are asked."""
