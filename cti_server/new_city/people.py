"""The step of the first users: each gets a password that is shown once and changed at the first sign-in."""

from collections.abc import Mapping
from dataclasses import replace

from aiohttp import web

from cti_server.admin.users import LOGIN, LONGEST_NAME, ROLES
from cti_server.audit import Action, audit
from cti_server.auth.passwords import new_password
from cti_server.frame.language import words_of
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS
from cti_server.new_city.door import PATH, in_setup, noted
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.errors import AlreadyTaken
from hotline.foreign_text import tidied
from hotline.line.extensions import is_extension
from hotline.line.phones import new_secret
from hotline.new_city.setup import SetupStep

FIELDS = ("login", "name", "role", "extension")
OFFERED = (Role.HEAD, Role.DISPATCHER, Role.ADMINISTRATOR)
"""Roles that the first users have; enterprises and observers are added by the head."""


@in_setup
async def page(request: web.Request) -> web.Response:
    return await _page(request)


@in_setup
async def add(request: web.Request) -> web.Response:
    """Open an account, with a desk for who answers calls; its first password is shown this once."""
    accounts, gettext = request.app[ACCOUNTS], words_of(request).gettext
    form = await request.post()
    typed = {name: " ".join(tidied(str(form.get(name, ""))).split()) for name in FIELDS}
    if errors := _errors(request, typed):
        return await _page(request, typed, errors)
    if await accounts.users.by_login(typed["login"]) is not None:
        return await _page(request, typed, {"login": gettext("This login is taken already.")})
    desk = None
    if typed["extension"]:
        if await accounts.dispatchers.by_extension(typed["extension"]) is not None:
            return await _page(
                request, typed, {"extension": gettext("This desk belongs to another account.")}
            )
        desk = await accounts.dispatchers.add(typed["extension"], typed["name"], new_secret(), frozenset())
    password = new_password()
    try:
        user = await accounts.users.add(
            login=typed["login"],
            name=typed["name"],
            role=Role(typed["role"]),
            password_hash=await accounts.passwords.hash(password),
            dispatcher_id=desk.id if desk else None,
            password_given=True,
        )
    except AlreadyTaken:  # in this very moment
        return await _page(request, typed, {"login": gettext("This login is taken already.")})
    await audit(request, Action.ADD, f"user:{user.id}", user.role)
    if user.role is Role.HEAD:
        await noted(request, SetupStep.PEOPLE)
    return await _page(request, made=(user, password))


@in_setup
async def renew(request: web.Request) -> web.Response:
    """Give an account another first password: the one that was shown was not written down."""
    accounts, chosen = request.app[ACCOUNTS], str((await request.post()).get("user", ""))
    found = [one for one in await accounts.users.all() if str(one.id) == chosen and one.password_given]
    if not found:
        raise web.HTTPNotFound
    password = new_password()
    changed = replace(found[0], password_hash=await accounts.passwords.hash(password), totp_secret=None)
    await accounts.users.update(changed)
    await audit(request, Action.PASSWORD, f"user:{changed.id}")
    return await _page(request, made=(changed, password))


def _errors(request: web.Request, typed: Mapping[str, str]) -> dict[str, str]:
    gettext, errors = words_of(request).gettext, {}
    if not LOGIN.fullmatch(typed["login"]):
        errors["login"] = gettext("2 to 32 small Latin letters, digits, dots or dashes.")
    if not 0 < len(typed["name"]) <= LONGEST_NAME:
        errors["name"] = gettext("Please enter a name of up to 100 characters.")
    if typed["role"] not in OFFERED:
        errors["role"] = gettext("Choose one of the roles.")
    if typed["extension"] and not is_extension(typed["extension"]):
        errors["extension"] = gettext("Give three digits that are no emergency number, such as 201.")
    elif typed["role"] == Role.DISPATCHER and not typed["extension"]:
        errors["extension"] = gettext("A dispatcher answers at a telephone: give three digits, such as 201.")
    return errors


async def _page(
    request: web.Request,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    made: tuple[User, str] | None = None,
) -> web.Response:
    accounts = request.app[ACCOUNTS]
    users = await accounts.users.all()
    has_head = any(one.role is Role.HEAD for one in users)
    first = dict.fromkeys(FIELDS, "") | {"role": (Role.DISPATCHER if has_head else Role.HEAD).value}
    return render(
        request,
        "new_city/people.html.jinja2",
        status=422 if errors else 200,
        typed=typed or first,
        errors=errors or {},
        made=made,
        users=users,
        has_head=has_head,
        desks={one.id: one.extension for one in await accounts.dispatchers.all()},
        roles={role: ROLES[role] for role in OFFERED},
        ROLES=ROLES,
        root=PATH,
    )
