"""Recorded talks of dispatchers, for the tests of quality on both sides of the pages."""

from datetime import datetime, timedelta

from hotline.calls.call import CallRecord, Direction, Outcome, Recording
from hotline.quality.sampling import Picked
from hotline.quality.signs import Sign
from storage.store import Storage


async def recorded(
    storage: Storage,
    name: str,
    dispatcher_id: int | None,
    at: datetime,
    *,
    seconds: float = 120.0,
    number: str | None = None,
    file: str = "r.wav",
    direction: Direction = Direction.INCOMING,
) -> Recording:
    """Keep a call of this name and the recording `r-NAME` of its talk."""
    call = CallRecord(id=name, number=number, shown=number or "", arrived_at=at, direction=direction)
    await storage.calls.open(call)
    await storage.calls.close(name, Outcome.TALKED, at + timedelta(seconds=seconds))
    await storage.calls.flush()
    made = Recording(
        id=f"r-{name}",
        call_id=name,
        dispatcher_id=dispatcher_id,
        started_at=at,
        caller_file=f"{name}-rx.wav",
        dispatcher_file=f"{name}-tx.wav",
        listening_file=file,
        seconds=seconds,
    )
    await storage.calls.keep_recording(made)
    await storage.calls.flush()
    return made


async def queue_up(storage: Storage, at: datetime, **signs: Sign) -> None:
    """Take talks that were recorded into the queue: the call's name with its sign."""
    talks = await storage.quality_queue.talks(at - timedelta(days=400), at + timedelta(days=1))
    picked = [
        Picked(talk=one, signs=frozenset({signs[one.call_id]})) for one in talks if one.call_id in signs
    ]
    assert len(picked) == len(signs)
    await storage.quality_queue.add(picked, at)
