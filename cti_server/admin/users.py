"""The users' pages: who may sign in, as what, at which desk. An account is closed, never deleted."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TypedDict

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.auth.errors import Forbidden
from cti_server.auth.passwords import new_password
from cti_server.enterprises.sources import EXECUTORS
from cti_server.frame.language import N_, words_of
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.numbers import phone
from cti_server.frame.pages import render
from cti_server.frame.words import BODIES, SKILLS
from cti_server.keys import ACCOUNTS, USER
from cti_server.shifts.ahead import shifts_ahead
from hotline.access.bodies import Body
from hotline.access.permissions import Permission, Role
from hotline.access.users import User, may_give, may_take
from hotline.contact.mail_addresses import mail_address
from hotline.contact.numbers import e164
from hotline.errors import AlreadyTaken, NotFound
from hotline.line.desk_left import take_off_duty

ROLES: Mapping[Role, str] = {
    Role.DISPATCHER: N_("Dispatcher"),
    Role.HEAD: N_("Head of the centre"),
    Role.EXECUTOR: N_("Executor"),
    Role.OBSERVER: N_("Observer"),
    Role.ADMINISTRATOR: N_("Administrator"),
}
LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
LONGEST_NAME = 100
FIELDS = ("login", "name", "role", "desk", "executor", "telephone", "email", "body", "sees_people")
SKILLS_FIELD = "skills"
"""May be ticked several times; what was typed has all of them in one text, with spaces."""
_MANAGE = allowed(Permission.MANAGE_USERS)


@_MANAGE
async def new_page(request: web.Request) -> web.Response:
    asked = request.query.get("role", "")
    given = [role for role in ROLES if may_give(request[USER], role)]
    role = asked if asked in given else given[0].value
    executor = request.query.get("executor", "")
    return await _form(
        request, None, dict.fromkeys((*FIELDS, SKILLS_FIELD), "") | {"role": role, "executor": executor}
    )


@_MANAGE
async def add(request: web.Request) -> web.Response:
    """Open an account; its first password is shown this once."""
    accounts, gettext = request.app[ACCOUNTS], words_of(request).gettext
    typed = await _typed(request)
    errors = await _errors(request, typed)
    if not LOGIN.fullmatch(typed["login"]):
        errors["login"] = gettext("2 to 32 small Latin letters, digits, dots or dashes.")
    if errors:
        return await _form(request, None, typed, errors)
    password, desk = new_password(), await _desk(request, typed["desk"])
    try:
        user = await accounts.users.add(
            login=typed["login"],
            name=typed["name"],
            role=Role(typed["role"]),
            password_hash=await accounts.passwords.hash(password),
            dispatcher_id=desk,
            executor_id=_bound(typed),
            telephone=e164(typed["telephone"]),
            email=mail_address(typed["email"]),
            password_given=True,
            **_observing(typed),
        )
    except AlreadyTaken:
        taken = await accounts.users.by_login(typed["login"])
        return await _form(request, None, typed, _taken(request, "login" if taken else "desk"))
    learnt = await _set_skills(request, desk, typed)
    people = _people_said(before=False, after=user.sees_people)
    await audit(request, Action.ADD, f"user:{user.id}", "; ".join(filter(None, (user.role, people, learnt))))
    return _password_page(request, user, password)


@_MANAGE
async def edit_page(request: web.Request) -> web.Response:
    user = await _seen(request)
    await audit(request, Action.VIEW, f"user:{user.id}")
    return await _form(request, user, await _stored(request, user))


@_MANAGE
async def change(request: web.Request) -> web.Response:
    """Change name, role, desk, enterprise. What was open with other rights ends; see `auth.revocation`."""
    user, typed = await _asked_for(request), await _typed(request)
    seen, stored = str((await request.post()).get("seen", "")), await _stored(request, user)
    if seen and seen != _mark(stored):  # or a form that stood open would give back a right that was taken
        return await _form(request, user, stored, overtaken=True)
    errors = await _errors(request, typed)
    if user.id == request[USER].id and typed["role"] != user.role:
        errors["role"] = words_of(request).gettext("Your own role is for another to change.")
    if errors:
        return await _form(request, user, typed, errors)
    changed = replace(
        user,
        name=typed["name"],
        role=Role(typed["role"]),
        dispatcher_id=await _desk(request, typed["desk"]),
        executor_id=_bound(typed),
        telephone=e164(typed["telephone"]),
        email=mail_address(typed["email"]),
        **_observing(typed),
    )
    try:
        await request.app[ACCOUNTS].users.update(changed)
    except AlreadyTaken:
        return await _form(request, user, typed, _taken(request, "desk"))
    await _off_duty(request, user, changed)
    learnt = await _set_skills(request, changed.dispatcher_id, typed)
    role = f"{user.role} → {changed.role}" if user.role is not changed.role else ""
    people = _people_said(before=user.sees_people, after=changed.sees_people)
    await audit(request, Action.CHANGE, f"user:{user.id}", "; ".join(filter(None, (role, people, learnt))))
    return noted_at("/admin/users", Noted.USER_SAVED)


@_MANAGE
async def reset_password(request: web.Request) -> web.Response:
    """Give the account a new password, take its one-time code away, and sign it out everywhere."""
    user, accounts = await _other(request), request.app[ACCOUNTS]
    password = new_password()
    hashed = await accounts.passwords.hash(password)
    changed = replace(user, password_hash=hashed, password_given=True, totp_secret=None)
    await accounts.users.update(changed)
    await accounts.sessions.close_all_of(user.id)
    await audit(request, Action.PASSWORD, f"user:{user.id}")
    return _password_page(request, user, password)


@_MANAGE
async def closing_page(request: web.Request) -> web.Response:
    """Say what closing the account means before it is done."""
    who = _not_oneself(request, await _seen(request))
    return render(request, "admin/closing.html.jinja2", who=who, ahead=await shifts_ahead(request, who))


@_MANAGE
async def deactivate(request: web.Request) -> web.Response:
    """Close the account: its sessions and what they opened end at once, its desk is free for another."""
    user, accounts = _not_oneself(request, await _seen(request)), request.app[ACCOUNTS]
    closed = replace(user, active=False, dispatcher_id=None)
    await accounts.users.update(closed)
    await accounts.sessions.close_all_of(user.id)
    await _off_duty(request, user, closed)
    await audit(request, Action.DEACTIVATE, f"user:{user.id}")
    return noted_at("/admin/users", Noted.USER_CLOSED)


@_MANAGE
async def activate(request: web.Request) -> web.Response:
    user = await _other(request)
    await request.app[ACCOUNTS].users.update(replace(user, active=True))
    await audit(request, Action.ACTIVATE, f"user:{user.id}")
    return noted_at("/admin/users", Noted.USER_REOPENED)


async def _set_skills(request: web.Request, desk: int | None, typed: Mapping[str, str]) -> str:
    """Give the desk the skills that were ticked; return what has changed, for the audit log."""
    if desk is None:
        return ""
    dispatchers, skills = request.app[ACCOUNTS].dispatchers, frozenset(typed[SKILLS_FIELD].split())
    before = (await dispatchers.get(desk)).skills
    if skills == before:
        return ""
    await dispatchers.set_skills(desk, skills)
    return f"skills: {' '.join(sorted(before))} → {' '.join(sorted(skills))}"


async def _off_duty(request: web.Request, before: User, after: User) -> None:
    accounts = request.app[ACCOUNTS]
    await take_off_duty(accounts.dispatchers, before, after, accounts.clock.now())


async def _seen(request: web.Request) -> User:
    """Find the user named in the address; raises NotFound, or Forbidden for one above the actor."""
    user = await request.app[ACCOUNTS].users.get(int(request.match_info["id"]))
    if not may_take(request[USER], user.role):
        raise Forbidden(f"{request[USER].role} may not see a {user.role}.")
    return user


async def _asked_for(request: web.Request) -> User:
    """Find the user named in the address; raises NotFound, or Forbidden for rights that the actor lacks."""
    user = await _seen(request)
    if not may_give(request[USER], user.role):
        raise Forbidden(f"{request[USER].role} may not change a {user.role}.")
    return user


async def _other(request: web.Request) -> User:
    """Find the user named in the address, who is not the actor: nobody locks themselves out."""
    return _not_oneself(request, await _asked_for(request))


def _not_oneself(request: web.Request, user: User) -> User:
    if user.id == request[USER].id:
        raise Forbidden("One's own account is for another to close; the password: on the account's page.")
    return user


async def _typed(request: web.Request) -> dict[str, str]:
    form = await request.post()
    typed = {name: " ".join(str(form.get(name, "")).split()) for name in FIELDS}
    ticked = (str(one) for one in form.getall(SKILLS_FIELD, []))
    return typed | {SKILLS_FIELD: " ".join(sorted({one for one in ticked if one in SKILLS}))}


async def _stored(request: web.Request, user: User) -> dict[str, str]:
    desk = user.dispatcher_id and await request.app[ACCOUNTS].dispatchers.get(user.dispatcher_id)
    extension = desk.extension if desk else ""
    executor = str(user.executor_id or "")
    values = (
        *(user.login, user.name, user.role.value, extension, executor),
        *(phone(user.telephone), user.email or ""),
        *(user.body or "", "yes" if user.sees_people else ""),
    )
    skills = " ".join(sorted(desk.skills)) if desk else ""
    return {**dict(zip(FIELDS, values, strict=True)), SKILLS_FIELD: skills}


def _bound(typed: Mapping[str, str]) -> int | None:
    """Return the enterprise; only a user with the executor's role has one."""
    return int(typed["executor"]) if typed["role"] == Role.EXECUTOR and typed["executor"] else None


