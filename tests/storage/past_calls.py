"""Calls that were, with their outcomes."""

from datetime import timedelta

from hotline.calls.call import CallRecord, Outcome, Recording
from storage.store import Storage
from tests.storage.conftest import NOON


async def call(
    storage: Storage, call_id: str, number: str | None, minutes: int, outcome: Outcome | None = None
) -> None:
    """Keep a call that came so many minutes after NOON; one with an outcome lasted half a minute."""
    arrived = NOON + timedelta(minutes=minutes)
    await storage.calls.open(CallRecord(id=call_id, number=number, shown=number or "", arrived_at=arrived))
    if outcome is not None:
        await storage.calls.close(call_id, outcome, arrived + timedelta(seconds=30))
    await storage.calls.flush()


def recording(call_id: str) -> Recording:
    """The only recording of this call, with the files of both sides and of the copy for listening."""
    return Recording(
        id=f"r-{call_id}",
        call_id=call_id,
        dispatcher_id=None,
        started_at=NOON,
        caller_file=f"/{call_id}-rx.wav",
        dispatcher_file=f"/{call_id}-tx.wav",
        listening_file=f"/{call_id}.wav",
        seconds=9.0,
    )
