"""The page of tokens: which other systems may ask for what, as whom, until when. The secret is shown once."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from aiohttp import web

from cti_server.admin.scope_words import SCOPES
from cti_server.admin.users import ROLES
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.auth.bearer import BEARERS
from cti_server.auth.errors import Forbidden
from cti_server.enterprises.sources import EXECUTORS
from cti_server.frame.language import N_, words_of
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS, USER
from hotline.access.permissions import Permission, Role
from hotline.access.scopes import Scope, scopes_of
from hotline.access.tokens import LONGEST_NAME, OVERLAP, Token, hash_of, new_secret
from hotline.access.users import may_give, may_take
from hotline.errors import ForbiddenTransition

OFFERED = (Role.OBSERVER, Role.EXECUTOR, Role.DISPATCHER, Role.HEAD)
"""The roles that can do something with a token."""
MEANING: Mapping[Role, str] = {
    Role.OBSERVER: N_("reads appeals and the waiting line"),
    Role.EXECUTOR: N_("reads the appeals of one enterprise, and acts on them for it"),
    Role.DISPATCHER: N_("reads calls too, finds and enters citizens, registers and assigns appeals"),
    Role.HEAD: N_("all this, and changes the dispatchers' presence"),
}
LIVES: Mapping[str, str] = {
    "30": N_("30 days"),
    "90": N_("90 days"),
    "365": N_("A year"),
    "730": N_("Two years"),
}
_FIELDS = ("name", "role", "executor", "personal", "days")
_EMPTY = {"name": "", "role": Role.OBSERVER.value, "executor": "", "personal": "", "days": "365"}
_MANAGE = allowed(Permission.MANAGE_USERS)


def add_tokens(app: web.Application) -> None:
    """Add the page to an application with the API and the register of executors, whose systems get tokens."""
    app.router.add_get("/admin/tokens", listing)
    app.router.add_post("/admin/tokens", add)
    app.router.add_get(r"/admin/tokens/{id:\d{1,9}}", card)
    app.router.add_post(r"/admin/tokens/{id:\d{1,9}}/scopes", rescope)
    app.router.add_post(r"/admin/tokens/{id:\d{1,9}}/renew", renew)
    app.router.add_post(r"/admin/tokens/{id:\d{1,9}}/revoke", revoke)


@_MANAGE
async def listing(request: web.Request) -> web.Response:
    """All tokens, those that ended as well, and the form for a new one."""
    await audit(request, Action.VIEW, "tokens")
    return await _page(request, _EMPTY)


@_MANAGE
async def add(request: web.Request) -> web.Response:
    """Make a token; its secret is shown this once."""
    accounts, form = request.app[ACCOUNTS], await request.post()
    typed = {field: " ".join(str(form.get(field, "")).split()) for field in _FIELDS}
    scopes = await _ticked(request)
    if errors := await _errors(request, typed, scopes):
        return await _page(request, typed, errors, scopes)
    now, secret = accounts.clock.now(), new_secret()
    token = await request.app[BEARERS].tokens.add(
        hash_of(secret),
        name=typed["name"],
        role=Role(typed["role"]),
        personal=typed["personal"] == "yes",
        user_id=request[USER].id,
        made_at=now,
        expires_at=now + timedelta(days=int(typed["days"])),
        scopes=scopes,
        executor_id=int(typed["executor"]) if typed["role"] == Role.EXECUTOR else None,
    )
    personal = " personal" if token.personal else ""
    opened = " ".join(sorted(token.scopes))
    await audit(request, Action.ADD, f"token:{token.id}", f"{token.name}: {token.role}{personal} {opened}")
    return render(request, "admin/token.html.jinja2", token=token, secret=secret)


@_MANAGE
async def card(request: web.Request) -> web.Response:
    """Show the page of one token, on which the head changes the parts of the interface that it opens."""
    token = await request.app[BEARERS].tokens.get(int(request.match_info["id"]))
    await audit(request, Action.VIEW, f"token:{token.id}")
    return await _card(request, token, token.scopes)


@_MANAGE
async def rescope(request: web.Request) -> web.Response:
    """Let a token open what is ticked and nothing else; what is open otherwise ends within two seconds."""
    tokens, now = request.app[BEARERS].tokens, request.app[ACCOUNTS].clock.now()
    token, scopes = await tokens.get(int(request.match_info["id"])), await _ticked(request)
    if not may_give(request[USER], token.role):
        raise Forbidden(f"{request[USER].role} may not change a token of a {token.role}.")
    if not token.valid(now):
        raise ForbiddenTransition(f"Token {token.id} has ended: make another.")
    token.check_changeable()
    if error := _fault_of(request, token.role, scopes):
        return await _card(request, token, scopes, error)
    token = await tokens.rescope(token.id, scopes)
    opened = " ".join(sorted(token.scopes))
    await audit(request, Action.CHANGE, f"token:{token.id}", f"{token.name}: {opened}")
    return noted_at(f"/admin/tokens/{token.id}", Noted.TOKEN_CHANGED)


@_MANAGE
async def renew(request: web.Request) -> web.Response:
    """Give a token another secret, shown this once; the old one stays good for a week."""
    tokens, now = request.app[BEARERS].tokens, request.app[ACCOUNTS].clock.now()
    token = await tokens.get(int(request.match_info["id"]))
    if not may_give(request[USER], token.role):
        raise Forbidden(f"{request[USER].role} may not renew a token of a {token.role}.")
    if not token.valid(now):
        raise ForbiddenTransition(f"Token {token.id} has ended: make another.")
    token.check_changeable()
    secret = new_secret()
    token = await tokens.renew(token.id, hash_of(secret), old_until=min(now + OVERLAP, token.expires_at))
    await audit(request, Action.CHANGE, f"token:{token.id}", f"{token.name}: new secret")
    return render(request, "admin/token.html.jinja2", token=token, secret=secret)


@_MANAGE
async def revoke(request: web.Request) -> web.Response:
    """End a token at once; open streams of events end within two seconds."""
    tokens = request.app[BEARERS].tokens
    token = await tokens.get(int(request.match_info["id"]))
    if not may_take(request[USER], token.role):
        raise Forbidden(f"{request[USER].role} may not end a token of a {token.role}.")
    await tokens.revoke(token.id, request.app[ACCOUNTS].clock.now())
    await audit(request, Action.REVOKE, f"token:{token.id}", token.name)
    return noted_at("/admin/tokens", Noted.TOKEN_ENDED)


async def _ticked(request: web.Request) -> frozenset[Scope]:
    given = (await request.post()).getall("scope", [])
    return frozenset(one for one in Scope if one.value in given)


def _fault_of(request: web.Request, role: Role, scopes: Collection[Scope]) -> str:
    """Say what is wrong with the scopes for a token of this role; empty where nothing is."""
    gettext = words_of(request).gettext
    if not scopes:
        return gettext("Choose at least one thing that the token opens.")
    if needless := sorted(set(scopes) - scopes_of(role)):
        names = ", ".join(gettext(SCOPES[one]) for one in needless)
        return gettext("A token of this role cannot do that: %(names)s.") % {"names": names}
    return ""


async def _card(
    request: web.Request, token: Token, ticked: Collection[Scope], error: str = ""
) -> web.Response:
    enterprise = ""
    if token.executor_id is not None:
        enterprise = (await request.app[EXECUTORS].executors.get(token.executor_id)).short
    return render(
        request,
        "admin/token_card.html.jinja2",
        status=422 if error else 200,
        token=token,
        role=ROLES[token.role],
        enterprise=enterprise,
        scopes=[(one, SCOPES[one]) for one in Scope if one in scopes_of(token.role)],
        ticked=ticked,
        error=error,
    )


async def _errors(
    request: web.Request, typed: Mapping[str, str], scopes: Collection[Scope]
) -> dict[str, str]:
    gettext, errors = words_of(request).gettext, {}
    if not 0 < len(typed["name"]) <= LONGEST_NAME:
        errors["name"] = gettext("Please enter a name of up to 100 characters.")
    if typed["role"] not in OFFERED:
        errors["role"] = gettext("Choose one of the roles.")
    elif not may_give(request[USER], Role(typed["role"])):
        errors["role"] = gettext("Only the head of the centre gives this role.")
    elif fault := _fault_of(request, Role(typed["role"]), scopes):
        errors["scope"] = fault
    if typed["role"] == Role.EXECUTOR and typed["executor"] not in {
        value for value, _ in await _choice(request)
    }:
        errors["executor"] = gettext("Choose whose system it is.")
    if typed["days"] not in LIVES:
        errors["days"] = gettext("Choose how long it lives.")
    return errors


async def _choice(request: web.Request) -> list[tuple[str, str]]:
    """List the enterprises that a token can be bound to: value and name."""
    return [(str(one.id), one.short) for one in await request.app[EXECUTORS].executors.all() if one.active]


async def _page(
    request: web.Request,
    typed: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    ticked: Collection[Scope] = (),
) -> web.Response:
    accounts, gettext = request.app[ACCOUNTS], words_of(request).gettext
    tokens, now = await request.app[BEARERS].tokens.all(), accounts.clock.now()
    makers = {one.id: one for one in await accounts.users.all()}
    roles = [role for role in OFFERED if may_give(request[USER], role)]
    return render(
        request,
        "admin/tokens.html.jinja2",
        status=422 if errors else 200,
        tokens=tokens,
        makers={one.id: one.name for one in makers.values()},
        bad={one.id for one in tokens if not one.good(now, makers[one.user_id])},
        now=now,
        roles=ROLES,
        renewed=roles,
        offered=[(role, ROLES[role], MEANING[role]) for role in roles],
        lives=LIVES,
        executors=[("", gettext("— choose —")), *await _choice(request)],
        enterprises={one.id: one.short for one in await request.app[EXECUTORS].executors.all()},
        typed=typed,
        scopes=[(one, said) for one, said in SCOPES.items() if one is not Scope.NEIGHBOUR],
        ticked=ticked,
        errors=errors or {},
        longest=LONGEST_NAME,
    )
