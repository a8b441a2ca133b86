"""Telephones of guests: residents who call once, by the browser, through our own WebSocket alone.

Each has an endpoint of its own, made when its page connects and gone with it. Who calls from which page is
known by the channel's endpoint, whatever the browser wrote.
"""

import asyncio
import contextlib
import logging
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from functools import partial
from typing import NoReturn

from attrs import define
from attrs import field as attribute

from hotline.calls.web_calls import WebOrigin
from hotline.errors import CallGone, TelephonyError
from hotline.isolation import IsolatedItems
from telephony.ari.actions import Ari
from telephony.ari.messages import Channel
from telephony.desks.endpoints import GUEST, DeskPlan, guest_fields, guest_of

log = logging.getLogger(__name__)

CLOSED_WITHIN_SECONDS = 60.0
"""Of a page that lives, after the longest that a call may last."""
ROUND_SECONDS = 5.0
_LOOKS, _LOOK_SECONDS = 250, 0.02


class NoRoom(TelephonyError):  # noqa: N818 - reads as what is so
    """As many guests are on the line, by all processes of pages, as may be."""

    code = "no-room"


@dataclass(slots=True, kw_only=True)
class Guest:
    """One who may call once; `call_id` is the channel by which they did."""

    password: str
    origin: WebOrigin
    call_id: str | None = None
    since: float = field(default_factory=lambda: asyncio.get_running_loop().time())


@define(eq=False, repr=False, kw_only=True)
class GuestPhones:
    """The guests on one Asterisk. `guests`, by endpoint, outlive the connection with it."""

    _ari: Ari
    _guests: MutableMapping[str, Guest]
    _plan: DeskPlan
    _closing: set[str] = attribute(factory=set, init=False)
    """Whom Asterisk has not forgotten yet; where it has refused to, it is asked again."""
    _rounds: IsolatedItems = attribute(factory=lambda: IsolatedItems("guest not closed"), init=False)

    async def begin(self) -> None:
        """Recreate what a restarted Asterisk has forgotten; `keep` ends what an ended service has left."""
        for name in [one.resource for one in await self._ari.endpoints()]:
            unknown = name.startswith(GUEST) and name not in self._guests
            if unknown and await self._ari.has_object("endpoint", name):  # else it is listed and not there
                self._closing.add(name)
        for name, guest in self._guests.items():
            if not await self._ari.has_object("endpoint", name):
                await self._provide(name, guest)

    async def keep(self) -> NoReturn:
        """Close guests who are left over, for ever: apart, since Asterisk may take its time, or refuse to."""
        while True:
            await self.close_left_over()
            await asyncio.sleep(ROUND_SECONDS)

    async def close_left_over(self) -> None:
        """Close once whom no page has any more, and ask again to forget whom Asterisk has not forgotten."""
        self._give_up_left_behind()
        for name in sorted(self._closing):
            await self._rounds.do(name, partial(self.close, name))

    async def open(self, name: str, password: str, origin: WebOrigin) -> None:
        """Let a guest of this name call once; raises NoRoom."""
        self._give_up_left_behind()
        if len(self._guests.keys() - {name}) >= self._plan.guests:
            raise NoRoom("As many residents call by the browser as may.")
        guest = self._guests[name] = Guest(password=password, origin=origin)
        await self._provide(name, guest)

    async def close(self, name: str) -> None:
        """End the guest's call, if it goes on, and let nobody call by this name any more."""
        self._guests.pop(name, None)
        self._closing.add(name)
        await self._remove(name)
        self._closing.discard(name)

    def admits(self, channel: Channel) -> bool:
        """Tell whether this channel may come in: of a guest one call may, and only while they are a guest."""
        name = guest_of(channel.name)
        if name is None:
            return True
        guest = self._guests.get(name)
        if guest is None or guest.call_id not in {None, channel.id}:
            log.warning("guest may not call endpoint=%s channel=%s", name, channel.id)
            return False
        guest.call_id = channel.id
        return True

    def origin_of(self, channel_name: str) -> WebOrigin | None:
        """Give the page from which this channel calls; None for a telephone."""
        guest = self._guests.get(guest_of(channel_name) or "")
        return guest.origin if guest else None

    def _give_up_left_behind(self) -> None:
        """Make room: a page that was killed closes nobody. They may call no more, and are closed soon."""
        longest = self._plan.guest_seconds + CLOSED_WITHIN_SECONDS
        latest = asyncio.get_running_loop().time() - longest
        for name in [name for name, guest in self._guests.items() if guest.since < latest]:
            log.warning("guest was left behind endpoint=%s", name)
            self._guests.pop(name)
            self._closing.add(name)

    async def _provide(self, name: str, guest: Guest) -> None:
        if not self._plan.browsers_at_edge:
            auth = {"auth_type": "userpass", "username": name, "password": guest.password}
            await self._ari.put_object("auth", name, auth)
        await self._ari.put_object("endpoint", name, guest_fields(name, self._plan))

    async def _remove(self, name: str) -> None:
        with contextlib.suppress(CallGone):  # no call, or it was never made
            await self._end_calls(name)
        for kind in ("endpoint", "auth"):
            await self._ari.delete_object(kind, name)

    async def _end_calls(self, name: str) -> None:
        """Hang up, and wait until Asterisk has noted the ends at the endpoint; raises CallGone without one.

        By its main/endpoints.c, what it notes while it forgets an endpoint has that one listed for ever.
        """
        ended = set[str]()
        for channel in (await self._ari.endpoint(name)).channel_ids:
            log.info("call of a browser that left is ended endpoint=%s channel=%s", name, channel)
            with contextlib.suppress(CallGone):
                await self._ari.hang_up(channel)
            ended.add(channel)
        for _ in range(_LOOKS if ended else 0):
            if ended.isdisjoint((await self._ari.endpoint(name)).channel_ids):
                return
            await asyncio.sleep(_LOOK_SECONDS)