class Observing(TypedDict):
    """Fields of an account whose user observes: for which body, and whether they see personal data."""

    body: Body | None
    sees_people: bool


def _observing(typed: Mapping[str, str]) -> Observing:
    observes = typed["role"] == Role.OBSERVER
    body = Body(typed["body"]) if observes and typed["body"] in set(Body) else None
    return {"body": body, "sees_people": observes and typed["sees_people"] == "yes"}


def _people_said(*, before: bool, after: bool) -> str:
    """Say for the audit log that the right to personal data was given or taken."""
    if before is after:
        return ""
    return "personal data allowed" if after else "personal data closed"


async def enterprises(request: web.Request) -> Mapping[str, str]:
    """Name the enterprises that one may work for by their ids; none where the register is not served."""
    sources = request.app.get(EXECUTORS)
    found = await sources.executors.all() if sources else ()
    return {str(one.id): one.short for one in found if one.active}


async def _errors(request: web.Request, typed: Mapping[str, str]) -> dict[str, str]:
    gettext = words_of(request).gettext
    errors = {}
    if not 0 < len(typed["name"]) <= LONGEST_NAME:
        errors["name"] = gettext("Please enter a name of up to 100 characters.")
    if typed["role"] not in set(Role):
        errors["role"] = gettext("Choose one of the roles.")
    elif not may_give(request[USER], Role(typed["role"])):
        errors["role"] = gettext("Only the head of the centre gives this role.")
    if typed["telephone"] and e164(typed["telephone"]) is None:
        errors["telephone"] = gettext("Write a telephone number, such as 067 123 45 67.")
    if typed["email"] and mail_address(typed["email"]) is None:
        errors["email"] = gettext("Write an e-mail address, such as name@ukr.net.")
    known = await enterprises(request)
    if typed["role"] == Role.EXECUTOR and known and typed["executor"] not in known:
        errors["executor"] = gettext("Choose the enterprise that they work for.")
    return errors


