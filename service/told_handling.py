"""Acts on appeals that are told on the bus once they are kept, whoever does them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hotline.acts.act import Act
from hotline.appeals import Appeal
from hotline.events import AppealChanged, Events
from hotline.handling import Entry, Handling, Watched
from storage.store import Storage


@dataclass(frozen=True, slots=True)
class ToldHandling:
    """`hotline.handling.Handling`: another one's, and each act is told."""

    kept: Handling
    events: Events

    async def carry_out(self, number: str, act: Act, *, version: int | None) -> Appeal:
        appeal = await self.kept.carry_out(number, act, version=version)
        self.events.tell(AppealChanged(appeal=appeal, act=act.name, at=act.at, hidden=act.hidden()))
        return appeal

    async def taken(self, number: str, step: str) -> Entry | None:
        return await self.kept.taken(number, step)

    async def history(self, number: str, *, hidden: bool) -> Sequence[Entry]:
        return await self.kept.history(number, hidden=hidden)

    async def linked(self, number: str) -> Sequence[Appeal]:
        return await self.kept.linked(number)

    async def unrouted(self, limit: int = 100) -> Sequence[Appeal]:
        return await self.kept.unrouted(limit)

    async def watched(self, *, after: str = "", limit: int = 200) -> Sequence[Watched]:
        return await self.kept.watched(after=after, limit=limit)


def with_told_acts(storage: Storage, events: Events) -> Storage:
    """Give the same storage, whose acts on appeals are told."""
    return replace(storage, handling=ToldHandling(storage.handling, events))
