"""Dispatchers' phones in Asterisk: created from the database, watched, members of the fallback queue.

SIP endpoints live in Asterisk's memory; our database is their source, reconciled at every connection and once
a second, so that a dispatcher added or gone on duty by any process is there a moment later.
"""

import contextlib
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from attrs import define, field

from hotline.clock import Clock
from hotline.errors import CallGone, ForbiddenTransition
from hotline.line.line import Dispatcher, Dispatchers
from hotline.line.presence_states import UNREACHABLE, Presence, Wish
from telephony.ami.client import AmiConnection, AmiRefused
from telephony.ami.messages import AmiEvent, PhoneStatus
from telephony.ari.actions import Ari
from telephony.desks.browser_phones import BrowserPhones
from telephony.desks.edges_asked import EdgesAsked
from telephony.desks.endpoints import DESK, PJSIP, DeskPlan, desk_addresses, desk_fields, extension_of
from telephony.desks.provided_endpoints import has_other_networks, is_within, provide_endpoint

log = logging.getLogger(__name__)

_UNREACHABLE = Wish(presence=Presence.PAUSED, reason=UNREACHABLE)
PROVEN = timedelta(seconds=40)
"""A phone that is registered, and was not missed for this time, is taken to be there: Asterisk asks one on a
table every 30 s. At the edge Kamailio answers for it, as long as its registration lasts."""
AGAIN_TIMES = 8
"""Times longer it takes when that was in vain: a phone without sound holds nobody up for ever."""
FORGOTTEN = timedelta(hours=1)
"""How long it is remembered that somebody was had back."""


