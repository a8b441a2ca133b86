"""One item: its history, what is looked at, whom it calls, and times in which it is being worked on."""

from collections.abc import Mapping
from dataclasses import replace

from aiohttp import web

from cti_server.audit import Action, audit, audit_watching
from cti_server.auth.access import allowed
from cti_server.equipment.board import PATH
from cti_server.equipment.drawing import HEIGHT, STEP, WIDTH, shown_items, state_words
from cti_server.equipment.sources import EQUIPMENT
from cti_server.equipment.typed import EMPTY, calls_of, choices, item_of, typed_of, whom_text
from cti_server.equipment.words import FAULTS, MARKS, WAYS
from cti_server.frame.language import language_of
from cti_server.frame.moments import moment_typed, read_moment
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.numbers import percent
from cti_server.frame.pages import render
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.equipment.catalogue import words
from hotline.equipment.items import OWN_KINDS, EquipmentIncomplete, Item, checked, checked_maintenance
from hotline.errors import Outdated
from hotline.voice.speech import Language

NEW = f"{PATH}/new"
ONE = PATH + r"/{id:\d{1,9}}"
LONG_DAYS = 90
_MANAGES = allowed(Permission.MANAGE_EQUIPMENT)
_MAINTENANCE = ("since", "until", "reason")


@allowed(Permission.SEE_EQUIPMENT)
async def page(request: web.Request) -> web.Response:
    item = await _item(request)
    await audit_watching(request, f"equipment:{item.id}")
    return await _page(request, item)


@_MANAGES
async def new(request: web.Request) -> web.Response:
    return await _form(request, None, EMPTY)


@_MANAGES
async def add(request: web.Request) -> web.Response:
    """Enter an item; its fields are those of `typed.FIELDS`."""
    typed = typed_of(await request.post())
    try:
        made = await request.app[EQUIPMENT].equipment.add(checked(item_of(typed)))
    except EquipmentIncomplete as wrong:
        return await _form(request, None, typed, wrong=wrong.field)
    await audit(request, Action.ADD, f"equipment:{made.id}", made.name)
    return noted_at(f"{PATH}/{made.id}", Noted.EQUIPMENT_SAVED)


@_MANAGES
async def edit(request: web.Request) -> web.Response:
    item = await _item(request)
    return await _form(request, item, typed_of(item))


@_MANAGES
async def save(request: web.Request) -> web.Response:
    """Change what is looked at and whom it calls; of a check of the hotline's own the latter alone."""
    sources, form = request.app[EQUIPMENT], await request.post()
    item, typed = await _item(request), typed_of(form)
    seen = str(form.get("version", ""))
    try:
        if item.way in WAYS:
            new = item_of(typed)
            changed = replace(item, **{name: getattr(new, name) for name in type(new).__dataclass_fields__})
        else:
            changed = replace(item, name=typed["name"], calls=calls_of(typed))
        await sources.equipment.update(checked(changed), seen=int(seen) if seen.isdecimal() else 0)
    except EquipmentIncomplete as wrong:
        return await _form(request, item, typed, wrong=wrong.field)
    except Outdated:
        return await _form(request, item, typed, outdated=True)
    sources.watching.look_soon(item.id)
    await audit(request, Action.CHANGE, f"equipment:{item.id}", changed.name)
    return noted_at(f"{PATH}/{item.id}", Noted.EQUIPMENT_SAVED)


@_MANAGES
async def maintain(request: web.Request) -> web.Response:
    """Say that it is being worked on (`since`, `until`, `reason`), or that this is over (`act` end)."""
    sources, form, item = request.app[EQUIPMENT], await request.post(), await _item(request)
    typed = {name: str(form.get(name, "")).strip() for name in _MAINTENANCE}
    now, zone = sources.clock.now(), sources.timezone
    kept = None
    if form.get("act") != "end":
        since = read_moment(typed["since"], zone)
        if typed["since"] and since is None:
            return await _page(request, item, typed=typed, wrong="since")
        try:
            kept = checked_maintenance(since, read_moment(typed["until"], zone), typed["reason"], now)
        except EquipmentIncomplete as wrong:
            return await _page(request, item, typed=typed, wrong=wrong.field)
    await sources.equipment.update(replace(item, maintenance=kept), seen=item.version)
    said = f"maintenance until {kept.until.isoformat()}: {kept.reason}" if kept else "maintenance ended"
    await audit(request, Action.CHANGE, f"equipment:{item.id}", said)
    return noted_at(
        f"{PATH}/{item.id}", Noted.EQUIPMENT_MAINTAINED if kept else Noted.EQUIPMENT_MAINTENANCE_OVER
    )


@_MANAGES
async def look(request: web.Request) -> web.Response:
    """Have it looked at now."""
    item = await _item(request)
    request.app[EQUIPMENT].watching.look_soon(item.id)
    return noted_at(f"{PATH}/{item.id}", Noted.EQUIPMENT_LOOKED)


@_MANAGES
async def remove(request: web.Request) -> web.Response:
    """Take it out; a check of the hotline's own stays."""
    sources, item = request.app[EQUIPMENT], await _item(request)
    await sources.equipment.remove(item.id, sources.clock.now())
    await audit(request, Action.REMOVE, f"equipment:{item.id}", item.name)
    return noted_at(PATH, Noted.EQUIPMENT_REMOVED)


async def _item(request: web.Request) -> Item:
    return await request.app[EQUIPMENT].equipment.get(int(request.match_info["id"]))


async def _page(
    request: web.Request, item: Item, *, typed: Mapping[str, str] | None = None, wrong: str = ""
) -> web.Response:
    sources = request.app[EQUIPMENT]
    (shown,) = await shown_items(request, [item], LONG_DAYS)
    kept, zone = item.maintenance, sources.timezone
    now = sources.clock.now()
    if typed is None and kept is not None and now < kept.until:
        since, until = (moment_typed(one, zone) for one in (kept.since, kept.until))
        typed = {"since": since, "until": until, "reason": kept.reason}
    return render(
        request,
        "equipment/item.html.jinja2",
        status=422 if wrong else 200,
        one=shown,
        at=now,
        amiss=[day for day in reversed(shown.days) if day.worst not in {None, "in-order"}],
        whom=await whom_text(request, item) if request[USER].may(Permission.MANAGE_EQUIPMENT) else "",
        typed=typed or dict.fromkeys(_MAINTENANCE, ""),
        wrong={wrong: FAULTS[wrong]} if wrong else {},
        states=state_words(request),
        MARKS=MARKS,
        WAYS=WAYS,
        days=LONG_DAYS,
        percent=percent,
        strip=(LONG_DAYS * STEP, WIDTH, HEIGHT),
    )


async def _form(
    request: web.Request,
    item: Item | None,
    typed: Mapping[str, str],
    *,
    wrong: str = "",
    outdated: bool = False,
) -> web.Response:
    kinds = words(Language(language_of(request))).kinds
    return render(
        request,
        "equipment/form.html.jinja2",
        status=409 if outdated else 422 if wrong else 200,
        item=item,
        typed=typed,
        wrong={wrong: FAULTS[wrong]} if wrong else {},
        outdated=outdated,
        built_in=item is not None and item.way not in WAYS,
        own_name=kinds[item.kind] if item is not None else "",
        kinds=[(kind.value, kinds[kind]) for kind in OWN_KINDS],
        WAYS=WAYS,
        whom=await choices(request),
    )
