"""Watchers: who gets a notice when an outage ends or its end moves, and by which channel."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from hotline.contact.channel import Channel
from hotline.contact.mobiles import UKRAINIAN_MOBILES
from hotline.contact.numbers import gets_sms
from hotline.dialling.calling_out import CallingRules, NotDialled
from hotline.voice.speech import Language

UNHEARD = 0
"""The version that somebody knows of who has not heard of the outage at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    """A watcher of one outage. `address` is a number in E.164 or an e-mail address."""

    id: int
    outage_id: int
    channel: Channel
    address: str
    language: Language
    call_id: str | None = None
    """The call in which they asked."""
    asked_at: datetime
    version: int
    """The outage's version that they know of, or UNHEARD."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatcherWays:
    """The ways to a watcher: `sms` are beginnings of numbers, `rules` say who may be called."""

    sms: Sequence[str] = UKRAINIAN_MOBILES
    rules: CallingRules = field(default_factory=CallingRules)

    def channel(self, number: str | None) -> Channel | None:
        """Give the channel by which a caller from this number is notified; None: no way leads there."""
        if number is None:
            return None
        if gets_sms(number, self.sms):
            return Channel.SMS
        try:
            self.rules.dialable_by_itself(number)
        except NotDialled:
            return None
        return Channel.CALL


class OutageWatch(Protocol):
    """The watchers of outages."""

    async def watch(
        self,
        outage_id: int,
        *,
        channel: Channel,
        address: str,
        language: Language,
        call_id: str | None = None,
        at: datetime,
        version: int | None = None,
    ) -> bool:
        """Add a watcher; False: they were one already. Raises NotFound for an unknown outage.

        `version` is the version they heard of: later changes are announced as well. None: the present one.
        """
        ...

    async def get(self, watcher_id: int) -> Watcher | None:
        """Find a watcher; None once they were removed."""
        ...

    async def count(self, outage_id: int) -> int:
        """Count those of an outage."""
        ...

    async def watchers(self, outage_id: int) -> Sequence[Watcher]:
        """Give those of an outage, who asked first first."""
        ...
