"""`hotline bench screen-pop`: from the caller's key to the dispatcher's screen, in a city of full size.

The clock starts at Asterisk's own stamp on `ChannelDtmfReceived`, the event of the key that asks for a
dispatcher; it stops when the fragment with the caller is read from a desk's socket, or stands in a page.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from hotline.calls.call import Step
from hotline.errors import CallGone
from hotline.line.presence_states import Presence
from telephony.phone.phone import Phone
from tests.bench import city
from tests.bench.browser_desk import Browser, browser_desk
from tests.bench.hotline import BenchHotline
from tests.bench.measured import Limit, Measured, percentile
from tests.bench.open_desks import Desk, Screens, dead_screens, open_screens, sign_in
from tests.bench.pressed_keys import PressedKeys, pressed_keys
from tests.bench.progress import tell

DESKS = 50
ON_DUTY = 10
DEAD = 10
CALLS = 300
CALLERS_AT_ONCE = 2
POP_SECONDS = 10
CALLS_A_SECOND = 4
LIMITS = {"socket_p50_ms": Limit(most=10), "socket_p99_ms": Limit(most=50), "dom_p99_ms": Limit(most=150)}
WITHOUT_DEAD = "without_dead_"

Shown = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Office:
    """All parts that run while it is measured."""

    hotline: BenchHotline
    desks: Sequence[Desk]
    screens: Screens
    keys: PressedKeys
    numbers: Iterator[int]


async def bench_screen_pop(hotline: BenchHotline, *, seconds: int | None, calls: int | None) -> Measured:
    """Measure to the sockets and to a page, at first without dead sockets, then beside ten of them."""
    wanted = calls or (CALLS_A_SECOND * seconds if seconds else CALLS)
    async with _office(hotline) as office:
        figures = {WITHOUT_DEAD + name: value for name, value in (await _round(office, wanted)).items()}
        tell(f"the same beside {DEAD} dead sockets")
        async with dead_screens(office.desks[:DEAD]):
            figures |= await _round(office, wanted)
    limits = {WITHOUT_DEAD + name: limit for name, limit in LIMITS.items()} | LIMITS
    failed = figures.pop(f"{WITHOUT_DEAD}failed") + figures.pop("failed")
    return Measured(
        name="screen-pop",
        figures={"failed": failed, **figures, "load_average": round(os.getloadavg()[0], 2)},
        limits={"failed": Limit(most=0)} | {name: limits[name] for name in limits if name in figures},
    )


@asynccontextmanager
async def _office(hotline: BenchHotline) -> AsyncIterator[_Office]:
    async with AsyncExitStack() as stack:
        desks = [await sign_in(hotline, number) for number in range(DESKS)]
        keys = await stack.enter_async_context(pressed_keys(hotline.settings.asterisk))
        screens = await stack.enter_async_context(open_screens(desks))
        for desk in desks[:ON_DUTY]:
            await stack.enter_async_context(desk.telephone())
        numbers = iter(range(1, hotline.city.citizens))
        yield _Office(hotline=hotline, desks=desks, screens=screens, keys=keys, numbers=numbers)


async def _round(office: _Office, wanted: int) -> Mapping[str, float]:
    """Measure once to the sockets, with ten on duty, and once to the page of the only one on duty."""
    tell(f"{wanted} calls, {CALLERS_AT_ONCE} at once, {DESKS} desks open, {ON_DUTY} on duty")
    on_duty, before = office.desks[:ON_DUTY], set(office.screens.shown_at)
    failed = await _calls(office, on_duty, wanted, CALLERS_AT_ONCE, office.screens.until_shown)
    sockets = {one: at for one, at in office.screens.shown_at.items() if one not in before}
    figures = {"failed": failed, "pops": len(sockets), **await _to_sockets(office, sockets)}
    async with browser_desk(office.desks[0]) as browser:
        if browser is not None:
            tell(f"{wanted} calls, one after the other, to a desk in Chromium")
            figures["failed"] += await _calls(office, office.desks[:1], wanted, 1, browser.until_shown)
            figures["dom_p99_ms"] = _to_page(office, browser)
    return figures


async def _calls(office: _Office, on_duty: Sequence[Desk], wanted: int, at_once: int, shown: Shown) -> int:
    """Have citizens call while these dispatchers alone are on duty; give how many came to no screen."""
    for desk in on_duty:
        await desk.become(Presence.READY)
    indices = iter(range(wanted))
    callers = [_callers(office, indices, shown, on_duty if len(on_duty) == 1 else ()) for _ in range(at_once)]
    failed = sum(await asyncio.gather(*callers))
    for desk in on_duty:
        await desk.become(Presence.AWAY)
    return failed


async def _callers(office: _Office, indices: Iterator[int], shown: Shown, needed: Sequence[Desk]) -> int:
    """Call one after the other, each from another household, when those who are `needed` are ready again."""
    failed = 0
    for _index in indices:
        for desk in needed:  # the phone of the only one may have been busy still with the call before
            await desk.become_ready()
        settings = office.hotline.settings
        number = city.number_of(next(office.numbers) * 31, office.hotline.city)
        async with Phone(user=number) as phone:
            call = await phone.call(settings.number, to=("127.0.0.1", settings.sip_port))
            try:
                await call.answered(POP_SECONDS)
                async with asyncio.timeout(POP_SECONDS):
                    pressed = asyncio.create_task(office.keys.call_of(number))
                    await call.press("0")
                    await shown(await pressed)
            except (CallGone, TimeoutError):
                failed += 1
            await call.hang_up()
    return failed


async def _to_sockets(office: _Office, shown_at: Mapping[str, datetime]) -> Mapping[str, float]:
    from_key = [_ms(office.keys.at[call_id], at) for call_id, at in shown_at.items()]
    offered = {call_id: await _offered_at(office, call_id) for call_id in shown_at}
    from_offer = [_ms(at, shown_at[call_id]) for call_id, at in offered.items() if at is not None]
    return {
        "socket_p50_ms": round(percentile(from_key, 0.5), 1),
        "socket_p99_ms": round(percentile(from_key, 0.99), 1),
        "offer_to_socket_p50_ms": round(percentile(from_offer, 0.5), 1),
        "offer_to_socket_p99_ms": round(percentile(from_offer, 0.99), 1),
    }


async def _offered_at(office: _Office, call_id: str) -> datetime | None:
    """Give the moment at which the service offered the call; None where it has not written that yet."""
    journey = await office.hotline.storage.calls.journey(call_id)
    return next((step.at for step in journey if step.step is Step.DISPATCHER_OFFERED), None)


def _to_page(office: _Office, browser: Browser) -> float:
    delays = [_ms(office.keys.at[call_id], at) for call_id, at in browser.shown_at.items()]
    return round(percentile(delays, 0.99), 1)


def _ms(since: datetime, until: datetime) -> float:
    return (until - since).total_seconds() * 1000
