"""Whatever is done with an outage: who asked hears only what is new to them, and in the end all of it."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from hotline.contact.channel import Channel
from hotline.delivery.outbox import Notice
from hotline.outages.outage import By, Outage
from hotline.outages.telling import change_since, outage_of
from hotline.voice.speech import Language
from storage.store import Storage
from tests.effort import effort
from tests.fakes.clock import SetClock
from tests.fakes.databases import fresh_storage
from tests.storage.conftest import NOON
from tests.storage.outages.test_telling import HOUR, NEW, SETTLING

DEEDS = st.sampled_from(
    [
        *(("end", None), ("reopen", None), ("cancel", None), ("deliver", None)),
        *(("move", None), ("move", 1), ("move", 5), ("tell-in", 0), ("tell-in", 60), ("tell-in", 130)),
        *(("tell-in", 130), ("tell-in", 700)),
    ]
)


@dataclass(kw_only=True)
class City:
    """An outage, who asked about it by short message, and what they were told."""

    storage: Storage
    clock: SetClock
    outage: Outage
    versions: dict[int, Outage] = field(default_factory=dict)
    heard: list[Notice] = field(default_factory=list)

    async def do(self, deed: str, given: int | None) -> None:
        outages, now = self.storage.outages, self.clock.now()
        there = await outages.get(self.outage.id)
        match deed:
            case "move" if not there.over:
                end = None if given is None else NOON + given * HOUR
                await outages.change(there, replace(NEW, expected_end=end), By())
            case "end":
                await outages.end(there.id, now, By())
            case "cancel":
                await outages.cancel(there.id, By(), "помилка")
            case "reopen":
                await outages.reopen(there.id, By(), "не відновлено")
            case "tell-in":
                self.clock.pass_by(given or 0)
                await self.storage.outage_telling.tell(self.clock.now(), SETTLING)
            case "deliver":
                await self.deliver()
        after = await outages.get(there.id)
        self.versions[after.version] = after

    async def deliver(self) -> None:
        now = self.clock.now()
        for notice in await self.storage.outbox.claim((Channel.SMS,), now):
            version = outage_of(notice.matter)[1]
            assert await self.new_to_them(self.versions[version]) == notice.about
            await self.storage.outbox.sent(notice.id, now)
            self.heard.append(notice)

    async def new_to_them(self, now: Outage) -> str | None:
        """What is otherwise now than as they last heard."""
        known = outage_of(self.heard[-1].matter)[1] if self.heard else 1
        history = await self.storage.outages.history(self.outage.id)
        facts = next(one.facts for one in history if one.version == known)
        return change_since(facts, now, self.clock.now())


async def play(deeds: list[tuple[str, int | None]]) -> None:
    clock = SetClock(NOON)
    async with fresh_storage(clock) as storage:
        outage = await storage.outages.enter(NEW, By())
        city = City(storage=storage, clock=clock, outage=outage, versions={1: outage})
        await storage.outage_watch.watch(
            outage.id, channel=Channel.SMS, address="+380671112201", language=Language.UKRAINIAN, at=NOON
        )
        for deed, given_ in [*deeds, ("tell-in", 700), ("deliver", None)]:
            await city.do(deed, given_)
        assert await city.new_to_them(await storage.outages.get(outage.id)) is None
        assert len({one.matter for one in city.heard}) == len(city.heard)
        clock.pass_by(timedelta(days=1).total_seconds())
        assert await storage.outage_telling.tell(clock.now(), SETTLING) == 0


@example([("end", None), ("tell-in", 130), ("reopen", None), ("tell-in", 130), ("deliver", None)])
@settings(max_examples=effort(day=12, night=180), deadline=None)
@given(st.lists(DEEDS, min_size=6, max_size=20))
def test_who_asked_hears_only_what_is_new_and_in_the_end_knows_how_it_stands(
    deeds: list[tuple[str, int | None]],
) -> None:
    asyncio.run(play(deeds))
