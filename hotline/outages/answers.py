"""Answers of the people who were called about an outage: restored, not restored, or no answer."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from hotline.outages.watchers import Watcher

DISPUTED_BY = 2
"""This many answers "not restored": a person decides whether the outage goes on."""


class WatcherAnswer(StrEnum):
    """The answer of one watcher, called about one change."""

    RESTORED = "restored"
    NOT_RESTORED = "not-restored"
    HEARD = "heard"
    """They pressed a key, and were not asked."""
    DISPATCHER = "dispatcher"
    """They wanted to talk with somebody, and did not say whether it is restored."""
    UNHEARD = "unheard"
    """A person or a machine answered and pressed no key, in all attempts."""
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
        """Store the answer; a repeated one replaces it. `appeal` is the appeal that was registered of it."""
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
"""Coprime with 100: of any hundred watchers in a row exactly `percent` are asked."""
