from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import StatementError

from hotline.calls.call import CallRecord, JourneyStep, Outcome, Step
from storage.store import Storage
from tests.storage.conftest import NOON

LATER = NOON + timedelta(seconds=30)
ON_RECORD = CallRecord(id="c1", number="+380457900012", shown="0457900012", arrived_at=NOON)
FROM_CEL = CallRecord(id="c1", number=None, shown="?", arrived_at=LATER, answered_at=NOON)
MISSED = CallRecord(id="c2", number=None, shown="", arrived_at=LATER, answered_at=LATER)


def step(call_id: str, number: int, what: Step) -> JourneyStep:
    return JourneyStep(call_id=call_id, number=number, at=LATER, step=what)


async def test_a_file_never_seen_is_read_from_its_beginning(storage: Storage) -> None:
    assert await storage.cel.offset("hotline.csv") == 0


async def test_what_is_missing_is_added_and_what_is_known_stays_however_often_repeated(
    storage: Storage,
) -> None:
    await storage.calls.open(ON_RECORD)
    await storage.calls.note(step("c1", 1, Step.ARRIVED))
    await storage.calls.flush()
    for since in (0, 4096):
        await storage.cel.apply(
            file="hotline.csv",
            since=since,
            offset=4096,
            calls=[FROM_CEL, MISSED],
            steps=[step("c1", 1, Step.HEARD), step("c1", 2, Step.ENDED), step("c2", 1, Step.FELL_BACK)],
            endings=[("c2", Outcome.ABANDONED_IN_LINE, LATER)],
        )
    one, two = await storage.calls.find("c1"), await storage.calls.find("c2")
    assert one is not None
    assert two is not None
    assert (one.number, one.arrived_at, one.answered_at) == (ON_RECORD.number, NOON, NOON)
    assert (one.ended_at, one.outcome) == (LATER, None)
    assert (two.ended_at, two.outcome) == (LATER, Outcome.ABANDONED_IN_LINE)
    assert [each.step for each in await storage.calls.journey("c1")] == [Step.ARRIVED, Step.ENDED]
    assert await storage.cel.offset("hotline.csv") == 4096


@pytest.mark.parametrize("first", ["service", "asterisk"])
async def test_no_call_ends_twice_whoever_tells_it_first(storage: Storage, first: str) -> None:
    await storage.calls.open(ON_RECORD)
    await storage.calls.flush()
    tellers = ("service", "asterisk") if first == "service" else ("asterisk", "service")
    for teller in tellers:
        if teller == "service":
            await storage.calls.note(step("c1", 7, Step.ENDED))
            await storage.calls.close("c1", Outcome.TALKED, LATER)
            await storage.calls.flush()
        else:
            await storage.cel.apply(
                file="hotline.csv",
                since=0,
                offset=1,
                calls=[],
                steps=[step("c1", 1001, Step.ENDED)],
                endings=[("c1", Outcome.ABANDONED_IN_LINE, LATER)],
            )
    found = await storage.calls.find("c1")
    assert found is not None
    assert found.outcome is (Outcome.TALKED if first == "service" else Outcome.ABANDONED_IN_LINE)
    assert [each.step for each in await storage.calls.journey("c1")].count(Step.ENDED) == 1


async def test_an_earlier_ending_is_not_overwritten(storage: Storage) -> None:
    await storage.calls.open(ON_RECORD)
    await storage.calls.close("c1", Outcome.TALKED, NOON)
    await storage.calls.flush()
    await storage.cel.apply(
        file="hotline.csv", since=0, offset=1, calls=[], steps=[], endings=[("c1", Outcome.LOST, LATER)]
    )
    found = await storage.calls.find("c1")
    assert found is not None
    assert (found.ended_at, found.outcome) == (NOON, Outcome.TALKED)


async def test_when_the_work_fails_the_cursor_stays(storage: Storage) -> None:
    broken = CallRecord(id="c3", number=None, shown="", arrived_at=NOON.replace(tzinfo=None))
    with pytest.raises(StatementError):
        await storage.cel.apply(
            file="hotline.csv", since=0, offset=9, calls=[MISSED, broken], steps=[], endings=[]
        )
    assert await storage.cel.offset("hotline.csv") == 0
    assert await storage.calls.find("c2") is None


async def test_what_was_read_before_somebody_moved_the_cursor_is_not_kept(storage: Storage) -> None:
    empty: dict[str, Any] = {"file": "hotline.csv", "steps": [], "endings": []}
    await storage.cel.apply(since=0, offset=9, calls=[], **empty)
    await storage.cel.apply(since=0, offset=5, calls=[MISSED], **empty)
    assert await storage.cel.offset("hotline.csv") == 9
    assert await storage.calls.find("c2") is None
