"""Events are owed to the webhooks that may see them: each goes on from its own place and misses nothing.

Each is owed a little at a time: while that waits its place stands still, so that neither one that fails nor
one that was sent back for years fills the outbox, in which the others stand too.
"""

import logging
from collections.abc import Sequence
from functools import partial

import msgspec
from attrs import define, field

from cti_server.api.lines import of_appeal_line, of_outage_line
from cti_server.api.messages import Event
from cti_server.api.seeing import may_see
from hotline.access.good_tokens import GoodTokens
from hotline.access.tokens import Token
from hotline.appeals.change_log import ChangeLog
from hotline.appeals.lists import AppealLists
from hotline.clock import Clock
from hotline.delivery.outbox import NewNotice
from hotline.isolation import IsolatedItems, repeat
from hotline.outages.change_log import OutageLog
from hotline.webhooks.states import WebhookEvent
from hotline.webhooks.webhook import Webhook, Webhooks, given_up_notice, owed_event

EVERY_SECONDS = 1.0
AT_ONCE = 200
"""Lines that one webhook is fed in one transaction."""
NOT_GOOD = "its token opens nothing now"
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
    _tokens: GoodTokens
    _clock: Clock
    _isolated: IsolatedItems = field(factory=lambda: IsolatedItems("webhook not fed"), init=False)

    async def keep(self) -> None:
        """Feed until cancelled."""
        await repeat(self.round, every=EVERY_SECONDS, failure="webhooks not fed")

    async def round(self) -> None:
        """Feed all that are on, each by itself."""
        webhooks = await self._webhooks.on()
        if not webhooks:
            return
        tokens = await self._tokens.those({one.token_id for one in webhooks})
        for webhook in webhooks:
            token = tokens.get(webhook.token_id)
            job = partial(self._feed, webhook, token) if token else partial(self._close, webhook)
            await self._isolated.do(webhook.recipient, job)

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
        if not lines and not changes:
            return
        if await self._webhooks.waiting(webhook.id) >= MOST_WAITING:
            return
        found = await self._lists.by_numbers(list({one.number for one in lines}))
        appeals = {one.appeal.number: one.appeal for one in found}
        events: list[Event] = [
            of_appeal_line(one, appeals[one.number]) for one in lines if one.number in appeals
        ]
        events += [of_outage_line(one) for one in changes]
        owed = self._owed(webhook, token, events)
        await self._webhooks.feed(
            webhook,
            owed,
            appeal_place=lines[-1].id if lines else webhook.appeal_place,
            outage_place=changes[-1].id if changes else webhook.outage_place,
            at=self._clock.now(),
        )
        if owed:
            log.info("webhook fed id=%d events=%d", webhook.id, len(owed))

    @staticmethod
    def _owed(webhook: Webhook, token: Token, events: Sequence[Event]) -> Sequence[NewNotice]:
        documents = [
            (msgspec.to_builtins(one), str(getattr(one, "number", "")))
            for one in events
            if may_see(token, one)
        ]
        return [
            owed_event(webhook, document, number=number)
            for document, number in documents
            if document["type"] in webhook.events
        ]
