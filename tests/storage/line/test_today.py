"""The line at this moment, on both databases."""

from datetime import timedelta
from typing import Any

import pytest

from hotline.calls.call import CallRecord, Direction, Outcome
from hotline.line.presence_states import Presence
from hotline.line.service_level import LineCounts
from hotline.line.today import LineNow
from storage.store import Storage
from tests.storage.conftest import NOON


async def test_nobody_is_there(storage: Storage) -> None:
    assert await storage.line_today.now() == LineNow()


async def test_who_waits_who_talks_and_who_is_at_a_desk(storage: Storage) -> None:
    for number, presence in enumerate((*(Presence.READY,) * 3, Presence.PAUSED, None), 201):
        one = await storage.dispatchers.add(str(number), "Олена", "s", frozenset())
        if presence:
            await storage.dispatchers.set_presence(one.id, Presence.READY, NOON)
            await storage.dispatchers.set_presence(one.id, presence, NOON)
    for second in range(5):
        await storage.line.enter(f"call-{second}", at=NOON + timedelta(seconds=second))
    talking = await storage.line.pair(NOON)
    assert talking is not None
    await storage.line.answered(talking.call_id, talking.dispatcher.id, NOON)
    assert await storage.line.pair(NOON) is not None
    assert await storage.kept_places.keep("call-4", "+380671234567", NOON)
    assert await storage.line_today.now() == LineNow(
        waiting=3, waits_since=NOON + timedelta(seconds=1), kept=1, talking=1, at_desks=4, ready=1
    )


async def test_a_day_of_calls_is_counted_as_the_report_counts_it(storage: Storage) -> None:
    since = NOON - timedelta(hours=12)

    async def called(
        call_id: str, *, talked: float | None = None, gone: float | None = None, **known: Any
    ) -> None:
        joined = NOON + timedelta(seconds=1)
        values: dict[str, Any] = {
            "arrived_at": NOON,
            "joined_at": joined,
            "talked_at": None if talked is None else joined + timedelta(seconds=talked),
            "ended_at": None if gone is None else joined + timedelta(seconds=gone),
            **known,
        }
        await storage.calls.open(CallRecord(id=call_id, number=None, shown="", **values))

    for call_id, after in (("at-once", 3.0), ("just", 20.0), ("late", 20.1)):
        await called(call_id, talked=after, gone=60, outcome=Outcome.TALKED)
    await called("lost", gone=30, outcome=Outcome.ABANDONED_IN_LINE)
    await called("lost-at-once", gone=4, outcome=Outcome.ABANDONED_IN_LINE)
    await called("elsewhere", gone=30, outcome=Outcome.MESSAGE_LEFT)
    await called("waits")
    await called("machine", joined_at=None, gone=30, outcome=Outcome.ANSWERED_BY_MACHINE)
    await called("ours", direction=Direction.OUTGOING, outcome=Outcome.TALKED, talked=1, gone=9)
    await called("yesterday", arrived_at=NOON - timedelta(hours=13))
    await storage.calls.flush()
    found = await storage.line_today.counts(since, since + timedelta(days=1))
    assert found == LineCounts(
        answered=3,
        answered_in_time=2,
        abandoned=2,
        short_abandoned=1,
        elsewhere=1,
        waiting=1,
        waited=pytest.approx(43.1, abs=0.01),
    )
    assert (
        await storage.line_today.counts(since - timedelta(days=9), since - timedelta(days=8)) == LineCounts()
    )
