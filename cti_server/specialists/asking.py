"""The form by which the centre asks for a specialist: who, of which enterprise, why, what for, until when."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.forms import read_form
from cti_server.frame.language import N_
from cti_server.frame.moments import day_typed
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.inquiries.asking import term_typed
from cti_server.inquiries.inputs import NO_DAY
from cti_server.keys import ACCOUNTS, USER
from cti_server.specialists.matters import matter_seen
from cti_server.specialists.sources import SPECIALISTS
from cti_server.specialists.words import CONTEXT, PATH
from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.appeals.acts.actors import acting
from hotline.contact.mail_addresses import mail_address
from hotline.contact.numbers import e164
from hotline.enterprises.executors import Executor
from hotline.errors import ForbiddenTransition
from hotline.specialists.involvements import LONGEST_NAME, LONGEST_WORDS, By, MatterKind, NewInvolvement

TERM = timedelta(days=7)
"""Until when a specialist is drawn in unless another day is set."""
NOBODY = N_("Choose a specialist, or write who it is and how to reach them.")
NO_ENTERPRISE = N_("Choose an enterprise that has a manager among its contacts.")
NO_ADDRESS = N_("Write an e-mail address or a telephone.")
NO_WHY = N_("Write why a specialist is needed, in at most 2000 characters.")
NO_WHAT = N_("Write what they are to do, in at most 2000 characters.")
OVER = N_("It is ended: nobody is drawn into it any more.")
_MATTER = re.compile(r"appeal:[0-9]{1,12}|(?:task|meeting):[0-9]{1,9}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The fields of the form."""

    account: int = 0
    executor: int = 0
    name: str = ""
    address: str = ""
    why: str = ""
    what: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Whom the form offers: enterprises that have a manager, and the accounts of their people."""

    enterprises: Sequence[Executor]
    accounts: Sequence[User]

    def named(self, executor_id: int | None) -> Executor | None:
        return next((one for one in self.enterprises if one.id == executor_id), None)


@allowed(Permission.ASK_ENTERPRISES)
async def new(request: web.Request) -> web.Response:
    """An empty form; `?record=appeal:2600018` is the matter."""
    sources = request.app[SPECIALISTS]
    due = day_typed(sources.now().astimezone(sources.timezone).date() + TERM)
    return await _show(request, Typed(due=due))


@allowed(Permission.ASK_ENTERPRISES)
async def ask(request: web.Request) -> web.Response:
    """Ask the manager of the enterprise."""
    sources, typed = request.app[SPECIALISTS], read_form(Typed, await request.post())
    kind, matter = asked_about(request)
    found, choices = await matter_seen(request, kind, matter), await _choices(request)
    now = sources.now()
    until, faults = term_typed(typed.due, now, sources.timezone), dict(_faults(typed, choices))
    if until is None:
        faults["due"] = NO_DAY
    if found.over:
        faults["record"] = OVER
    if faults or until is None:
        return await _show(request, typed, faults)
    user = request[USER]
    asked = _asked(typed, choices, kind, matter, until)
    try:
        made = await sources.involvements.ask(asked, By(actor=acting(user), user_id=user.id), now)
    except ForbiddenTransition:
        return await _show(request, typed, {"executor": NO_ENTERPRISE})
    await audit(request, Action.ADD, f"specialist:{made.id}", f"{kind}:{matter}")
    return noted_at(f"{PATH}/{made.id}", Noted.SPECIALIST_ASKED)


def asked_about(request: web.Request) -> tuple[MatterKind, str]:
    """Read the matter out of the address; 404 for what cannot be one."""
    named = _MATTER.fullmatch(request.query.get("record", ""))
    if named is None:
        raise web.HTTPNotFound
    kind, _, number = named[0].partition(":")
    return MatterKind(kind), number


def _asked(typed: Typed, choices: Choices, kind: MatterKind, matter: str, until: datetime) -> NewInvolvement:
    account = next((one for one in choices.accounts if one.id == typed.account), None)
    executor = choices.named(account.executor_id if account else typed.executor)
    if executor is None:
        raise ValueError("The fields were checked: there is an enterprise.")
    mail = mail_address(typed.address) if "@" in typed.address else None
    return NewInvolvement(
        kind=kind,
        matter=matter,
        executor_id=executor.id,
        manager_id=executor.managers()[0].id,
        name=account.name if account else " ".join(typed.name.split()),
        user_id=account.id if account else None,
        email="" if account else mail or "",
        number="" if account or mail else e164(typed.address) or "",
        why=typed.why,
        what=typed.what,
        until=until,
    )


def _faults(typed: Typed, choices: Choices) -> Mapping[str, str]:
    found = {}
    if typed.account:
        if typed.account not in {one.id for one in choices.accounts}:
            found["account"] = NOBODY
    elif not 0 < len(typed.name.strip()) <= LONGEST_NAME:
        found["account"] = NOBODY
    else:
        if choices.named(typed.executor) is None:
            found["executor"] = NO_ENTERPRISE
        if not (mail_address(typed.address) if "@" in typed.address else e164(typed.address)):
            found["address"] = NO_ADDRESS
    words = (("why", typed.why, NO_WHY), ("what", typed.what, NO_WHAT))
    return found | {name: fault for name, said, fault in words if not 0 < len(said) <= LONGEST_WORDS}


async def _choices(request: web.Request) -> Choices:
    everyone = await request.app[SPECIALISTS].executors.all()
    open_now = [one for one in everyone if one.active and one.managers()]
    theirs = {one.id for one in open_now}
    users = await request.app[ACCOUNTS].users.all()
    return Choices(
        enterprises=open_now, accounts=[one for one in users if one.active and one.executor_id in theirs]
    )


async def _show(request: web.Request, typed: Typed, faults: Mapping[str, str] | None = None) -> web.Response:
    kind, matter = asked_about(request)
    await matter_seen(request, kind, matter)
    choices = await _choices(request)
    return render(
        request,
        "specialists/ask.html.jinja2",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        **CONTEXT,
        kind=kind,
        matter=matter,
        typed=typed,
        faults=faults or {},
        choices=choices,
        longest=LONGEST_WORDS,
    )
