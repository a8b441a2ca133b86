"""Presence as spans: what stood before the window counts, and each ends where the next begins."""

from datetime import timedelta

from hotline.line.presence_states import Presence
from storage.store import Storage
from tests.storage.conftest import NOON

HOUR = timedelta(hours=1)


async def test_a_window_begins_with_what_stood_before_it_and_ends_with_the_window(storage: Storage) -> None:
    olena = await storage.dispatchers.add("201", "Олена", "s", frozenset())
    taras = await storage.dispatchers.add("202", "Тарас", "s", frozenset())
    for hours, presence in (
        (1, Presence.READY),
        (2, Presence.PAUSED),
        (3, Presence.READY),
        (9, Presence.AWAY),
    ):
        await storage.dispatchers.set_presence(olena.id, presence, NOON + hours * HOUR)
    since, until = NOON + 1.5 * HOUR, NOON + 4 * HOUR
    spans = await storage.presence_log.spans(since, until)
    found = [
        (one.presence, (one.since - NOON) / HOUR, (one.until - NOON) / HOUR)
        for one in spans
        if one.dispatcher_id == olena.id
    ]
    assert found == [(Presence.READY, 1.5, 2), (Presence.PAUSED, 2, 3), (Presence.READY, 3, 4)]
    others = [(one.there, one.since, one.until) for one in spans if one.dispatcher_id == taras.id]
    assert others == [(False, since, until)]
