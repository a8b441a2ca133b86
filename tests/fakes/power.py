"""A city whose houses have queues, and day schedules as a supplier publishes them."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

from hotline.power.queues import POWER_QUEUES

KYIV = ZoneInfo("Europe/Kyiv")
QUEUES = """
supplier_uk = "Чернігівобленерго"
phone = "0800210310"
page = "https://supplier.example/account"

[[house]]
place = "Київський квартал, 1–9"
queue = "4.1"

[[house]]
place = "Київський квартал, 7"
queue = "5.2"
"""


@contextmanager
def houses_with_queues() -> Iterator[None]:
    """Let them hold for a while."""
    with POWER_QUEUES.kept():
        POWER_QUEUES.hold({1: QUEUES})
        yield


def published(
    day: date, queues: Mapping[str, Mapping[int, str]], *, update: str = "", **more: object
) -> bytes:
    """Write a supplier's file: hours that are not told are `yes`."""
    midnight = str(int(datetime(day.year, day.month, day.day, tzinfo=KYIV).timestamp()))
    data = {
        f"GPV{queue}": {str(hour): hours.get(hour, "yes") for hour in range(1, 25)}
        for queue, hours in queues.items()
    }
    fact = {"update": update or f"{day:%d.%m.%Y} 00:10", "data": {midnight: data}, **more}
    return json.dumps({"fact": fact}).encode()
