"""Ports of the pages of webhooks, and what both pages and programs do with one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from aiohttp import web

from hotline.access.tokens import Token, Tokens
from hotline.appeals.change_log import ChangeLog
from hotline.clock import Clock
from hotline.delivery.notice_states import NoticeEvent, NoticeState
from hotline.delivery.outbox import Notice, Outbox
from hotline.errors import NotFound
from hotline.line.presence_changes import PresenceChanges
from hotline.outages.change_log import OutageLog
from hotline.webhooks.addresses import checked
from hotline.webhooks.signing import new_secret
from hotline.webhooks.webhook import (
    EVENTS,
    OVERLAP,
    PING,
    Places,
    Webhook,
    Webhooks,
    owed_event,
    webhook_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSources:
    """The webhooks, and the logs by whose places they are sent back."""

    webhooks: Webhooks
    appeals: ChangeLog
    outages: OutageLog
    presence: PresenceChanges
    outbox: Outbox
    tokens: Tokens
    clock: Clock
    timezone: ZoneInfo
    http: bool = False
    """Addresses may be unencrypted."""

    async def add(self, token: Token, address: str, events: Sequence[str]) -> Webhook:
        """Make a webhook of the token; raises WrongAddress, and ForbiddenTransition for one too many."""
        where = checked(address, http=self.http)
        return await self.webhooks.add(token.id, where, events, new_secret(), self.clock.now())

    async def renew(self, webhook: Webhook) -> Webhook:
        """Give it another secret; for a week the present one signs as well."""
        return await self.webhooks.renew(webhook.id, new_secret(), old_until=self.clock.now() + OVERLAP)

    async def replay(self, webhook: Webhook, since: datetime) -> Webhook:
        """Send it back to what happened at that moment and later; what calls were is told once."""
        places = Places(
            appeal=min(await self.appeals.place_of(since), webhook.appeal_place),
            outage=min(await self.outages.place_of(since), webhook.outage_place),
            presence=min(await self.presence.place_of(since), webhook.presence_place),
        )
        return await self.webhooks.replay(webhook.id, places)

    async def ping(self, webhook: Webhook) -> None:
        """Owe it a test, which goes the road of all else."""
        now = self.clock.now()
        document = {"type": PING, "id": f"{PING}-{now.timestamp():.6f}", "at": now.isoformat()}
        await self.outbox.owe([owed_event(webhook, document, number="")], now)

    async def send_again(self, webhook: Webhook, notice_id: int) -> None:
        """Send what it was owed once more; raises NotFound for another's, ForbiddenTransition."""
        notice, now = await self.outbox.find(notice_id), self.clock.now()
        if notice is None or webhook_of(notice.to) != webhook.id:
            raise NotFound(f"There is no notice {notice_id} to webhook {webhook.id}.")
        if notice.state in {NoticeState.SENT, NoticeState.NEEDLESS}:
            again = f"again{int(now.timestamp())}"
            document = notice.facts["document"]
            await self.outbox.owe([owed_event(webhook, document, number=notice.number, again=again)], now)
        else:
            await self.outbox.decide(notice_id, NoticeEvent.SEND_AGAIN, now)


def events_for(token: Token) -> Sequence[str]:
    """List the events of which the token may be told."""
    return [event for event, scope in EVENTS.items() if token.opens(scope)]


def event_of(notice: Notice) -> str:
    """Name the event that a notice tells of, as the receiver knows it."""
    return str(notice.facts["document"]["id"])


WEBHOOKS: web.AppKey[WebhookSources] = web.AppKey("webhooks")
