"""Sampling: which talks are assessed. Some of each dispatcher and week are drawn by lot, some have signs."""

import secrets
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Protocol
from zoneinfo import ZoneInfo

from attrs import define, field

from hotline.clock import Clock
from hotline.isolation import repeat
from hotline.quality.score_forms import Sampling, score_form
from hotline.quality.signs import Sign, TalkFacts, rank, signs_of

EVERY_SECONDS = 600.0
LOOKED_BACK = timedelta(days=14)
"""How old a talk may be when it comes into the queue by a sign."""
LOOKED_BACK_FOR_APPLICANTS = timedelta(days=50)
"""The same by what the applicant said of the work, which may take the law's 45 days."""
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
Week = tuple[int, date]
"""A dispatcher and the Monday of a week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """A talk that is to be assessed, and why."""

    talk: TalkFacts
    signs: frozenset[Sign]


class QualityQueue(Protocol):
    """The talks to choose from, and the queue of those that were chosen."""

    async def talks(self, since: datetime, until: datetime) -> Sequence[TalkFacts]:
        """List the recorded talks of dispatchers that began in this time, in their order."""
        ...

    async def spoken_of(self, since: datetime, until: datetime) -> Sequence[TalkFacts]:
        """List those of them whose appeal the applicant has rated or disputed."""
        ...

    async def draw(self, week: date, seed: str, picked: Sequence[Picked], at: datetime) -> bool:
        """Take them into the queue as drawn for this week; False when another process has drawn it."""
        ...

    async def drawn(self, week: date) -> bool: ...

    async def queued(self, since: datetime, until: datetime) -> Mapping[str, frozenset[Sign]]:
        """Give the recordings of this time that are or were in the queue, each with its signs."""
        ...

    async def add(self, picked: Sequence[Picked], at: datetime) -> None:
        """Take them into the queue; one that waits there already has the new signs besides."""
        ...


def monday_of(at: datetime, zone: ZoneInfo) -> date:
    day = at.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def by_lot(talks: Iterable[TalkFacts], count: int, seed: str) -> Sequence[Picked]:
    """Draw `count` talks of each dispatcher; trial calls are none.

    The same seed draws the same ones, so that the draw can be checked afterwards; without it nobody tells
    them beforehand, and each talk of a dispatcher is as likely as their others.
    """
    lots: dict[int, list[TalkFacts]] = defaultdict(list)
    for talk in (one for one in talks if not one.trial):
        lots[talk.dispatcher_id].append(talk)
    return [
        Picked(talk=talk, signs=frozenset({Sign.BY_LOT}))
        for _, own in sorted(lots.items())
        for talk in sorted(own, key=lambda one: _lot(seed, one.recording_id))[:count]
    ]


def by_signs(
    found: Iterable[Picked], most: int, queued: Mapping[str, frozenset[Sign]], zone: ZoneInfo
) -> Sequence[Picked]:
    """Choose talks by their signs: of each dispatcher and week `most`, the most serious first.

    Those that are queued by signs already count; one that was drawn by lot gets its signs, and counts not.
    All trial calls are chosen, beside the others.
    """
    left: dict[Week, int] = defaultdict(lambda: most)
    found = list(found)
    for one in found:
        known = queued.get(one.talk.recording_id)
        if known is not None and not known & {Sign.BY_LOT, Sign.TRIAL}:
            left[_week(one.talk, zone)] -= 1
    chosen = []
    for one in sorted(found, key=lambda one: (rank(one.signs), one.talk.started_at, one.talk.recording_id)):
        before = queued.get(one.talk.recording_id)
        if before is None:
            if not one.talk.trial:
                if left[_week(one.talk, zone)] <= 0:
                    continue
                left[_week(one.talk, zone)] -= 1
        elif one.signs <= before:
            continue
        chosen.append(one)
    return chosen


def _with_signs(talks: Iterable[TalkFacts], rules: Sampling) -> Iterator[Picked]:
    for talk in talks:
        if signs := signs_of(talk, rules):
            yield Picked(talk=talk, signs=signs)


def _week(talk: TalkFacts, zone: ZoneInfo) -> Week:
    return talk.dispatcher_id, monday_of(talk.started_at, zone)


def _lot(seed: str, recording_id: str) -> str:
    return sha256(f"{seed}:{recording_id}".encode()).hexdigest()


@define
class Sampler:
    """Fills the queue: at the end of each week by lot, and at once by signs."""

    _queue: QualityQueue
    _clock: Clock
    _zone: ZoneInfo
    _seed: Callable[[], str] = field(factory=lambda: secrets.token_hex)

    async def keep(self) -> None:
        """Look until cancelled."""
        await repeat(self.look, every=EVERY_SECONDS, failure="talks not chosen for assessing")

    async def look(self) -> None:
        await self._draw()
        await self._add_by_signs()

    async def _draw(self) -> None:
        """Draw the last whole week: before it has ended, later talks would have no chance."""
        now = self._clock.now()
        week = monday_of(now, self._zone) - _WEEK
        if await self._queue.drawn(week):
            return
        seed, count = self._seed(), score_form().sampling.random
        drawn: Sequence[Picked] = ()
        async for talks in self._days(self._midnight(week), self._midnight(week + _WEEK)):
            # A talk that is not among the first of its day is not among those of the week.
            drawn = by_lot([*(one.talk for one in drawn), *talks], count, seed)
        await self._queue.draw(week, seed, drawn, now)

    async def _add_by_signs(self) -> None:
        now, rules = self._clock.now(), score_form().sampling
        since = now - LOOKED_BACK_FOR_APPLICANTS
        found = list(_with_signs(await self._queue.spoken_of(since, now - LOOKED_BACK), rules))
        async for talks in self._days(now - LOOKED_BACK, now):
            found += _with_signs(talks, rules)
        queued = await self._queue.queued(since, now)
        if chosen := by_signs(found, rules.by_signs, queued, self._zone):
            await self._queue.add(chosen, now)

    async def _days(self, since: datetime, until: datetime) -> AsyncIterator[Sequence[TalkFacts]]:
        """Read talks a day at a time: a great centre has a hundred thousand in a week."""
        while since < until:
            then = min(since + _DAY, until)
            yield await self._queue.talks(since, then)
            since = then

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._zone)
