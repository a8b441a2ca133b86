"""The register's pages: all enterprises with who is on duty now; one, its contacts, users and week."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.enterprises.sources import EXECUTORS
from cti_server.enterprises.typed import CHANNELS, TypedExecutor, as_typed, contacts_of, read_typed, spare
from cti_server.enterprises.week import week_of
from cti_server.frame.language import N_, words_of
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.numbers import beginnings
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS, SMS_PREFIXES
from cti_server.rules.words import DAYS
from hotline.access.permissions import Permission
from hotline.contact.channel import Channel
from hotline.enterprises.executors import ContactKind, Executor, revision_of
from hotline.errors import AlreadyTaken, ForbiddenTransition, Outdated

PATH = "/executors"
MANAGE = allowed(Permission.MANAGE_EXECUTORS)
KINDS: Mapping[ContactKind, str] = {
    ContactKind.DUTY: N_("On duty: takes appeals, acknowledges emergencies"),
    ContactKind.MANAGER: N_("Manager: is told of what is overdue"),
}
CONTACT_KINDS: Mapping[str, str] = {ContactKind.DUTY: N_("on duty"), ContactKind.MANAGER: N_("manager")}
CHANNEL_WORDS: Mapping[Channel, str] = {Channel.EMAIL: N_("by e-mail"), Channel.SMS: N_("by short message")}


@MANAGE
async def listing(request: web.Request) -> web.Response:
    """All enterprises; closed ones with `?closed=1`."""
    closed, now = request.query.get("closed") == "1", _now(request)
    found = [one for one in await request.app[EXECUTORS].executors.all() if one.active or closed]
    users = Counter(one.executor_id for one in await request.app[ACCOUNTS].users.all() if one.active)
    await audit(request, Action.VIEW, "executors")
    return render(
        request,
        "enterprises/list.html.jinja2",
        executors=found,
        users=users,
        now=now,
        closed=closed,
    )


@MANAGE
async def new_page(request: web.Request) -> web.Response:
    return await _form(request, None, TypedExecutor())


@MANAGE
async def add(request: web.Request) -> web.Response:
    typed = read_typed(await request.post())
    contacts, faults = contacts_of(typed, request.app[SMS_PREFIXES])
    if faults:
        return await _form(request, None, typed, faults)
    try:
        made = await request.app[EXECUTORS].executors.add(typed.name, typed.short, contacts)
    except AlreadyTaken:
        return await _form(request, None, typed, _taken())
    await audit(request, Action.ADD, f"executor:{made.id}", made.short)
    return _to(made.id, Noted.ENTERPRISE_ADDED)


@MANAGE
async def page(request: web.Request) -> web.Response:
    executor = await _asked_for(request)
    await audit(request, Action.VIEW, f"executor:{executor.id}")
    return await _form(request, executor, as_typed(executor))


@MANAGE
async def change(request: web.Request) -> web.Response:
    """Store names and contacts; an editor of an older state sees the new one, and loses nothing."""
    executor, form = await _asked_for(request), await request.post()
    typed, seen = read_typed(form), str(form.get("seen", ""))
    contacts, faults = contacts_of(typed, request.app[SMS_PREFIXES])
    if faults:
        return await _form(request, executor, typed, faults)
    own = {one.id for one in executor.contacts}
    kept = tuple(one if one.id in own else replace(one, id=0) for one in contacts)
    changed = replace(executor, name=typed.name, short=typed.short, contacts=kept)
    try:
        then = await request.app[EXECUTORS].executors.update(changed, seen=seen)
    except AlreadyTaken:
        return await _form(request, executor, typed, _taken())
    except Outdated:
        return await _form(request, await _asked_for(request), typed, overtaken=True)
    await audit(request, Action.CHANGE, f"executor:{executor.id}", _difference(executor, then))
    return _to(executor.id, Noted.ENTERPRISE_SAVED)


@MANAGE
async def close(request: web.Request) -> web.Response:
    """Give it no appeals any more; refused while it still owes some."""
    executor = await _asked_for(request)
    try:
        await request.app[EXECUTORS].executors.update(replace(executor, active=False))
    except ForbiddenTransition:
        return await _form(request, executor, as_typed(executor), owes=True)
    await audit(request, Action.DEACTIVATE, f"executor:{executor.id}", executor.short)
    return _to(executor.id, Noted.ENTERPRISE_CLOSED)


@MANAGE
async def reopen(request: web.Request) -> web.Response:
    executor = await _asked_for(request)
    await request.app[EXECUTORS].executors.update(replace(executor, active=True))
    await audit(request, Action.ACTIVATE, f"executor:{executor.id}", executor.short)
    return _to(executor.id, Noted.ENTERPRISE_REOPENED)


async def _asked_for(request: web.Request) -> Executor:
    return await request.app[EXECUTORS].executors.get(int(request.match_info["id"]))


async def _form(
    request: web.Request,
    executor: Executor | None,
    typed: TypedExecutor,
    faults: Mapping[str, str] | None = None,
    *,
    overtaken: bool = False,
    owes: bool = False,
) -> web.Response:
    gettext = words_of(request).gettext
    users = await request.app[ACCOUNTS].users.all() if executor else []
    conflict = HTTPStatus.CONFLICT if overtaken or owes else HTTPStatus.OK
    return render(
        request,
        "enterprises/executor.html.jinja2",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else conflict,
        executor=executor,
        typed=spare(typed),
        faults=defaultdict(str, faults or {}),
        amiss={int(name.split("-")[1]) for name in faults or {} if name.startswith("contact-")},
        CONTACT_KINDS=CONTACT_KINDS,
        overtaken=overtaken,
        owes=owes,
        present=as_typed(executor) if executor and overtaken else None,
        seen=revision_of(executor) if executor else "",
        users=[one for one in users if executor and one.executor_id == executor.id],
        sms_to=beginnings(request.app[SMS_PREFIXES]),
        kinds=[(one.value, gettext(text)) for one, text in KINDS.items()],
        channels=[(one.value, gettext(CHANNEL_WORDS[one])) for one in CHANNELS],
        days=[(str(day), gettext(name)) for day, name in DAYS.items()],
        week=week_of(executor, _now(request), gettext) if executor else None,
        now=_now(request),
    )


def _now(request: web.Request) -> datetime:
    sources = request.app[EXECUTORS]
    return sources.clock.now().astimezone(sources.timezone)


def _taken() -> dict[str, str]:
    return {"name": N_("There is an enterprise of this name already.")}


def _difference(before: Executor, then: Executor) -> str:
    """Name what changed, without telephone numbers: the log is read by others than the register."""
    names = [f"{before.short} → {then.short}"] if before.short != then.short else [then.short]
    was, is_now = {one.id: one for one in before.contacts}, {one.id: one for one in then.contacts}
    names += [f"+ {one.name}" for key, one in is_now.items() if key not in was]
    names += [f"- {one.name}" for key, one in was.items() if key not in is_now]
    names += [f"~ {one.name}" for key, one in is_now.items() if key in was and was[key] != one]
    return "; ".join(names)[:400]


def _to(executor_id: int, done: Noted) -> web.Response:
    return noted_at(f"{PATH}/{executor_id}", done)
