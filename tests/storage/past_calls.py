"""Calls that were, with their outcomes."""

from datetime import timedelta

from hotline.calls.call import CallRecord, Outcome
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
