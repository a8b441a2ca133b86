"""Pages of webhooks, for those who give other systems their tokens."""

from collections.abc import Mapping

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.auth.errors import Forbidden
from cti_server.frame.language import words_of
from cti_server.frame.moments import read_moment
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.keys import USER
from cti_server.webhooks.sources import WEBHOOKS, WebhookSources, event_of, events_for
from cti_server.webhooks.words import ADDRESSES, EVENT_WORDS, SENDINGS, STATES
from hotline.access.permissions import Permission
from hotline.access.tokens import Token
from hotline.access.users import may_give
from hotline.delivery.notice_states import NoticeState
from hotline.errors import ForbiddenTransition
from hotline.webhooks.addresses import LONGEST, WrongAddress, host_of
from hotline.webhooks.states import WEBHOOK, WebhookEvent
from hotline.webhooks.webhook import EVENTS, Webhook

PATH = "/admin/webhooks"
ONE = PATH + r"/{id:\d{1,9}}"
_AGAIN = frozenset({NoticeState.SENT, NoticeState.FAILED, NoticeState.UNSURE, NoticeState.NEEDLESS})
_MANAGE = allowed(Permission.MANAGE_USERS)


@_MANAGE
async def listing(request: web.Request) -> web.Response:
    """All webhooks, and the form for a new one."""
    await audit(request, Action.VIEW, "webhooks")
    return await _listing(request, {"token": "", "address": ""}, frozenset(), {})


@_MANAGE
async def add(request: web.Request) -> web.Response:
    """Make a webhook of a token; its secret is shown this once."""
    sources, form, gettext = request.app[WEBHOOKS], await request.post(), words_of(request).gettext
    typed = {name: str(form.get(name, "")).strip() for name in ("token", "address")}
    events = frozenset(one for one in EVENTS if one in form.getall("event", []))
    token = next((one for one in await _tokens(request) if str(one.id) == typed["token"]), None)
    errors = {}
    if token is None:
        errors["token"] = gettext("Choose the token of the system.")
    elif not events:
        errors["event"] = gettext("Choose of what it is told.")
    elif not events <= set(events_for(token)):
        errors["event"] = gettext("This token may not see all of that: change on its page what it opens.")
    if token is None or errors:
        return await _listing(request, typed, events, errors)
    try:
        webhook = await sources.add(token, typed["address"], sorted(events))
    except WrongAddress as error:
        return await _listing(request, typed, events, {"address": gettext(ADDRESSES[error.fault])})
    except ForbiddenTransition:
        many = gettext("This token has as many webhooks as it may have: end one first.")
        return await _listing(request, typed, events, {"token": many})
    await audit(request, Action.ADD, f"webhook:{webhook.id}", f"{token.name}: {host_of(webhook.address)}")
    return render(request, "webhooks/secret.html.jinja2", webhook=webhook)


@_MANAGE
async def card(request: web.Request) -> web.Response:
    """One webhook: how it stands, what it was sent, and what can be done."""
    webhook = await _asked(request)
    await audit(request, Action.VIEW, f"webhook:{webhook.id}")
    return await _card(request, webhook)


@_MANAGE
async def turn_off(request: web.Request) -> web.Response:
    """Have nothing sent until it is turned on again."""
    return await _moved(request, WebhookEvent.TURN_OFF, Noted.WEBHOOK_OFF)


@_MANAGE
async def resume(request: web.Request) -> web.Response:
    """Go on from where it stopped."""
    return await _moved(request, WebhookEvent.RESUME, Noted.WEBHOOK_ON)


@_MANAGE
async def end(request: web.Request) -> web.Response:
    """End it for good."""
    return await _moved(request, WebhookEvent.END, Noted.WEBHOOK_ENDED)


@_MANAGE
async def ping(request: web.Request) -> web.Response:
    """Send it a test."""
    webhook = await _given(request)
    await request.app[WEBHOOKS].ping(webhook)
    await audit(request, Action.CHANGE, f"webhook:{webhook.id}", "ping")
    return noted_at(f"{PATH}/{webhook.id}", Noted.WEBHOOK_TESTED)