@define(eq=False, repr=False, kw_only=True)
class DeskPhones:
    """The desk phones of one Asterisk."""

    _ari: Ari
    _ami: AmiConnection
    _dispatchers: Dispatchers
    _clock: Clock
    _plan: DeskPlan
    _tells_transfers: bool
    _browsers: BrowserPhones
    _edges: EdgesAsked
    _known: dict[str, str] = field(factory=dict, init=False)
    _queued: set[str] | None = field(default=None, init=False)
    _had_back: dict[int, tuple[datetime, timedelta]] = field(factory=dict, init=False)
    """Dispatchers whose phone was taken to be there: when, and after how long."""

    async def reconcile(self) -> Sequence[Dispatcher]:
        """Make what the database has and Asterisk lacks: endpoints, and members of the fallback queue.

        Gives everyone as they were read.
        """
        everyone = [await self._as_its_phone_is(one) for one in await self._dispatchers.all()]
        for dispatcher in everyone:
            await self._provide(dispatcher)
        await self._edges.go_on(everyone, self._clock.now())
        on_duty = [one for one in everyone if one.on_duty]
        await self._queue(
            {PJSIP + phone: one.name for one in on_duty for phone in self._browsers.phones_of(one)}
        )
        return everyone

    async def take(self, event: AmiEvent) -> None:
        """A phone came back: a dispatcher paused only because it was away is ready again."""
        if not isinstance(event, PhoneStatus):
            return
        self._browsers.take(event)
        told = (event.endpoint, event.reachable, event.contact)
        log.info("desk phone endpoint=%s reachable=%s contact=%s", *told)
        if event.reachable:
            dispatcher = await self._dispatchers.by_extension(extension_of(event.endpoint) or "")
            if dispatcher and _UNREACHABLE in {
                Wish(presence=dispatcher.presence, reason=dispatcher.reason),
                dispatcher.wish,
            }:
                await self._becomes(dispatcher, Presence.READY, self._clock.now())

    async def _as_its_phone_is(self, dispatcher: Dispatcher) -> Dispatcher:
        """Pause who has no phone: the first caller would wait for it in vain. Have them back with it.

        A phone that sent no sound in a talk, or did not answer once, may have been there all the time: then
        nothing tells that it has come back.
        """
        now, standing = self._clock.now(), Wish(presence=dispatcher.presence, reason=dispatcher.reason)
        if dispatcher.presence is Presence.READY and self._browsers.lost(dispatcher) and not self._cut_off:
            log.warning("phone lost, no calls until it is back dispatcher=%s", dispatcher.extension)
            return await self._becomes(dispatcher, Presence.PAUSED, now)
        proven = self._proof(dispatcher, now)
        paused = now - dispatcher.since
        if standing == _UNREACHABLE and paused >= proven and self._browsers.there_for(dispatcher, proven):
            log.info("phone is there, calls again dispatcher=%s", dispatcher.extension)
            self._had_back[dispatcher.id] = now, proven
            return await self._becomes(dispatcher, Presence.READY, now)
        return dispatcher

    @property
    def _cut_off(self) -> bool:
        """Whether this node reaches no phone by any edge: others may reach all, and ring them."""
        return bool(self._plan.registrars) and self._browsers.none_is_there()

    def _proof(self, dispatcher: Dispatcher, now: datetime) -> timedelta:
        """Tell how long a phone must have been there."""
        at, proven = self._had_back.get(dispatcher.id, (now - FORGOTTEN, PROVEN))
        return AGAIN_TIMES * proven if now - at < FORGOTTEN else PROVEN

    async def _becomes(self, dispatcher: Dispatcher, presence: Presence, at: datetime) -> Dispatcher:
        """Have it so for the phone's sake; what they have chosen themselves meanwhile stands."""
        try:
            return await self._dispatchers.set_presence(dispatcher.id, presence, at, UNREACHABLE)
        except ForbiddenTransition:
            return dispatcher

    async def _provide(self, dispatcher: Dispatcher) -> None:
        name = DESK + dispatcher.extension
        if self._known.get(name) == dispatcher.secret:
            return
        replaced = not self._plan.registrars and await self._password(name) not in {None, dispatcher.secret}
        registered = await self._ami.registrations(name) if replaced else {}
        await self._ari.put_object(
            "auth", name, {"auth_type": "userpass", "username": name, "password": dispatcher.secret}
        )
        await self._sign_out(name, registered)
        if not await self._ari.has_object("aor", name):  # replacing it would make a live contact permanent
            await self._ari.put_object("aor", name, desk_addresses(name, self._plan))
        fields = desk_fields(name, self._plan, tells_transfers=self._tells_transfers)
        if await has_other_networks(self._ari, name, fields) and not (
            self._plan.proxy or self._plan.registrars
        ):
            await self._sign_out_strangers(name, fields)
        if self._plan.browsers_at_edge:
            await self._browsers.provide(dispatcher)
        if await provide_endpoint(self._ari, name, fields):
            self._known[name] = dispatcher.secret

    async def _password(self, name: str) -> str | None:
        """Return the password that Asterisk has; None when the phone is new to it."""
        with contextlib.suppress(CallGone):
            fields = await self._ari.object_fields("auth", name)
            return next((one.value for one in fields if one.attribute == "password"), None)
        return None

    async def _sign_out(self, name: str, registered: Mapping[str, tuple[str, str]]) -> None:
        """End what was registered with a password that is good no longer; a talk goes on to its end.

        A phone that has come with the new password meanwhile stays.
        """
        for contact, registration in registered.items():
            if (await self._ami.registrations(name)).get(contact) == registration:
                log.info("desk phone signed out, its password is another endpoint=%s", name)
                await self._ari.delete_object("contact", contact)

    async def _sign_out_strangers(self, name: str, fields: Mapping[str, str]) -> None:
        """End what was registered from where a phone may not be any more; a talk goes on to its end."""
        for contact in await self._ami.registrations(name):
            with contextlib.suppress(CallGone):
                uris = [
                    one.value
                    for one in await self._ari.object_fields("contact", contact)
                    if one.attribute == "uri"
                ]
                if not all(is_within(one, fields) for one in uris):
                    log.info("desk phone signed out, it is in no network of ours endpoint=%s", name)
                    await self._ari.delete_object("contact", contact)

    async def _queue(self, wanted: dict[str, str]) -> None:
        """Keep dispatchers on duty as members of Asterisk's own queue, for when the service is away."""
        if self._queued is None:
            self._queued = await self._ami.queue_members()
        for member in wanted.keys() - self._queued:
            with contextlib.suppress(AmiRefused):  # it was a member already
                await self._ami.queue_add(member, wanted[member])
        for member in self._queued - wanted.keys():
            with contextlib.suppress(AmiRefused):  # it was none any more
                await self._ami.queue_remove(member)
        self._queued = set(wanted)
