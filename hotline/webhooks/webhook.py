"""One webhook: whose it is, what it is told of, and how far it got."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from hotline.access.scopes import Scope
from hotline.contact.channel import Channel
from hotline.delivery.facts import notice_facts
from hotline.delivery.outbox import NewNotice, Notice, Recipient
from hotline.voice.speech import Language
from hotline.webhooks.states import WebhookEvent, WebhookState

PRESENCE = "presence.changed"
EVENTS: Mapping[str, Scope] = {
    "appeal.registered": Scope.APPEALS_READ,
    "appeal.changed": Scope.APPEALS_READ,
    "outage.changed": Scope.OUTAGES_READ,
    "call.arrived": Scope.CALLS,
    "call.answered": Scope.CALLS,
    "call.talk-ended": Scope.CALLS,
    "call.ended": Scope.CALLS,
    "recording.finished": Scope.CALLS,
    "recording.erased": Scope.CALLS,
    PRESENCE: Scope.LINE,
}
"""Events of which webhooks are told, with the scope that a token needs for each."""
OF_CALLS = frozenset(event for event, scope in EVENTS.items() if scope is Scope.CALLS)
"""Told as they happen. The others are lines of the database, so that none is lost."""
PING = "ping"
"""What a test sends."""
RECIPIENT = "webhook"
GIVEN_UP = "webhook-given-up"
MOST_OF_TOKEN = 5
OVERLAP = timedelta(days=7)
"""The time for which the secret before the present one signs as well."""
PATIENCE = timedelta(hours=24)
"""The time without a success after which an address is given up; a notice is tried for longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The last lines of the histories that a webhook was told of, or that are not for it."""

    appeal: int = 0
    outage: int = 0
    presence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A webhook of a token. The secrets are kept as they are: without them nothing can be signed."""

    id: int
    token_id: int
    address: str
    """Where it is sent, `https://…`."""
    events: frozenset[str]
    secret: str
    old_secret: str | None = None
    old_until: datetime | None = None
    state: WebhookState = WebhookState.ON
    changed_at: datetime
    """Of its state."""
    made_at: datetime
    appeal_place: int
    """The last line of the appeals' histories that it was told of, or that is not for it."""
    outage_place: int
    presence_place: int
    replays: int = 0
    """How often it was sent back to an earlier place: each time its events are owed anew."""
    failing_since: datetime | None = None
    """Since when nothing was handed over though it was tried; None: the last try went well."""
    fault: str = ""
    delivered_at: datetime | None = None

    @property
    def places(self) -> Places:
        return Places(appeal=self.appeal_place, outage=self.outage_place, presence=self.presence_place)

    @property
    def recipient(self) -> str:
        return f"{RECIPIENT}:{self.id}"

    def secrets(self, now: datetime) -> Sequence[str]:
        """Give the secrets that sign at this moment, the present one first."""
        if self.old_secret and self.old_until and now < self.old_until:
            return [self.secret, self.old_secret]
        return [self.secret]

    def given_up(self, now: datetime) -> bool:
        """Tell whether it has failed for its whole patience, and is turned off."""
        return self.failing_since is not None and now - self.failing_since >= PATIENCE


def webhook_of(recipient: str) -> int | None:
    """Give the id of the webhook that a notice is for; None for another recipient."""
    kind, _, number = recipient.partition(":")
    return int(number) if kind == RECIPIENT and number.isdecimal() else None


def owed_event(
    webhook: Webhook, document: Mapping[str, object], *, number: str, again: str = ""
) -> NewNotice:
    """Owe a document to the webhook, once for each replay; those with one `number` stay in order.

    `again` names one more sending of an event that was sent before.
    """
    event_id = str(document["id"])
    return NewNotice(
        matter=f"{RECIPIENT}-{webhook.id}-{webhook.replays}{again}-{event_id}",
        to=webhook.recipient,
        channel=Channel.WEBHOOK,
        address=webhook.address,
        about=str(document["type"]),
        facts={"document": dict(document)},
        number=number,
    )


def given_up_notice(webhook: Webhook, name: str, fault: str, at: datetime) -> NewNotice:
    """Tell the head that a webhook was turned off; `name` is the token's."""
    return NewNotice(
        matter=f"{RECIPIENT}-{webhook.id}-given-up-{int(at.timestamp())}",
        to=Recipient.HEAD.value,
        channel=Channel.PAGE,
        address="",
        about=GIVEN_UP,
        facts=notice_facts(Language.UKRAINIAN, texts={"whose": name, "fault": fault}),
    )


class Webhooks(Protocol):
    """The webhooks of all tokens. One that has ended is on no list."""

    async def add(
        self, token_id: int, address: str, events: Sequence[str], secret: str, at: datetime
    ) -> Webhook:
        """Keep one that is told of what happens from now on.

        Raises WrongAddress where the token has one there, ForbiddenTransition for one more than
        MOST_OF_TOKEN; of two at once, the second knows of the first.
        """
        ...

    async def all(self, token_id: int | None = None) -> Sequence[Webhook]:
        """List them, or those of one token, the newest first."""
        ...

    async def on(self) -> Sequence[Webhook]:
        """List those that are on; read anew only once something about webhooks was written."""
        ...

    async def get(self, webhook_id: int) -> Webhook:
        """Raises NotFound, also for one that has ended."""
        ...

    async def move(self, webhook_id: int, event: WebhookEvent, at: datetime) -> Webhook:
        """Turn it off or on, or end it; raises NotFound, ForbiddenTransition.

        Off, what is owed to it waits; resumed, that and what was given up is tried at once; ended, it is
        taken back.
        """
        ...

    async def feed(self, was: Webhook, owed: Sequence[NewNotice], places: Places, at: datetime) -> bool:
        """Owe it these events and note its places, in one transaction; False when it has moved meanwhile."""
        ...

    async def replay(self, webhook_id: int, places: Places) -> Webhook:
        """Send it back to these places: what it was told of since is owed to it once more."""
        ...

    async def renew(self, webhook_id: int, secret: str, *, old_until: datetime) -> Webhook:
        """Give it another secret; until then the present one signs as well. Raises NotFound."""
        ...

    async def worked(self, webhook_id: int, at: datetime) -> None:
        """Note that something was handed over."""
        ...

    async def failed(self, webhook_id: int, at: datetime, fault: str) -> Webhook:
        """Note that a try went in vain; raises NotFound."""
        ...

    async def give_up(self, webhook_id: int, at: datetime, fault: str, notice: NewNotice) -> None:
        """Turn it off and owe the notice of it, in one transaction; nothing where it is not on."""
        ...

    async def waiting(self, webhook_id: int) -> int:
        """Count what it is owed and has not got yet."""
        ...

    async def sent_lately(self, webhook_id: int, limit: int = 50) -> Sequence[Notice]:
        """List what it is or was owed, the latest first."""
        ...
