"""`hotline bench screen-pop`: from the caller's key to the dispatcher's socket, in a city of full size."""

import asyncio
import hashlib
import re
import secrets
from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta

import aiohttp

from hotline.calls import Step
from hotline.clock import SystemClock
from hotline.line import Dispatcher, Duty
from hotline.sign_in import Session
from hotline.users import Role
from service.bench import city
from service.bench.hotline import BenchHotline
from service.bench.measured import Limit, Measured, percentile
from service.bench.progress import tell
from telephony.phone.phone import Phone, RegistrationRefused

DESKS = 50
ON_DUTY = 10
DEAD = 10
CALLS = 200
CALLERS_AT_ONCE = 2
CALL_ID = re.compile(r'data-call="([^"]+)"')
TITLE = re.compile(r'id="pop-title"[^>]*>([^<]*)<')
POP_SECONDS = 10
CALLS_A_SECOND = 2
KNOWN_SECONDS = 10


class _Desks:
    """The open desks: when each call first came to a socket."""

    def __init__(self) -> None:
        self.shown_at: dict[str, datetime] = {}
        self.numbers: dict[str, asyncio.Event] = {}

    async def watch(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            now = SystemClock().now()
            if found := CALL_ID.search(message.data):
                await socket.send_str(found[1])
                self.shown_at.setdefault(found[1], now)
                self._told(message.data)

    def _told(self, fragment: str) -> None:
        title = TITLE.search(fragment)
        digits = re.sub(r"\D", "", title[1]) if title else ""
        for number, shown in self.numbers.items():
            if digits.endswith(number[1:]):
                shown.set()


async def bench_screen_pop(hotline: BenchHotline, *, seconds: int | None, calls: int | None) -> Measured:
    """Open the desks, ten of them dead, and let callers ask for a dispatcher."""
    wanted = calls or (CALLS_A_SECOND * seconds if seconds else CALLS)
    desks = _Desks()
    async with AsyncExitStack() as stack, aiohttp.ClientSession() as session:
        people = [await _dispatcher(hotline, number) for number in range(DESKS)]
        for number, one in enumerate(people):
            socket = await _open_desk(hotline, session, one)
            watching = asyncio.create_task(desks.watch(socket))
            stack.callback(watching.cancel)
            if number < DEAD:
                await _open_desk(hotline, session, one)  # nobody ever reads from this one
        for one in people[:ON_DUTY]:
            await _on_duty(hotline, stack, one)
        tell(f"{wanted} calls, {CALLERS_AT_ONCE} at once, {DESKS} desks open")
        indices = iter(range(wanted))
        failed = sum(
            await asyncio.gather(*(_callers(hotline, desks, indices) for _ in range(CALLERS_AT_ONCE)))
        )
    from_key, from_offer = await _delays(hotline, desks)
    return Measured(
        name="screen-pop",
        figures={
            "failed": failed,
            "pops": len(from_key),
            "socket_p50_ms": round(percentile(from_key, 0.5), 1),
            "socket_p99_ms": round(percentile(from_key, 0.99), 1),
            "offer_to_socket_p50_ms": round(percentile(from_offer, 0.5), 1),
            "offer_to_socket_p99_ms": round(percentile(from_offer, 0.99), 1),
        },
        limits={
            "failed": Limit(most=0),
            "socket_p50_ms": Limit(most=10),
            "socket_p99_ms": Limit(most=50),
        },
    )


async def _dispatcher(hotline: BenchHotline, number: int) -> Dispatcher:
    return await hotline.storage.dispatchers.add(
        str(100 + number), f"Диспетчер {number}", secrets.token_hex(8), frozenset()
    )


async def _open_desk(
    hotline: BenchHotline, session: aiohttp.ClientSession, one: Dispatcher
) -> aiohttp.ClientWebSocketResponse:
    """Open a desk as a browser does that has signed in; the session is written straight into the database."""
    storage, now, token = hotline.storage, SystemClock().now(), secrets.token_urlsafe(32)
    login = f"bench{one.id}"
    user = await storage.users.by_login(login) or await storage.users.add(
        login=login,
        name=one.name,
        role=Role.DISPATCHER,
        password_hash=secrets.token_hex(8),
        dispatcher_id=one.id,
    )
    await storage.sessions.open(
        Session(
            token_hash=hashlib.sha256(token.encode()).hexdigest(),
            user_id=user.id,
            csrf=secrets.token_urlsafe(24),
            created_at=now,
            seen_at=now,
            expires_at=now + timedelta(hours=1),
        )
    )
    origin = f"http://{hotline.settings.http_host}:{hotline.settings.http_port}"
    headers = {"Cookie": f"hotline={token}", "Origin": origin}
    return await session.ws_connect(f"{origin}/desk/events", headers=headers)


async def _on_duty(hotline: BenchHotline, stack: AsyncExitStack, one: Dispatcher) -> None:
    registrar = ("127.0.0.1", hotline.settings.sip_port)
    phone = Phone(user=f"desk-{one.extension}", secret=one.secret, registrar=registrar)
    await stack.enter_async_context(phone)
    await _register(phone)
    await hotline.storage.dispatchers.set_duty(one.id, Duty.READY, SystemClock().now())


async def _register(phone: Phone) -> None:
    """Register as soon as the service has told Asterisk of this desk, which takes it a second."""
    async with asyncio.timeout(KNOWN_SECONDS):
        while True:
            try:
                return await phone.register()
            except RegistrationRefused:
                await asyncio.sleep(0.2)


async def _callers(hotline: BenchHotline, desks: _Desks, indices: Iterator[int]) -> int:
    """Call one after the other; how many of these calls came to no screen."""
    failed = 0
    for index in indices:
        number = city.number_of(index * 31, hotline.city)
        shown = desks.numbers[number] = asyncio.Event()
        async with Phone(user=number) as phone:
            call = await phone.call(hotline.settings.number, to=("127.0.0.1", hotline.settings.sip_port))
            await call.answered()
            await call.press("0")
            try:
                await asyncio.wait_for(shown.wait(), POP_SECONDS)
            except TimeoutError:
                failed += 1
            await call.hang_up()
    return failed


async def _delays(hotline: BenchHotline, desks: _Desks) -> tuple[list[float], list[float]]:
    """From Asterisk's event of the key, and from the offer, to the socket; in ms, each call once."""
    from_key, from_offer = [], []
    for call_id, at in desks.shown_at.items():
        steps = {step.step: step.at for step in reversed(await hotline.storage.calls.journey(call_id))}
        from_key.append((at - steps[Step.PRESSED]).total_seconds() * 1000)
        from_offer.append((at - steps[Step.DISPATCHER_OFFERED]).total_seconds() * 1000)
    return from_key, from_offer
