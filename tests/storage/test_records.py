"""What the database tells of calls for the truths that must hold."""

from datetime import timedelta

from hotline.calls import CallRecord, JourneyStep, Step
from storage.store import Storage

from .conftest import NOON


async def test_a_call_that_ended_twice_is_told_when_its_journey_is_looked_through(storage: Storage) -> None:
    for call_id, ends in (("once", 1), ("twice", 2)):
        await storage.calls.open(CallRecord(id=call_id, number="+380457900001", shown="", arrived_at=NOON))
        for number in range(ends):
            step = JourneyStep(call_id=call_id, number=number + 1, at=NOON, step=Step.ENDED, detail={})
            await storage.calls.note(step)
    await storage.calls.flush()
    assert (await storage.records.on_record(since=NOON)).ended_twice == {"twice"}
    assert (await storage.records.on_record(since=NOON + timedelta(minutes=1))).ended_twice == frozenset()
    assert (await storage.records.on_record()).ended_twice == frozenset()
