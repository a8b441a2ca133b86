"""Browser phones: passwords, which phone is rung, and what ends when a page dies."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hotline.line.line import Dispatcher
from telephony.ami.messages import PhoneStatus
from telephony.ari.actions import Ari
from telephony.ari.errors import AriUnavailable, NotThere
from telephony.desks import browser_phones
from telephony.desks.browser_phones import BrowserPhones
from telephony.desks.endpoints import DeskPlan
from telephony.desks.provided_endpoints import is_within, provide_endpoint

OLENA = Dispatcher(id=1, extension="201", name="Олена", secret="s", since=datetime(2026, 3, 2, tzinfo=UTC))


class Asterisk:
    """Keeps what is put to it; `web-201` has one channel."""

    def __init__(self) -> None:
        self.objects: dict[str, str] = {}
        self.variables: dict[str, str] = {}
        self.hung_up: list[tuple[str, str]] = []
        self.online: list[str] = []
        self.asked = asyncio.Event()
        """Both phones of the desk were asked for."""

    async def request(
        self, method: str, path: str, query: Mapping[str, str] | None = None, body: str = ""
    ) -> str:
        if method == "PUT":
            self.objects[path] = body
        elif method == "DELETE":
            self.hung_up.append((path, (query or {})["reason_code"]))
        elif path == "/asterisk/variable":
            asked = query or {}
            if method == "POST":
                self.variables[asked["variable"]] = asked["value"]
            return json.dumps({"value": self.variables.get(asked["variable"], "")})
        elif path == "/endpoints/PJSIP":
            return json.dumps([{"resource": name, "state": "online"} for name in self.online])
        elif path == "/endpoints/PJSIP/web-201":
            state = "online" if "web-201" in self.online else "offline"
            return json.dumps({"resource": "web-201", "state": state, "channel_ids": ["ring-1"]})
        elif path not in self.objects:
            if path == "/endpoints/PJSIP/desk-201":
                self.asked.set()
            raise NotThere(path)
        return "{}"

    def order(self, method: str, path: str) -> None:
        raise AssertionError(f"{method} {path}")

    def password(self) -> str:
        (auth,) = (body for path, body in self.objects.items() if "/auth/" in path)
        return next(one["value"] for one in json.loads(auth)["fields"] if one["attribute"] == "password")


PLAN = DeskPlan(proxy="", silence_seconds=3, hold_silence_seconds=60)


@pytest.fixture
def asterisk() -> Asterisk:
    return Asterisk()


@pytest.fixture
async def phones(asterisk: Asterisk) -> AsyncIterator[BrowserPhones]:
    async with asyncio.TaskGroup() as tasks:
        yield BrowserPhones(
            ari=Ari(asterisk, "hotline"),
            passwords={},
            plan=PLAN,
            tells_transfers=True,
            tasks=tasks,
        )


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser_phones, "GRACE_SECONDS", 0.05)
    monkeypatch.setattr(browser_phones, "RETURN_SECONDS", 0.05)
    monkeypatch.setattr(browser_phones, "TOLD_SECONDS", 0.05)


async def test_each_opening_has_a_password_of_its_own_and_ends_what_the_page_before_left(
    phones: BrowserPhones, asterisk: Asterisk
) -> None:
    first = await phones.open("201")
    second = await phones.open("201")
    assert first != second == asterisk.password()
    assert asterisk.hung_up == [("/channels/ring-1", "27")] * 2


async def test_at_the_edge_all_nodes_know_a_browsers_password_which_is_not_its_desks(
    asterisk: Asterisk,
) -> None:
    given = []
    for _node in range(2):
        async with asyncio.TaskGroup() as tasks:
            phones = BrowserPhones(
                ari=Ari(asterisk, "hotline"),
                passwords={},
                plan=replace(PLAN, registrars=["192.0.2.1:5060"], browsers_at_edge=True),
                tells_transfers=True,
                tasks=tasks,
            )
            with pytest.raises(AriUnavailable):
                await phones.open("201")
            await phones.provide(OLENA)
            given.append(await phones.open("201"))
    assert given == [asterisk.password()] * 2
    assert OLENA.secret not in given
    assert asterisk.hung_up == [("/channels/ring-1", "27")] * 2


async def test_an_asterisk_that_died_is_given_the_present_passwords(asterisk: Asterisk) -> None:
    async with asyncio.TaskGroup() as tasks:
        phones = BrowserPhones(
            ari=Ari(asterisk, "hotline"),
            passwords={"web-201": "known"},
            plan=PLAN,
            tells_transfers=True,
            tasks=tasks,
        )
        await phones.begin()
    assert asterisk.password() == "known"


async def test_the_browser_is_rung_while_it_is_registered_else_the_desk_phone(phones: BrowserPhones) -> None:
    assert await phones.reach(OLENA) == "desk-201"
    phones.take(status("a", reachable=True))
    assert await phones.reach(OLENA) == "web-201"
    assert list(phones.phones_of(OLENA)) == ["desk-201", "web-201"]
    phones.take(status("a", reachable=False))
    assert await phones.reach(OLENA) == "desk-201"


async def test_a_browser_that_was_registered_before_we_came_is_known(
    phones: BrowserPhones, asterisk: Asterisk
) -> None:
    asterisk.online = ["web-201", "desk-202"]
    await phones.begin()
    assert await phones.reach(OLENA) == "web-201"


async def test_a_registration_that_is_told_a_moment_late_is_waited_for(
    phones: BrowserPhones, asterisk: Asterisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not await phones.can_ring("201")
    monkeypatch.setattr(browser_phones, "TOLD_SECONDS", 60)
    asterisk.asked.clear()
    asking = asyncio.create_task(phones.can_ring("201"))
    await asterisk.asked.wait()
    phones.take(status("a", reachable=True))
    assert await asking


async def test_whose_phone_asterisk_counts_and_has_not_told_of_is_not_lost(
    phones: BrowserPhones, asterisk: Asterisk
) -> None:
    asterisk.online = ["web-201"]
    assert await phones.can_ring("201")
    assert not phones.lost(OLENA)


async def test_a_page_that_comes_back_in_time_keeps_its_calls_and_is_waited_for(
    phones: BrowserPhones, asterisk: Asterisk
) -> None:
    phones.take(status("a", reachable=True))
    phones.take(status("a", reachable=False))
    reaching = asyncio.create_task(phones.reach(OLENA))
    await asyncio.sleep(0)
    phones.take(status("b", reachable=True))
    assert await reaching == "web-201"
    assert asterisk.hung_up == []


@pytest.mark.parametrize("old_first", [True, False])
async def test_an_address_that_replaces_another_is_no_loss(
    phones: BrowserPhones, asterisk: Asterisk, *, old_first: bool
) -> None:
    phones.take(status("a", reachable=True))
    changes = [status("a", reachable=False), status("b", reachable=True)]
    for change in changes if old_first else reversed(changes):
        phones.take(change)
    assert phones.registered(OLENA) == "web-201"


async def test_a_page_that_stays_away_loses_its_calls_as_out_of_order(asterisk: Asterisk) -> None:
    async with asyncio.TaskGroup() as tasks:
        phones = BrowserPhones(
            ari=Ari(asterisk, "hotline"),
            passwords={},
            plan=PLAN,
            tells_transfers=True,
            tasks=tasks,
        )
        phones.take(status("a", reachable=True))
        phones.take(status("a", reachable=False))
    assert asterisk.hung_up == [("/channels/ring-1", "27")]


def status(contact: str, *, reachable: bool) -> PhoneStatus:
    return PhoneStatus(endpoint="web-201", reachable=reachable, contact=contact)


async def test_a_phone_in_a_talk_is_given_its_new_networks_later(asterisk: Asterisk) -> None:
    ari, name = Ari(asterisk, "hotline"), "web-201"
    assert await provide_endpoint(ari, name, {"permit": "10.0.0.0/8"})
    assert await provide_endpoint(ari, name, {"permit": "10.0.0.0/8"}), "they are what they were"
    assert not await provide_endpoint(ari, name, {"permit": "192.168.0.0/16"})
    assert not await provide_endpoint(ari, name, {"permit": "10.0.0.0/8", "media_encryption": "sdes"})
    assert asterisk.variables == {"HOTLINE_NETWORKS_web-201": "10.0.0.0/8"}


@pytest.mark.parametrize(
    ("host", "within"),
    [
        ("10.1.2.3:5060", True),
        ("192.168.0.7", False),
        ("[fd00::7]:5060;ob", True),
        ("phone.example", True),
        ("[phone]:5060", True),
    ],
)
def test_a_registration_is_known_by_its_address(host: str, *, within: bool) -> None:
    assert is_within(f"sip:desk-201@{host}", {"permit": "10.0.0.0/8,fd00::/8"}) is within
