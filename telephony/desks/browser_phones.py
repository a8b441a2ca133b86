"""Phones in dispatchers' browsers: a password for each opening of the page, and what follows when it dies.

A browser that is killed, or loses its network, takes its registration along but says no BYE. After a moment
in which it may come back its calls are ended as out of order, so that the citizen goes back to the line.
"""

import asyncio
import contextlib
import hmac
import logging
import secrets
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from hotline.errors import CallGone
from hotline.line.line import Dispatcher
from telephony.ami.messages import PhoneStatus
from telephony.ari.actions import Ari
from telephony.ari.errors import AriUnavailable
from telephony.causes import OUT_OF_ORDER
from telephony.desks.endpoints import BROWSER, DESK, DeskPlan, browser_addresses, browser_fields
from telephony.desks.provided_endpoints import provide_endpoint

log = logging.getLogger(__name__)

GRACE_SECONDS = 1.5
"""How long a browser may be without a registration before its calls are given up."""
FINDS_ANOTHER_SECONDS = 8.0
"""How long a browser may take whose pages another process serves, and has not said that it left: that process
may have died, and the browser comes back by the next one.
"""
TOLD_SECONDS = 0.5
"""How long after its answer to a phone Asterisk may take to tell of the registration: mostly some 40 ms."""
ASKED_AGAIN_SECONDS = 0.05
RETURN_SECONDS = 4.0
"""How long a caller waits for a reloading page, before others are asked."""
PASSWORD_BYTES = 24
_FROM_BEFORE = "registered before we were connected"


@dataclass(slots=True)
class _Phone:
    """One phone, in a browser or on a desk: its registered addresses, and since when it has none."""

    contacts: set[str] = field(default_factory=set)
    registered: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    """The browser itself has gone, as the process that served it says."""
    lost_at: float = float("-inf")
    there_since: float = float("inf")

    def take(self, contact: str, *, reachable: bool) -> None:
        self.contacts.discard(_FROM_BEFORE)
        if reachable:
            self.contacts.add(contact)
        else:
            self.contacts.discard(contact)
        if self.contacts and not self.registered.is_set():
            self.there_since = asyncio.get_running_loop().time()
        if self.contacts:
            self.registered.set()
            self.left.clear()
        elif self.registered.is_set():
            self.registered.clear()
            self.lost_at = asyncio.get_running_loop().time()


