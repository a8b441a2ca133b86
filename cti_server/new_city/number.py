"""The step of the number and the line: settings of this machine, which hold after a new start."""

import re
from collections.abc import Mapping
from ipaddress import ip_address

from aiohttp import web

from cti_server.frame.language import words_of
from cti_server.frame.pages import render
from cti_server.new_city.door import NEW_CITY, PATH, in_setup, noted
from cti_server.new_city.sources import LINE_SETTINGS
from hotline.new_city.setup import SetupStep

FIELDS = dict(zip(("number", "trunk", "user", "secret", "address"), LINE_SETTINGS, strict=True))
"""Fields of the form, and the settings that they fill."""
_NUMBER = re.compile(r"\+?[0-9]{2,15}")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_WORD = re.compile(r"[!-~]{0,100}")
_FROM_HERE = frozenset({"127.0.0.1", "0.0.0.0"})  # noqa: S104 - what a person may choose
_TRIED_ANEW = frozenset({SetupStep.TRIAL})


@in_setup
async def page(request: web.Request) -> web.Response:
    now = request.app[NEW_CITY].line.now()
    return _page(request, {field: now[setting] for field, setting in FIELDS.items()} | {"secret": ""})


@in_setup
async def save(request: web.Request) -> web.Response:
    """Keep what was changed; on to the list, or to where a new start is waited for."""
    form, sources = await request.post(), request.app[NEW_CITY]
    line, now, fixed = sources.line, sources.line.now(), sources.line.fixed()
    typed = {
        field: now[setting] if setting in fixed else "".join(str(form.get(field, "")).split())
        for field, setting in FIELDS.items()
    }
    if not typed["secret"] and typed["user"] == now[FIELDS["user"]]:
        typed["secret"] = now[FIELDS["secret"]]
    if errors := _errors(request, typed):
        return _page(request, typed | {"secret": ""}, errors)
    changed = {
        setting: typed[field]
        for field, setting in FIELDS.items()
        if setting not in fixed and typed[field] != now[setting]
    }
    first = SetupStep.NUMBER not in (await sources.setup.get()).done
    await noted(request, SetupStep.NUMBER, undoing=_TRIED_ANEW if changed else frozenset())
    if not changed and not first:
        raise web.HTTPSeeOther(PATH)
    line.keep(changed)
    begun = sources.begun.isoformat()
    return render(request, "new_city/anew.html.jinja2", begun=begun, by_itself=line.begins_anew(), root=PATH)


@in_setup
async def anew(request: web.Request) -> web.Response:
    """Begin anew once the page asks for it, which has all its files by then; lead it on in the next run."""
    sources, begun = request.app[NEW_CITY], str((await request.post()).get("begun", ""))
    if begun == sources.begun.isoformat():
        sources.line.begin_anew()
        return web.Response(status=204)
    if request.headers.get("HX-Request"):
        return web.Response(status=204, headers={"HX-Redirect": PATH})
    raise web.HTTPSeeOther(PATH)


def _errors(request: web.Request, typed: Mapping[str, str]) -> dict[str, str]:
    gettext, line = words_of(request).gettext, request.app[NEW_CITY].line
    errors = {}
    if not _NUMBER.fullmatch(typed["number"]):
        errors["number"] = gettext("Write the number in digits, such as 1580.")
    if typed["trunk"] and not _HOST.fullmatch(typed["trunk"]):
        errors["trunk"] = gettext("Write the provider's address, such as sip.provider.ua.")
    if not _WORD.fullmatch(typed["user"]):
        errors["user"] = gettext("Write it as the provider gave it: Latin letters, digits and signs.")
    if not _WORD.fullmatch(typed["secret"]):
        errors["secret"] = gettext("Write it as the provider gave it: Latin letters, digits and signs.")
    if typed["user"] and not typed["trunk"]:
        errors["trunk"] = gettext("A login is of use with the provider's address only.")
    if not _is_address(typed["address"]) or not line.ours(typed["address"]):
        errors["address"] = gettext(
            "This machine has no such address. 127.0.0.1 is for trying alone, 0.0.0.0 stands for all it has."
        )
    elif ":" in typed["address"] and _is_address(typed["trunk"]):
        errors["address"] = gettext("The provider's address is of IPv4: choose this machine's of IPv4, too.")
    elif not typed["trunk"] and typed["address"] not in _FROM_HERE:
        errors["address"] = gettext(
            "Without a provider's line choose 127.0.0.1 or 0.0.0.0: only so this machine can try the number."
        )
    return errors


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _page(
    request: web.Request, typed: Mapping[str, str], errors: Mapping[str, str] | None = None
) -> web.Response:
    fixed = request.app[NEW_CITY].line.fixed()
    return render(
        request,
        "new_city/number.html.jinja2",
        status=422 if errors else 200,
        typed=typed,
        errors=errors or {},
        fixed=[field for field, setting in FIELDS.items() if setting in fixed],
        FIELDS=FIELDS,
        root=PATH,
    )
