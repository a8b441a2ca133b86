"""The list of numbers that are not called: the head adds one with a reason, and takes it off again."""

from collections.abc import Mapping

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.campaigns.sources import CAMPAIGNS
from cti_server.frame.language import words_of
from cti_server.frame.leafing import leaf_of
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.contact.numbers import e164
from hotline.foreign_text import storable
from hotline.people.do_not_call import Unwanted

PATH = "/campaigns/do-not-call"
SHOWN = 200
LONGEST_REASON = 300
_MANAGE = allowed(Permission.MANAGE_CAMPAIGNS)


@_MANAGE
async def page(request: web.Request) -> web.Response:
    """The numbers, the newest first, and the form for another one."""
    await audit(request, Action.VIEW, "do-not-call", request.query_string)
    return await _page(request, {"number": "", "reason": ""}, {})


@_MANAGE
async def add(request: web.Request) -> web.Response:
    """Put a number on the list."""
    form, gettext = await request.post(), words_of(request).gettext
    typed = {name: " ".join(str(form.get(name, "")).split()) for name in ("number", "reason")}
    number, errors = e164(typed["number"]), {}
    if number is None:
        errors["number"] = gettext(
            "This is no telephone number. Write it with its code, such as 067 111 22 33."
        )
    if not 0 < len(typed["reason"]) <= LONGEST_REASON:
        errors["reason"] = gettext("Write why, in at most 300 characters: it stands in the list.")
    if number is None or errors:
        return await _page(request, typed, errors)
    sources = request.app[CAMPAIGNS]
    unwanted = Unwanted(
        number=number, reason=typed["reason"], at=sources.clock.now(), user_id=request[USER].id
    )
    if not await sources.do_not_call.add(unwanted):
        return await _page(request, typed, {"number": gettext("This number is on the list already.")})
    await audit(request, Action.ADD, f"do-not-call:{number}", typed["reason"])
    return noted_at(PATH, Noted.NUMBER_ADDED)


@_MANAGE
async def remove(request: web.Request) -> web.Response:
    """Take a number off the list; one that is not there any more is off it."""
    number = storable(str((await request.post()).get("number", "")))
    if await request.app[CAMPAIGNS].do_not_call.remove(number):
        await audit(request, Action.REMOVE, f"do-not-call:{number}")
    return noted_at(PATH, Noted.NUMBER_REMOVED)


async def _page(request: web.Request, typed: Mapping[str, str], errors: Mapping[str, str]) -> web.Response:
    sources = request.app[CAMPAIGNS]
    leaf = await leaf_of(request, sources.do_not_call.latest, SHOWN)
    return render(
        request,
        "campaigns/do_not_call.html.jinja2",
        status=422 if errors else 200,
        leaf=leaf,
        users={one.id: one.name for one in await sources.users.all()},
        typed=typed,
        errors=errors,
        longest=LONGEST_REASON,
    )
