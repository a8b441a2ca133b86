"""A token's own webhooks: made, tested, sent back to an earlier moment, ended."""

from collections.abc import Callable
from typing import Annotated, Literal

import msgspec
from aiohttp import web
from msgspec import Meta

from cti_server.api.errors import Fault, Invalid
from cti_server.api.operation import Operation, Run, operation
from cti_server.api.paging import Moment, Page, within
from cti_server.audit import Action, audit
from cti_server.frame.language import N_
from cti_server.keys import TOKEN
from cti_server.webhooks.sources import WEBHOOKS, event_of, events_for
from cti_server.webhooks.words import ADDRESSES
from hotline.access.permissions import Permission
from hotline.access.scopes import SERVES, Scope
from hotline.delivery.notice_states import NoticeState
from hotline.errors import NotFound
from hotline.webhooks import webhook as hooks
from hotline.webhooks.addresses import LONGEST, WrongAddress, host_of
from hotline.webhooks.states import WebhookEvent, WebhookState

EventName = Literal[
    "appeal.registered",
    "appeal.changed",
    "outage.changed",
    "call.arrived",
    "call.answered",
    "call.talk-ended",
    "call.ended",
    "recording.finished",
    "recording.erased",
    "presence.changed",
]
_MAY: tuple[Permission, ...] = tuple(sorted(SERVES[Scope.WEBHOOKS]))
_SCOPE = N_("The token has not the scope that these events need.")
_CHOOSE = N_("Name at least one event.")
_PATH = "/webhooks/{id}"


class WebhookAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The path of a webhook."""

    id: Annotated[int, Meta(ge=1, le=2**31 - 1)]


class NewWebhook(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A webhook to be made."""

    address: Annotated[
        str, Meta(min_length=1, max_length=LONGEST, description="`https://…`, by a name or a public address.")
    ]
    events: list[EventName]


