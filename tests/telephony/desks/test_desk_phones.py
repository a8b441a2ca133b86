"""Who has no phone is paused, and is ready again with it, whether or not Asterisk tells that it came back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from hotline.line.line import Dispatcher, Dispatchers
from hotline.line.presence_states import UNREACHABLE, Presence
from telephony.ami.client import AmiConnection
from telephony.ami.messages import PhoneStatus
from telephony.ari.actions import Ari
from telephony.desks import browser_phones
from telephony.desks.browser_phones import BrowserPhones
from telephony.desks.desk_phones import AGAIN_TIMES, PROVEN, DeskPhones
from telephony.desks.edges_asked import EdgesAsked
from telephony.desks.endpoints import DeskPlan
from tests.telephony.desks.test_browser_phones import Asterisk

PLAN = DeskPlan(proxy="", silence_seconds=3, hold_silence_seconds=60)
THEN = datetime(2026, 3, 2, tzinfo=UTC)


class FakeAmi:
    async def queue_members(self) -> set[str]:
        return set()

    async def queue_add(self, member: str, name: str) -> None: ...

    async def queue_remove(self, member: str) -> None: ...


class OneDispatcher:
    """The line's only dispatcher, and the clock."""

    def __init__(self) -> None:
        self.at = THEN
        self.one = Dispatcher(id=1, extension="201", name="Олена", secret="s", since=THEN)

    def now(self) -> datetime:
        return self.at

    async def all(self) -> list[Dispatcher]:
        return [self.one]

    async def by_extension(self, extension: str) -> Dispatcher | None:
        return self.one if extension == "201" else None

    async def set_presence(
        self, _dispatcher: int, presence: Presence, at: datetime, reason: str = ""
    ) -> Dispatcher:
        reason = "" if presence is Presence.READY else reason
        self.one = replace(self.one, presence=presence, reason=reason, since=at)
        return self.one


def there(_phones: BrowserPhones, _dispatcher: Dispatcher, _lasting: timedelta) -> bool:
    return True


@pytest.fixture
def olena(monkeypatch: pytest.MonkeyPatch) -> OneDispatcher:
    monkeypatch.setattr(browser_phones, "RETURN_SECONDS", 0)
    return OneDispatcher()


@asynccontextmanager
async def watched(olena: OneDispatcher, plan: DeskPlan) -> AsyncIterator[DeskPhones]:
    ari = Ari(Asterisk(), "hotline")
    async with asyncio.TaskGroup() as tasks:
        browsers = BrowserPhones(ari=ari, passwords={}, plan=plan, tells_transfers=True, tasks=tasks)
        yield DeskPhones(
            ari=ari,
            ami=cast("AmiConnection", FakeAmi()),
            dispatchers=cast("Dispatchers", olena),
            clock=olena,
            plan=plan,
            tells_transfers=True,
            browsers=browsers,
            edges=EdgesAsked(ari=ari, plan=plan),
        )


@pytest.fixture
async def phones(olena: OneDispatcher) -> AsyncIterator[DeskPhones]:
    async with watched(olena, PLAN) as one:
        yield one


async def test_who_is_paused_for_a_phone_that_was_there_all_the_time_is_not_paused_for_ever(
    phones: DeskPhones, olena: OneDispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    await phones.take(PhoneStatus(endpoint="desk-201", reachable=True, contact="sip:a"))
    await olena.set_presence(1, Presence.PAUSED, olena.at, UNREACHABLE)  # it sent no sound in a talk
    olena.at += PROVEN
    await phones.reconcile()
    assert olena.one.presence is Presence.PAUSED, "it has just registered: not known for long enough"
    monkeypatch.setattr(BrowserPhones, "there_for", there)
    await phones.reconcile()
    assert olena.one.presence is Presence.READY
    await olena.set_presence(1, Presence.PAUSED, olena.at, UNREACHABLE)
    olena.at += (AGAIN_TIMES - 1) * PROVEN
    await phones.reconcile()
    assert olena.one.presence is Presence.PAUSED, "it was in vain: callers wait for that phone no longer"
    olena.at += PROVEN
    await phones.reconcile()
    assert olena.one.presence is Presence.READY


@pytest.mark.parametrize("reason", ["", "break"])
async def test_who_paused_by_themselves_stays_paused(
    phones: DeskPhones, olena: OneDispatcher, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    monkeypatch.setattr(BrowserPhones, "there_for", there)
    await phones.take(PhoneStatus(endpoint="desk-201", reachable=True, contact="sip:a"))
    await olena.set_presence(1, Presence.PAUSED, olena.at, reason)
    olena.at += PROVEN
    await phones.reconcile()
    assert (olena.one.presence, olena.one.reason) == (Presence.PAUSED, reason)


async def test_a_node_that_reaches_no_phone_by_any_edge_pauses_nobody(olena: OneDispatcher) -> None:
    """It is cut off from the edges: the other nodes reach the dispatchers, who would all be paused."""
    await olena.set_presence(1, Presence.READY, olena.at)
    async with watched(olena, replace(PLAN, registrars=("edge",))) as node:

        async def told(phone: str, *, reachable: bool) -> Presence:
            await node.take(PhoneStatus(endpoint=phone, reachable=reachable, contact=f"sip:{phone}@edge"))
            await node.reconcile()
            return olena.one.presence

        for phone in ("desk-201", "desk-202"):
            await told(phone, reachable=True)
        assert await told("desk-202", reachable=False) is Presence.READY
        assert await told("desk-201", reachable=False) is Presence.READY, "no phone is there any more"
        assert await told("desk-202", reachable=True) is Presence.PAUSED, "only this one is not"


async def test_a_phone_that_is_away_brings_nobody_back(phones: DeskPhones, olena: OneDispatcher) -> None:
    await olena.set_presence(1, Presence.READY, olena.at)
    await phones.take(PhoneStatus(endpoint="desk-201", reachable=True, contact="sip:a"))
    await phones.take(PhoneStatus(endpoint="desk-201", reachable=False, contact="sip:a"))
    for _ in range(2):
        olena.at += PROVEN
        await phones.reconcile()
        assert (olena.one.presence, olena.one.reason) == (Presence.PAUSED, UNREACHABLE)
    await phones.take(PhoneStatus(endpoint="desk-201", reachable=True, contact="sip:a"))
    assert (await olena.all())[0].presence is Presence.READY, "and is told of when it comes"
