"""Live calls: each with the step that came last, and none that is over."""

from datetime import timedelta

from hotline.calls.call import CallRecord, JourneyStep, Step
from storage.store import Storage
from tests.storage.conftest import NOON


async def test_each_call_has_its_latest_step_whatever_was_written_last(storage: Storage) -> None:
    for call in ("one", "two", "new"):
        await storage.calls.open(CallRecord(id=call, number=None, shown="", arrived_at=NOON))
    steps = (("one", 1, 5, Step.PRESSED), ("one", 2, 1, Step.HEARD), ("two", 1, 0, Step.PRESSED))
    for call, number, seconds, step in steps:
        at = NOON + timedelta(seconds=seconds)
        await storage.calls.note(JourneyStep(call_id=call, number=number, at=at, step=step, detail={}))
    await storage.calls.flush()
    found = {one.id: one.last and (one.last.number, one.last.step) for one in await storage.live_calls.now()}
    assert found == {"one": (1, Step.PRESSED), "two": (1, Step.PRESSED), "new": None}
