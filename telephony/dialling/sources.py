"""All sources of automatic calls as one: asked in the order of urgency, each told of its own errands only."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar

from hotline.calls.conversation import Call
from hotline.dialling.dialler import Attempt, Errand, Result, Source
from hotline.errors import TelephonyError
from hotline.isolation import Job, run_isolated

Row = TypeVar("Row")


class Sources:
    """Several sources, the most urgent first; they share the room.

    A source that fails is passed over: the others' calls are placed as if it had nothing due.
    """

    def __init__(self, by_urgency: Sequence[Source]) -> None:
        self._sources = {source.name: source for source in by_urgency}
        if len(self._sources) < len(by_urgency):
            raise ValueError("Two sources of automatic calls have one name.")

    async def claim(self, at: datetime, most: int) -> Sequence[Errand]:
        claimed: list[Errand] = []

        async def claim(source: Source) -> None:
            claimed.extend(await source.claim(at, most - len(claimed)))

        for source in self._sources.values():
            if len(claimed) < most:
                await _apart(source, partial(claim, source))
        return claimed

    async def keep(self, errands: Sequence[Errand], renewed_before: datetime, at: datetime) -> int:
        """Renew what is under way, and have the rest given back that nobody renewed since. How many."""
        counts: list[int] = []

        async def keep(source: Source) -> None:
            if own := [one for one in errands if self._named(one) == source.name]:
                await source.renew(own, at)
            counts.append(await source.left_behind(renewed_before, at))

        for source in self._sources.values():
            await _apart(source, partial(keep, source))
        return sum(counts)

    async def ended(self, errand: Errand, result: Result, at: datetime) -> None:
        await self._of(errand).ended(errand, result, at)

    async def put_off(self, errand: Errand, until: datetime, at: datetime) -> None:
        await self._of(errand).put_off(errand, until, at)

    async def prepare(self, errand: Errand) -> None:
        await self._of(errand).prepare(errand)

    async def attend(self, call: Call, attempt: Attempt) -> None:
        await self._of(attempt.errand).attend(call, attempt)

    def _of(self, errand: Errand) -> Source:
        return self._sources[self._named(errand)]

    def _named(self, errand: Errand) -> str:
        """Name the source that knows what the call is about; what it knows it by may have dashes too."""
        named = (name for name in self._sources if errand.name.startswith(f"{name}-"))
        return max(named, key=len, default="")


async def _apart(source: Source, job: Job) -> None:
    await run_isolated(job, f"source of automatic calls failed source={source.name}", passing=TelephonyError)


async def errands_of(
    claimed: Sequence[Row], errand: Callable[[Row], Awaitable[Errand | None]]
) -> list[Errand]:
    """Make errands of what a source has claimed, where somebody is to be called.

    One of which none can be made takes no other with it: it counts as left behind, and is looked at again.
    """
    made: list[Errand] = []

    async def make(row: Row) -> None:
        if (one := await errand(row)) is not None:
            made.append(one)

    for row in claimed:
        await run_isolated(partial(make, row), "no errand made of what was claimed", passing=TelephonyError)
    return made