@_MANAGE
async def renew(request: web.Request) -> web.Response:
    """Give it another secret, shown this once; for a week the old one signs as well."""
    webhook = await request.app[WEBHOOKS].renew(await _given(request))
    await audit(request, Action.CHANGE, f"webhook:{webhook.id}", "new secret")
    return render(request, "webhooks/secret.html.jinja2", webhook=webhook)


@_MANAGE
async def replay(request: web.Request) -> web.Response:
    """Send all once more since a moment."""
    webhook, sources = await _given(request), request.app[WEBHOOKS]
    since = read_moment(str((await request.post()).get("since", "")), sources.timezone)
    if since is None or since > sources.clock.now():
        text = words_of(request).gettext("Give a moment that is past, such as 12.03.2026 14:05.")
        return await _card(request, webhook, text)
    await sources.replay(webhook, since)
    await audit(request, Action.CHANGE, f"webhook:{webhook.id}", f"replay {since.isoformat()}")
    return noted_at(f"{PATH}/{webhook.id}", Noted.WEBHOOK_SENT_BACK)


@_MANAGE
async def again(request: web.Request) -> web.Response:
    """Send one thing once more."""
    webhook = await _given(request)
    await request.app[WEBHOOKS].send_again(webhook, int(request.match_info["notice"]))
    await audit(request, Action.CHANGE, f"webhook:{webhook.id}", f"again {request.match_info['notice']}")
    return noted_at(f"{PATH}/{webhook.id}", Noted.WEBHOOK_SENT_AGAIN)


async def _moved(request: web.Request, event: WebhookEvent, noted: Noted) -> web.Response:
    sources, webhook = request.app[WEBHOOKS], await _given(request)
    await sources.webhooks.move(webhook.id, event, sources.clock.now())
    await audit(request, Action.CHANGE, f"webhook:{webhook.id}", event)
    return noted_at(PATH if event is WebhookEvent.END else f"{PATH}/{webhook.id}", noted)


async def _asked(request: web.Request) -> Webhook:
    return await request.app[WEBHOOKS].webhooks.get(int(request.match_info["id"]))


async def _given(request: web.Request) -> Webhook:
    """Find the webhook that is changed; raises Forbidden to who may not give its token's role."""
    webhook = await _asked(request)
    token = await request.app[WEBHOOKS].tokens.get(webhook.token_id)
    if not may_give(request[USER], token.role):
        raise Forbidden(f"{request[USER].role} may not change a webhook of a {token.role}.")
    return webhook


async def _tokens(request: web.Request) -> list[Token]:
    """List the tokens that can have webhooks, and whose role the user gives."""
    sources: WebhookSources = request.app[WEBHOOKS]
    now = sources.clock.now()
    return [
        one
        for one in await sources.tokens.all()
        if one.valid(now) and events_for(one) and may_give(request[USER], one.role)
    ]


async def _listing(
    request: web.Request, typed: Mapping[str, str], events: frozenset[str], errors: Mapping[str, str]
) -> web.Response:
    sources, gettext = request.app[WEBHOOKS], words_of(request).gettext
    offered, tokens, now = await _tokens(request), await sources.tokens.all(), sources.clock.now()
    return render(
        request,
        "webhooks/webhooks.html.jinja2",
        status=422 if errors else 200,
        webhooks=await sources.webhooks.all(),
        names={one.id: one.name for one in tokens},
        over={one.id for one in tokens if not one.valid(now)},
        STATES=STATES,
        tokens=[("", gettext("— choose —")), *((str(one.id), one.name) for one in offered)],
        events=[(one, EVENT_WORDS[one]) for one in EVENTS],
        typed=typed,
        ticked=events,
        errors=errors,
        longest=LONGEST,
    )


async def _card(request: web.Request, webhook: Webhook, error: str = "") -> web.Response:
    sources = request.app[WEBHOOKS]
    token = await sources.tokens.get(webhook.token_id)
    return render(
        request,
        "webhooks/webhook.html.jinja2",
        status=422 if error else 200,
        webhook=webhook,
        token=token,
        changes=may_give(request[USER], token.role),
        possible=WEBHOOK.possible(webhook.state),
        sendings=[(one, event_of(one)) for one in await sources.webhooks.sent_lately(webhook.id)],
        AGAIN=_AGAIN,
        STATES=STATES,
        EVENT_WORDS=EVENT_WORDS,
        SENDINGS=SENDINGS,
        error=error,
    )