def _taken(request: web.Request, field: str) -> dict[str, str]:
    gettext = words_of(request).gettext
    login, desk = gettext("This login is taken already."), gettext("This desk belongs to another account.")
    return {field: login if field == "login" else desk}


async def _desk(request: web.Request, extension: str) -> int | None:
    """Find the id of the desk with this extension; raises NotFound for one that is not there."""
    if not extension:
        return None
    for desk in await request.app[ACCOUNTS].dispatchers.all():
        if desk.extension == extension:
            return desk.id
    raise NotFound(f"There is no desk {extension}.")


def _mark(stored: Mapping[str, str]) -> str:
    """Name the account's state by which a form was drawn."""
    return hashlib.blake2b(repr(sorted(stored.items())).encode(), digest_size=16).hexdigest()


async def _form(
    request: web.Request,
    user: User | None,
    typed: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    *,
    overtaken: bool = False,
) -> web.Response:
    accounts = request.app[ACCOUNTS]
    taken = {one.dispatcher_id for one in await accounts.users.all() if user is None or one.id != user.id}
    desks = [desk for desk in await accounts.dispatchers.all() if desk.id not in taken]
    return render(
        request,
        "admin/user.html.jinja2",
        status=409 if overtaken else 422 if errors else 200,
        who=user,
        overtaken=overtaken,
        seen=_mark(await _stored(request, user)) if user else "",
        may_change=user is None or may_give(request[USER], user.role),
        typed=typed,
        errors=errors or {},
        roles={role: word for role, word in ROLES.items() if may_give(request[USER], role)},
        desks=desks,
        enterprises=await enterprises(request),
        skills=SKILLS,
        bodies=BODIES,
        phone=phone,
    )


def _password_page(request: web.Request, user: User, password: str) -> web.Response:
    return render(request, "admin/password.html.jinja2", who=user, password=password)
