"""Telephones of guests: how many there may be, and that none is left over."""

from collections.abc import Mapping

import pytest

from hotline.calls.web_calls import WebOrigin
from telephony.ari.actions import Ari
from telephony.ari.errors import NotThere
from telephony.desks.endpoints import DeskPlan
from telephony.desks.guest_phones import CLOSED_WITHIN_SECONDS, Guest, GuestPhones, NoRoom

PLAN = DeskPlan(
    proxy="", silence_seconds=3, hold_silence_seconds=60, guests=2, guest_seconds=600, browsers_at_edge=True
)
HERE = WebOrigin(page="/outages")


class Asterisk:
    """Keeps the names of objects that are put to it; nobody calls."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    async def request(
        self, method: str, path: str, query: Mapping[str, str] | None = None, body: str = ""
    ) -> str:
        del query, body
        name = path.rpartition("/")[2]
        if method == "PUT":
            self.names.add(name)
        elif method == "DELETE":
            self.names.discard(name)
        else:
            raise NotThere(path)
        return "{}"

    def order(self, method: str, path: str) -> None:
        raise AssertionError(f"{method} {path}")


async def test_guests_of_pages_that_were_killed_take_nobodys_room_for_ever() -> None:
    asterisk, guests = Asterisk(), dict[str, Guest]()
    phones = GuestPhones(ari=Ari(asterisk, "hotline"), guests=guests, plan=PLAN)
    for name in ("guest-1", "guest-2"):
        await phones.open(name, "secret", HERE)
    with pytest.raises(NoRoom):
        await phones.open("guest-3", "secret", HERE)

    for guest in guests.values():
        guest.since -= PLAN.guest_seconds + CLOSED_WITHIN_SECONDS + 1
    await phones.open("guest-3", "secret", HERE)
    assert set(guests) == asterisk.names == {"guest-3"}
