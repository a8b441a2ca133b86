"""Telephones of guests: how many there may be, and that none is left over."""

import json
from collections.abc import Mapping

import pytest

from hotline.calls.web_calls import WebOrigin
from telephony.ari.actions import Ari
from telephony.ari.errors import AriRefused, NotThere
from telephony.desks.endpoints import DeskPlan
from telephony.desks.guest_phones import CLOSED_WITHIN_SECONDS, Guest, GuestPhones, NoRoom

PLAN = DeskPlan(
    proxy="", silence_seconds=3, hold_silence_seconds=60, guests=2, guest_seconds=600, browsers_at_edge=True
)
HERE = WebOrigin(page="/outages")
NOTED_AFTER = 3
"""Asterisk lists a channel at its endpoint for so many looks more after it was hung up."""


class Asterisk:
    """Keeps the names of objects that are put to it, and channels until it has noted their ends."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.channels: dict[str, list[str]] = {}
        """By endpoint."""
        self.listed: set[str] = set()
        """Endpoints that it lists though they are not there: deleted before a channel's end was noted."""
        self.refuses = False
        self.asked: list[str] = []
        """The paths of what was asked of it."""
        self._looks_left: dict[str, int] = {}

    async def request(
        self, method: str, path: str, query: Mapping[str, str] | None = None, body: str = ""
    ) -> str:
        del query, body
        self.asked.append(path)
        name = path.rpartition("/")[2]
        match method, path.split("/")[1]:
            case "PUT", _:
                self.names.add(name)
            case "DELETE", "channels":
                self._looks_left[name] = NOTED_AFTER
            case "DELETE", _ if self.refuses:
                raise AriRefused(path)
            case "DELETE", _:
                if self.channels.get(name):
                    self.listed.add(name)
                self.names.discard(name)
            case "GET", "endpoints":
                return self._endpoints(name)
            case _ if name not in self.names:
                raise NotThere(path)
        return "{}"

    def _endpoints(self, name: str) -> str:
        if name == "PJSIP":
            return json.dumps([{"resource": one} for one in sorted(self.names | self.listed)])
        if name not in self.names | self.listed:
            raise NotThere(name)
        there = self.channels.get(name, [])
        for one in [one for one in there if one in self._looks_left]:
            self._looks_left[one] -= 1
            if self._looks_left[one] < 0:
                there.remove(one)
        return json.dumps({"resource": name, "channel_ids": there})

    def order(self, method: str, path: str) -> None:
        raise AssertionError(f"{method} {path}")


@pytest.fixture
def asterisk() -> Asterisk:
    return Asterisk()


@pytest.fixture
def guests() -> dict[str, Guest]:
    return {}


@pytest.fixture
def phones(asterisk: Asterisk, guests: dict[str, Guest]) -> GuestPhones:
    return GuestPhones(ari=Ari(asterisk, "hotline"), guests=guests, plan=PLAN)


async def test_guests_of_pages_that_were_killed_take_nobodys_room_for_ever(
    asterisk: Asterisk, guests: dict[str, Guest], phones: GuestPhones
) -> None:
    for name in ("guest-1", "guest-2"):
        await phones.open(name, "secret", HERE)
    with pytest.raises(NoRoom):
        await phones.open("guest-3", "secret", HERE)

    for guest in guests.values():
        guest.since -= PLAN.guest_seconds + CLOSED_WITHIN_SECONDS + 1
    await phones.open("guest-3", "secret", HERE)
    assert set(guests) == {"guest-3"}
    await phones.close_left_over()
    assert asterisk.names == {"guest-3"}


async def test_an_endpoint_goes_after_the_end_of_its_call_was_noted_there(
    asterisk: Asterisk, phones: GuestPhones
) -> None:
    await phones.open("guest-1", "secret", HERE)
    asterisk.channels["guest-1"] = ["c1"]
    await phones.close("guest-1")
    assert (asterisk.names, asterisk.listed) == (set(), set())


async def test_whom_asterisk_would_not_forget_it_is_asked_to_forget_again_and_nobody_waits_for_it(
    asterisk: Asterisk, phones: GuestPhones
) -> None:
    await phones.open("guest-1", "secret", HERE)
    asterisk.channels["guest-1"] = ["c1"]
    asterisk.refuses = True
    with pytest.raises(AriRefused):
        await phones.close("guest-1")
    asterisk.asked.clear()
    await phones.open("guest-2", "secret", HERE)
    assert not [path for path in asterisk.asked if "guest-1" in path]
    await phones.close_left_over()
    assert asterisk.names == {"guest-1", "guest-2"}

    asterisk.refuses = False
    await phones.close_left_over()
    assert asterisk.names == {"guest-2"}


async def test_a_guest_of_an_ended_service_whom_asterisk_would_not_forget_keeps_nobody_from_being_served(
    asterisk: Asterisk, phones: GuestPhones
) -> None:
    asterisk.names, asterisk.refuses = {"guest-1"}, True
    await phones.begin()
    await phones.close_left_over()
    assert asterisk.names == {"guest-1"}

    asterisk.refuses = False
    await phones.close_left_over()
    assert asterisk.names == set()


async def test_what_is_listed_and_not_there_holds_up_no_new_connection(
    asterisk: Asterisk, phones: GuestPhones
) -> None:
    asterisk.listed, asterisk.channels = {"guest-1"}, {"guest-1": ["c1"]}
    asterisk.names = {"guest-2", "web-201"}
    await phones.begin()
    await phones.close_left_over()
    assert asterisk.names == {"web-201"}
    assert asterisk.channels == {"guest-1": ["c1"]}
