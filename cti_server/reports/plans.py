"""How papers are made and sent: by whichever kind, at which hour, to which addresses."""

import re
from typing import Any

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import N_, words_of
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.frame.words import PAPER_NAMES
from cti_server.keys import USER
from cti_server.reports.sources import REPORTS
from cti_server.reports.words import SENDINGS
from hotline.access.permissions import Permission
from hotline.contact.mail_addresses import mail_address
from hotline.reports.papers import PaperKind, PaperPlan, Sends

PATH = "/reports/plans"
MOST_ADDRESSES = 30
LAST_HOUR = 23
BAD_ADDRESS = N_("This is no e-mail address: %(address)s")
TOO_MANY = N_("At most 30 addresses.")


@allowed(Permission.SIGN_REPORTS)
async def page(request: web.Request) -> web.Response:
    return await _show(request)


@allowed(Permission.SIGN_REPORTS)
async def save(request: web.Request) -> web.Response:
    """Set the plan of one kind; what was typed stands there again with an address that is none."""
    form = await request.post()
    kind = str(form.get("kind", ""))
    if kind not in set(PaperKind):
        raise web.HTTPBadRequest
    typed = str(form.get("addresses", ""))
    addresses, wrong = read_addresses(typed)
    gettext = words_of(request).gettext
    if wrong or len(addresses) > MOST_ADDRESSES:
        fault = gettext(BAD_ADDRESS) % {"address": wrong[0]} if wrong else gettext(TOO_MANY)
        return await _show(request, status=422, kind=kind, typed=typed, fault=fault)
    sends = str(form.get("sends", ""))
    plan = PaperPlan(
        kind=PaperKind(kind),
        made=form.get("made") == "yes",
        hour=read_hour(str(form.get("hour", ""))),
        sends=Sends(sends) if sends in set(Sends) else Sends.SIGNED,
        addresses=addresses,
    )
    sources = request.app[REPORTS]
    await sources.papers.plan(plan, request[USER].id, sources.clock.now())
    await audit(request, Action.CHANGE, f"report-plan:{kind}", f"addresses={len(addresses)}")
    return noted_at(PATH, Noted.PLAN_SAVED)


def read_addresses(typed: str) -> tuple[tuple[str, ...], list[str]]:
    """Read e-mail addresses, one a line or parted by commas; and those that are none."""
    words = [word for word in re.split(r"[\s,;]+", typed) if word]
    read = {word: mail_address(word) for word in words}
    good = tuple(dict.fromkeys(address for address in read.values() if address))
    return good, [word for word, address in read.items() if address is None]


def read_hour(text: str) -> int:
    return min(int(text), LAST_HOUR) if text.isascii() and text.isdigit() and len(text) <= 2 else 7  # noqa: PLR2004


async def _show(
    request: web.Request, *, status: int = 200, kind: str = "", typed: str = "", fault: str = ""
) -> web.Response:
    context: dict[str, Any] = {
        "plans": await request.app[REPORTS].papers.plans(),
        "PAPER_NAMES": PAPER_NAMES,
        "SENDINGS": SENDINGS,
        "wrong": kind,
        "typed": typed,
        "fault": fault,
    }
    return render(request, "reports/plans.html.jinja2", status=status, **context)