class BrowserPhones:
    """The browser phones on one Asterisk. `passwords`, by endpoint, outlive the connection with it."""

    def __init__(
        self,
        *,
        ari: Ari,
        passwords: MutableMapping[str, str],
        plan: DeskPlan,
        tells_transfers: bool,
        tasks: asyncio.TaskGroup,
    ) -> None:
        self._ari = ari
        self._passwords = passwords
        self._plan = plan
        self._tells_transfers = tells_transfers
        self._tasks = tasks
        self._phones: dict[str, _Phone] = {}

    async def begin(self) -> None:
        """Recreate the endpoints that a restarted Asterisk has forgotten, and read the registrations."""
        for name, password in self._passwords.items():
            await self._provide(name, password)
        for endpoint in await self._ari.endpoints():
            if endpoint.resource.startswith((BROWSER, DESK)) and endpoint.state == "online":
                self._phone(endpoint.resource).take(_FROM_BEFORE, reachable=True)

    async def open(self, extension: str) -> str:
        """The password for a desk's page that has just been opened; what an earlier page left is ended."""
        name = f"{BROWSER}{extension}"
        if self._plan.browsers_at_edge:
            if name not in self._passwords:
                raise AriUnavailable("This desk is not known yet; its phone can be opened in a moment.")
        else:
            self._passwords[name] = secrets.token_urlsafe(PASSWORD_BYTES)
            await self._provide(name, self._passwords[name])
        await self._end_calls(name)
        return self._passwords[name]

    async def provide(self, dispatcher: Dispatcher) -> None:
        """Make the endpoint of a browser that registers at the edge: each node has it, before a page opens.

        Its password follows from the desk's own: all nodes know that one, and no browser learns it.
        """
        name = f"{BROWSER}{dispatcher.extension}"
        self._passwords[name] = hmac.digest(dispatcher.secret.encode(), b"browser", "sha256").hex()
        await self._provide(name, self._passwords[name])

    def take(self, status: PhoneStatus) -> None:
        """Asterisk tells of a phone's registration."""
        if not status.endpoint.startswith((BROWSER, DESK)):
            return
        phone = self._phone(status.endpoint)
        phone.take(status.contact, reachable=status.reachable)
        if not phone.contacts and status.endpoint.startswith(BROWSER):
            self._tasks.create_task(self._give_up(status.endpoint, phone))

    def leaves(self, extension: str) -> None:
        """Take note that the browser of this desk has gone."""
        self._phone(f"{BROWSER}{extension}").left.set()

    def lost(self, dispatcher: Dispatcher) -> bool:
        """Whether all known phones of the dispatcher have gone, and have not come back in time."""
        known = [phone for name in _names(dispatcher.extension) if (phone := self._phones.get(name))]
        before = asyncio.get_running_loop().time() - RETURN_SECONDS
        return bool(known) and all(not phone.contacts and phone.lost_at <= before for phone in known)

    def none_is_there(self) -> bool:
        """Tell whether none of all phones is there: it is this node then that reaches nobody, or no edge."""
        return not any(phone.contacts for phone in self._phones.values())

    def there_for(self, dispatcher: Dispatcher, lasting: timedelta) -> bool:
        """Tell whether a phone of the dispatcher has been registered for this time without a break."""
        before = asyncio.get_running_loop().time() - lasting.total_seconds()
        known = (self._phones.get(name) for name in _names(dispatcher.extension))
        return any(phone.contacts and phone.there_since <= before for phone in known if phone)

    async def can_ring(self, extension: str) -> bool:
        """Tell whether a phone of this desk is registered: Asterisk has told us, or says so when it is asked.

        Its word comes a moment after its answer to the phone, at which a page says that it is ready: Asterisk
        is asked again for half a second before the dispatcher is refused.
        """
        until = asyncio.get_running_loop().time() + TOLD_SECONDS
        while not (self._told_of(extension) or await registered_now(self._ari, extension)):
            if asyncio.get_running_loop().time() >= until:
                return False
            await asyncio.sleep(ASKED_AGAIN_SECONDS)
        return True

    def _told_of(self, extension: str) -> bool:
        return any(phone.contacts for name in _names(extension) if (phone := self._phones.get(name)))

    def phones_of(self, dispatcher: Dispatcher) -> Sequence[str]:
        """Every phone that Asterisk may ring by itself: browsers reach it only while the service lives."""
        return sorted({f"{DESK}{dispatcher.extension}", self.registered(dispatcher)})

    def registered(self, dispatcher: Dispatcher) -> str:
        """The endpoint at which a dispatcher can be rung right now: the browser before the desk phone."""
        name = f"{BROWSER}{dispatcher.extension}"
        known = self._phones.get(name)
        return name if known and known.contacts else f"{DESK}{dispatcher.extension}"

    async def reach(self, dispatcher: Dispatcher) -> str:
        """As `registered`, but a browser that was lost a moment ago is given time to come back."""
        known = self._phones.get(f"{BROWSER}{dispatcher.extension}")
        if known is not None and not known.contacts:
            left = known.lost_at + RETURN_SECONDS - asyncio.get_running_loop().time()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(known.registered.wait(), max(left, 0))
        return self.registered(dispatcher)

    def _phone(self, name: str) -> _Phone:
        return self._phones.setdefault(name, _Phone())

    async def _provide(self, name: str, password: str) -> None:
        auth = {"auth_type": "userpass", "username": name, "password": password}
        await self._ari.put_object("auth", name, auth)
        if not await self._ari.has_object("aor", name):  # replacing it would make a live contact permanent
            await self._ari.put_object("aor", name, browser_addresses(name, self._plan))
        fields = browser_fields(name, self._plan, tells_transfers=self._tells_transfers)
        await provide_endpoint(self._ari, name, fields)

    async def _give_up(self, name: str, browser: _Phone) -> None:
        if await _within(GRACE_SECONDS, browser.registered):
            return
        if not self._plan.pages_here:
            await _within(FINDS_ANOTHER_SECONDS - GRACE_SECONDS, browser.registered, browser.left)
        if not browser.registered.is_set():
            await self._end_calls(name)

    async def _end_calls(self, name: str) -> None:
        with contextlib.suppress(CallGone):
            for channel in (await self._ari.endpoint(name)).channel_ids:
                log.info("call of a lost browser ended endpoint=%s channel=%s", name, channel)
                with contextlib.suppress(CallGone):
                    await self._ari.hang_up(channel, reason_code=OUT_OF_ORDER)


async def _within(seconds: float, *events: asyncio.Event) -> bool:
    """Wait for any of the events; tells whether one came in time."""
    waiting = [asyncio.create_task(one.wait()) for one in events]
    try:
        done, _ = await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        return bool(done)
    finally:
        for one in waiting:
            one.cancel()


async def registered_now(ari: Ari, extension: str) -> bool:
    """Ask Asterisk whether a phone of this desk is registered."""
    for name in _names(extension):
        with contextlib.suppress(CallGone):
            if (await ari.endpoint(name)).state == "online":
                return True
    return False


def _names(extension: str) -> tuple[str, str]:
    return f"{BROWSER}{extension}", f"{DESK}{extension}"
