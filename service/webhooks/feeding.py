"""Events are owed to the webhooks that may see them: each goes on from its own place and misses nothing.

Each is owed a little at a time: while that waits its place stands still, so that neither one that fails nor
one that was sent back for years fills the outbox, in which the others stand too.
"""

import logging
from collections import deque
from collections.abc import Sequence
from functools import partial

import msgspec
from attrs import define, field

from cti_server.api.feed import CallEvent, RecordingEvent
from cti_server.api.lines import of_appeal_line, of_call_event, of_outage_line, of_presence_line
from cti_server.api.messages import Event, OfCall
from cti_server.api.seeing import may_see
from hotline import events as told
from hotline.access.good_tokens import GoodTokens
from hotline.access.tokens import Token
from hotline.appeals.change_log import ChangeLog
from hotline.appeals.lists import AppealLists
from hotline.clock import Clock
from hotline.delivery.outbox import NewNotice, Outbox
from hotline.isolation import IsolatedItems, repeat
from hotline.line.presence_changes import PresenceChanges, PresenceLine
from hotline.outages.change_log import OutageLog
from hotline.webhooks.states import WebhookEvent
from hotline.webhooks.webhook import (
    OF_CALLS,
    PRESENCE,
    Places,
    Webhook,
    Webhooks,
    given_up_notice,
    owed_event,
)

EVERY_SECONDS = 1.0
AT_ONCE = 200
"""Lines that one webhook is fed in one transaction."""
NOT_GOOD = "its token opens nothing now"
MOST_HEARD = 5000
"""Events of calls between two rounds; of more the latest are told."""
MOST_WAITING = 100
"""What waits for a webhook before it is owed nothing more."""

log = logging.getLogger(__name__)


@define(eq=False, repr=False, kw_only=True)
class Feeding:
    """Looks once a second whether there is news for anybody; without webhooks that are on it asks nothing."""

    _webhooks: Webhooks
    _appeals: ChangeLog
    _lists: AppealLists
    _outages: OutageLog
    _presence: PresenceChanges
    _outbox: Outbox
    _tokens: GoodTokens
    _clock: Clock
    _isolated: IsolatedItems = field(factory=lambda: IsolatedItems("webhook not fed"), init=False)

    _heard: deque[CallEvent | RecordingEvent] = field(factory=lambda: deque(maxlen=MOST_HEARD), init=False)
    _listens: bool = field(default=False, init=False)

    def hear(self, event: told.Event) -> None:
        """Take what happens to a call, where a webhook is told of it; returns at once (a bus's listener)."""
        if self._listens and isinstance(event, CallEvent | RecordingEvent):
            self._heard.append(event)

    async def keep(self) -> None:
        """Feed until cancelled."""
        await repeat(self.round, every=EVERY_SECONDS, failure="webhooks not fed")

    async def round(self) -> None:
        """Feed all that are on, each by itself."""
        webhooks = await self._webhooks.on()
        self._listens = any(not OF_CALLS.isdisjoint(one.events) for one in webhooks)
        if not self._listens:
            self._heard.clear()  # a webhook that is made later is told of what happens from then on
        if not webhooks:
            return
        tokens = await self._tokens.those({one.token_id for one in webhooks})
        heard = [of_call_event(self._heard.popleft()) for _ in range(len(self._heard))]
        for webhook in webhooks:
            token = tokens.get(webhook.token_id)
            if token is None:
                await self._isolated.do(webhook.recipient, partial(self._close, webhook))
                continue
            await self._isolated.do(webhook.recipient, partial(self._feed, webhook, token))
            if owed := self._owed(webhook, token, heard):
                await self._isolated.do(f"{webhook.recipient}-calls", partial(self._owe, webhook, owed))

    async def _owe(self, webhook: Webhook, owed: Sequence[NewNotice]) -> None:
        """Owe what happened to calls; to one that has not got what waits already they are told no more."""
        if await self._webhooks.waiting(webhook.id) >= MOST_WAITING:
            log.warning("webhook behind id=%d calls_left_out=%d", webhook.id, len(owed))
            return
        await self._outbox.owe(owed, self._clock.now())

    async def _close(self, webhook: Webhook) -> None:
        """End it with its token; where the maker alone lost their right, turn it off and tell the head."""
        token, now = await self._tokens.named(webhook.token_id), self._clock.now()
        if token.valid(now):
            notice = given_up_notice(webhook, token.name, NOT_GOOD, now)
            await self._webhooks.give_up(webhook.id, now, NOT_GOOD, notice)
        else:
            await self._webhooks.move(webhook.id, WebhookEvent.END, now)
        log.info("webhook closed id=%d reason=%s", webhook.id, NOT_GOOD)

    async def _feed(self, webhook: Webhook, token: Token) -> None:
        lines = await self._appeals.lines(webhook.appeal_place, AT_ONCE)
        changes = await self._outages.lines(webhook.outage_place, AT_ONCE)
        presence: Sequence[PresenceLine] = ()
        if PRESENCE in webhook.events:
            presence = await self._presence.lines(webhook.presence_place, AT_ONCE)
        if not lines and not changes and not presence:
            return
        if await self._webhooks.waiting(webhook.id) >= MOST_WAITING:
            return
        found = await self._lists.by_numbers(list({one.number for one in lines}))
        appeals = {one.appeal.number: one.appeal for one in found}
        events: list[Event] = [
            of_appeal_line(one, appeals[one.number]) for one in lines if one.number in appeals
        ]
        events += [of_outage_line(one) for one in changes]
        events += [of_presence_line(one) for one in presence]
        owed = self._owed(webhook, token, events)
        places = Places(
            appeal=lines[-1].id if lines else webhook.appeal_place,
            outage=changes[-1].id if changes else webhook.outage_place,
            presence=presence[-1].id if presence else webhook.presence_place,
        )
        await self._webhooks.feed(webhook, owed, places, self._clock.now())
        if owed:
            log.info("webhook fed id=%d events=%d", webhook.id, len(owed))

    @staticmethod
    def _owed(webhook: Webhook, token: Token, events: Sequence[Event]) -> Sequence[NewNotice]:
        documents = [
            (msgspec.to_builtins(one), one.call_id if isinstance(one, OfCall) else getattr(one, "number", ""))
            for one in events
            if may_see(token, one)
        ]
        return [
            owed_event(webhook, document, number=number)
            for document, number in documents
            if document["type"] in webhook.events
        ]