class Replay(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Whence all is sent once more."""

    since: Annotated[Moment, Meta(description="What happened then or later.")]


class Webhook(msgspec.Struct, kw_only=True):
    """A webhook of this token."""

    id: int
    address: str
    events: list[str]
    state: WebhookState
    secret: Annotated[
        str | None, Meta(description="Signs what is sent (`whsec_…`); only when made or renewed, else null.")
    ]
    failing_since: Annotated[Moment | None, Meta(description="null: the last try went well.")]
    fault: Annotated[str, Meta(description="What became of the last try; empty when it went well.")]
    delivered_at: Moment | None
    made_at: Moment


class WebhookPage(Page, kw_only=True):
    """Webhooks of this token, the newest first; `next` is always null."""

    items: list[Webhook]


class Sending(msgspec.Struct, kw_only=True):
    """An event that the hotline sends, or has sent, to the address of a webhook."""

    id: Annotated[str, Meta(description="As in `webhook-id`.")]
    type: str
    state: NoticeState
    tries: int
    owed_at: Moment
    changed_at: Moment
    fault: str


class SendingPage(Page, kw_only=True):
    """The latest events of one webhook, the newest first; `next` is always null."""

    items: list[Sending]


def _own(method: str, path: str, summary: str, status: int = 200) -> Callable[[Run], Operation]:
    """Declare an operation on the token's own webhooks."""
    return operation(
        method,
        path,
        *_MAY,
        scopes=(Scope.WEBHOOKS,),
        summary=summary,
        status=status,
        problems=frozenset({409}) if method != "GET" else frozenset(),
    )


@_own("GET", "/webhooks", N_("List webhooks"))
async def list_webhooks(request: web.Request) -> WebhookPage:
    """The webhooks of this token."""
    found = await request.app[WEBHOOKS].webhooks.all(request[TOKEN].id)
    return WebhookPage(items=[_shown(one) for one in found])


@_own("POST", "/webhooks", N_("Make a webhook"), status=201)
async def make_webhook(request: web.Request, body: NewWebhook) -> Webhook:
    """Have events sent to an address from now on. `secret` is in this answer alone."""
    token = request[TOKEN]
    if not body.events:
        raise Invalid(Fault("body.events", _CHOOSE))
    if not set(body.events) <= set(events_for(token)):
        raise Invalid(Fault("body.events", _SCOPE))
    try:
        made = await request.app[WEBHOOKS].add(token, body.address, body.events)
    except WrongAddress as error:
        raise Invalid(Fault("body.address", ADDRESSES[error.fault])) from error
    await audit(request, Action.ADD, f"webhook:{made.id}", host_of(made.address))
    return _shown(made, secret=True)


@_own("GET", _PATH, N_("Read a webhook"))
async def read_webhook(request: web.Request, path: WebhookAsked) -> Webhook:
    """Give one webhook of the token that asks: its address, its events, and whether it is on."""
    return _shown(await _theirs(request, path))


@_own("GET", f"{_PATH}/deliveries", N_("Read what a webhook was sent"))
async def list_sendings(request: web.Request, path: WebhookAsked) -> SendingPage:
    """List the latest events of a webhook, each with its state and the fault of its last try."""
    webhook = await _theirs(request, path)
    found = await request.app[WEBHOOKS].webhooks.sent_lately(webhook.id)
    return SendingPage(
        items=[
            Sending(
                id=event_of(one),
                type=one.about,
                state=one.state,
                tries=one.tries,
                owed_at=one.owed_at,
                changed_at=one.changed_at,
                fault=one.fault,
            )
            for one in found
        ]
    )


@_own("POST", f"{_PATH}/test", N_("Test a webhook"))
async def test_webhook(request: web.Request, path: WebhookAsked) -> Webhook:
    """Send it a `ping`, in its turn."""
    webhook = await _theirs(request, path)
    await request.app[WEBHOOKS].ping(webhook)
    return _shown(webhook)


@_own("POST", f"{_PATH}/replay", N_("Send events of a webhook once more"))
async def replay_webhook(request: web.Request, path: WebhookAsked, body: Replay) -> Webhook:
    """Send it all events of this moment and later once more, each with the `webhook-id` that it had."""
    sources, since = request.app[WEBHOOKS], within(body.since)
    webhook = await _theirs(request, path)
    if since is not None:
        webhook = await sources.replay(webhook, since)
        await audit(request, Action.CHANGE, f"webhook:{webhook.id}", f"replay {since.isoformat()}")
    return _shown(webhook)


@_own("POST", f"{_PATH}/renew", N_("Give a webhook another secret"))
async def renew_webhook(request: web.Request, path: WebhookAsked) -> Webhook:
    """Make another secret, in this answer alone; for a week each sending bears signatures of both."""
    webhook = await request.app[WEBHOOKS].renew(await _theirs(request, path))
    await audit(request, Action.CHANGE, f"webhook:{webhook.id}", "new secret")
    return _shown(webhook, secret=True)


@_own("POST", f"{_PATH}/turn-off", N_("Turn a webhook off"))
async def turn_webhook_off(request: web.Request, path: WebhookAsked) -> Webhook:
    """Have nothing sent until it is resumed; it keeps its place."""
    return await _moved(request, path, WebhookEvent.TURN_OFF)


@_own("POST", f"{_PATH}/resume", N_("Turn a webhook on again"))
async def resume_webhook(request: web.Request, path: WebhookAsked) -> Webhook:
    """Go on from where it stopped: nothing that happened meanwhile is missed."""
    return await _moved(request, path, WebhookEvent.RESUME)


@_own("DELETE", _PATH, N_("End a webhook"))
async def end_webhook(request: web.Request, path: WebhookAsked) -> Webhook:
    """Have nothing sent to it any more; what it was owed is taken back."""
    return await _moved(request, path, WebhookEvent.END)


async def _moved(request: web.Request, path: WebhookAsked, event: WebhookEvent) -> Webhook:
    sources = request.app[WEBHOOKS]
    webhook = await _theirs(request, path)
    moved = await sources.webhooks.move(webhook.id, event, sources.clock.now())
    await audit(request, Action.CHANGE, f"webhook:{webhook.id}", event)
    return _shown(moved)


async def _theirs(request: web.Request, path: WebhookAsked) -> hooks.Webhook:
    """Find one of this token; another's is one that does not exist. Raises NotFound."""
    found = await request.app[WEBHOOKS].webhooks.get(path.id)
    if found.token_id != request[TOKEN].id:
        raise NotFound(f"There is no webhook {path.id}.")
    return found


def _shown(one: hooks.Webhook, *, secret: bool = False) -> Webhook:
    return Webhook(
        id=one.id,
        address=one.address,
        events=sorted(one.events),
        state=one.state,
        secret=one.secret if secret else None,
        failing_since=one.failing_since,
        fault=one.fault,
        delivered_at=one.delivered_at,
        made_at=one.made_at,
    )
