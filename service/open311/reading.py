"""Reads what enterprises' own Open311 say of appeals handed over to them, as acts of the enterprise.

"Closed" there is the enterprise's word that it is done: the applicant is asked, as ever.
"""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import msgspec
from attrs import define, field

from hotline.appeals.acts.act import LONGEST_TEXT, ActFault
from hotline.appeals.acts.actors import Actor, ActorRole, NotYours
from hotline.appeals.appeal import PENDING, Appeal
from hotline.appeals.handling import Handling
from hotline.appeals.outside_updates import acts_of_update, said_done
from hotline.appeals.registering import Registry
from hotline.clock import Clock
from hotline.delivery.handing_over import NotTaken
from hotline.enterprises.executors import Executor, Executors
from hotline.enterprises.open311 import HandedRequest, Open311Endpoint, Open311Endpoints
from hotline.errors import ForbiddenTransition
from hotline.foreign_text import tidied
from hotline.isolation import repeat, run_isolated
from service.delivery.pace import Breaker
from service.open311.client import Open311Client

EVERY_SECONDS = 60.0
MARGIN = timedelta(hours=1)
"""How far before the hand-over its updates are looked for: the other side's clock may be slow."""
LONGEST_SPAN = timedelta(days=89)
"""What happened longer ago is not asked for: the standard spans 90 days."""
AT_ONCE = 50
"""Ids of one question, by the standard."""
_DONE, _SAID = "Система підприємства повідомила, що роботу виконано. {said}", "Система підприємства: {said}"

log = logging.getLogger(__name__)

Update = Mapping[str, Any]


@define(eq=False, repr=False)
class _Server:
    """One enterprise's server as it is read: from which moment on, and of which requests."""

    breaker: Breaker = field(factory=Breaker)
    since: datetime | None = None
    known: frozenset[str] = frozenset()
    tells_updates: bool = True

    def began(self, handed: Sequence[HandedRequest]) -> None:
        """Go back to the hand-over of each request that is new."""
        new = [one.handed_at - MARGIN for one in handed if one.request_id not in self.known]
        self.since = min([*new, *([self.since] if self.since else [])])
        self.known = frozenset(one.request_id for one in handed)

    def told(self, updates: Sequence[Update]) -> None:
        """Go on to the latest of them."""
        moments = [at for one in updates if (at := _moment(one.get("updated_datetime")))]
        self.since = max([*moments, *([self.since] if self.since else [])], default=None)


@define(eq=False, repr=False, kw_only=True)
class Open311Reading:
    """Asks each server that has requests of ours once a minute; one that does not answer ever more seldom."""

    _client: Open311Client
    _executors: Executors
    _endpoints: Open311Endpoints
    _registry: Registry
    _handling: Handling
    _clock: Clock
    _servers: dict[int, _Server] = field(factory=dict, init=False)

    async def keep(self) -> None:
        """Read, for ever."""
        await repeat(self.round, every=EVERY_SECONDS, failure="Open311 of enterprises not read")

    async def round(self) -> None:
        """Read each server once."""
        for one in await self._executors.all():
            if one.open311 is not None and one.active:
                failure = f"Open311 not read executor={one.id}"
                await run_isolated(partial(self._read, one, one.open311), failure)

    async def _read(self, executor: Executor, endpoint: Open311Endpoint) -> None:
        handed, server = await self._endpoints.handed(executor.id), self._server(executor.id)
        if not handed or server.breaker.open:
            return
        try:
            handed = [one for each in handed if (one := await self._named(endpoint, each))]
            updates = await self._updates(endpoint, server, handed)
        except NotTaken as error:
            pause = server.breaker.failed(error.after)
            log.warning("Open311 away executor=%d again_in=%.0fs reason=%s", executor.id, pause, error)
            return
        server.breaker.worked()
        ours = {one.request_id: one for one in handed}
        for update in sorted(updates, key=lambda one: str(one.get("updated_datetime") or "")):
            if request := ours.get(str(update.get("service_request_id"))):
                await self._take(executor, request, update)
        server.told(updates)

    def _server(self, executor_id: int) -> _Server:
        return self._servers.setdefault(executor_id, _Server())

    async def _named(self, endpoint: Open311Endpoint, one: HandedRequest) -> HandedRequest | None:
        """Give it with its id; None while the server has given it a token alone."""
        if not one.token:
            return one
        if request_id := await self._client.id_of(endpoint, one.token):
            await self._endpoints.named(one.notice_id, request_id, self._clock.now())
            return replace(one, request_id=request_id)
        return None

    async def _updates(
        self, endpoint: Open311Endpoint, server: _Server, handed: Sequence[HandedRequest]
    ) -> Sequence[Update]:
        """Give updates by mySociety's extension, or the states of the requests where it is not known."""
        if not handed:
            return ()
        if server.tells_updates:
            server.began(handed)
            now = self._clock.now()
            since = max(server.since or now, now - LONGEST_SPAN).astimezone(UTC)
            found = await self._client.read(
                endpoint, "servicerequestupdates", start_date=since.strftime("%Y-%m-%dT%H:%M:%SZ")
            )
            if found is not None:
                return found
            server.tells_updates = False
        ids = [one.request_id for one in handed]
        states: list[Update] = []
        for first in range(0, len(ids), AT_ONCE):
            asked = ",".join(ids[first : first + AT_ONCE])
            states += await self._client.read(endpoint, "requests", service_request_id=asked) or ()
        return states

    async def _take(self, executor: Executor, request: HandedRequest, update: Update) -> None:
        """Carry out what it comes to, once however often it is read."""
        key = _key(executor.id, request, update)
        done, said = said_done(str(update.get("status") or "")), _said(update)
        if not (done or said) or await self._handling.taken(request.number, key):
            return
        appeal = await self._registry.find(request.number)
        if appeal is None or appeal.executor_id != executor.id or appeal.state not in PENDING:
            return
        try:
            await self._carry_out(appeal, executor, request, key, said, done=done)
        except (ActFault, ForbiddenTransition, NotYours) as error:
            log.warning("Open311 update not possible appeal=%s reason=%s", request.number, error)

    async def _carry_out(
        self, appeal: Appeal, executor: Executor, request: HandedRequest, key: str, said: str, *, done: bool
    ) -> None:
        actor = Actor(
            part=ActorRole.EXECUTOR, executor_id=executor.id, source=f"open311:{request.request_id}"
        )
        text = (_DONE if done else _SAID).format(said=said).strip()
        for act in acts_of_update(appeal, actor, self._clock.now(), key=key, said=text, done=done):
            await self._handling.carry_out(appeal.number, act, version=None)


def _said(update: Update) -> str:
    """Give its words: of an update its description, of a request what is said of its status."""
    told = update.get("description" if "update_id" in update else "status_notes")
    return tidied(told).strip()[: LONGEST_TEXT // 2] if isinstance(told, str) else ""


def _key(executor_id: int, request: HandedRequest, update: Update) -> str:
    """Name the update: by its own id, or by what it says and when."""
    named = str(update.get("update_id") or "")
    if not named:
        told = [update.get(name) for name in ("status", "status_notes", "updated_datetime")]
        named = hashlib.sha256(msgspec.json.encode([str(one) for one in told])).hexdigest()
    return f"open311-read:{executor_id}:{request.request_id}:{named}"[:300]


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
