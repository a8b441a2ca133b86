"""Outages entered in one line."""

from datetime import datetime
from typing import Any

from hotline.city.classifier import Utility
from hotline.outages.outage import By, NewOutage, Outage, OutageKind, Outages


async def entered(
    outages: Outages,
    utility: Utility,
    kind: OutageKind,
    starts_at: datetime,
    expected_end: datetime | None = None,
    **more: Any,
) -> Outage:
    new = NewOutage(utility=utility, kind=kind, starts_at=starts_at, expected_end=expected_end, **more)
    return await outages.enter(new, By())
