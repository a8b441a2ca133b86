"""The page of operation: what is red, since when and what to do, and what all that rests on."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from cti_server.auth.access import allowed
from cti_server.delivery.words import CHANNELS
from cti_server.equipment.words import MARKS
from cti_server.frame.language import language_of, words_of
from cti_server.frame.numbers import phone
from cti_server.frame.pages import render
from cti_server.operation.sources import OPERATION
from cti_server.operation.watch import Alert
from cti_server.operation.words import NO_DUTY, ROLES, WORK, truths
from cti_server.status.board import BOARD
from hotline.access.permissions import Permission
from hotline.equipment.catalogue import advice, name_of, sentence, words
from hotline.equipment.items import Item, Kind
from hotline.equipment.states import Standing
from hotline.voice.speech import Language

PATH = "/operation"
SHOWN = (
    *(Kind.ASTERISK, Kind.TRUNK, Kind.DATABASE, Kind.DISK, Kind.BACKUP, Kind.CERTIFICATE),
    *(Kind.RECORDINGS, Kind.QUEUE, Kind.MAIL, Kind.SMS, Kind.SERVICE),
)
"""Kinds of equipment that the hotline cannot work without; `/equipment` shows the other kinds as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAlert:
    """An alert in the reader's language."""

    alert: Alert
    summary: str
    what_to_do: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPart:
    """A part by what the board of equipment has found of it."""

    item: Item
    name: str
    standing: Standing
    state: str
    says: str
    advice: str


@allowed(Permission.SEE_OPERATION)
async def page(request: web.Request) -> web.Response:
    """Show it; it renews itself, and tells of nobody, so that nothing is noted in the audit log."""
    sources, board = request.app[OPERATION], request.app[BOARD]
    if sources.watch.looked_at is None:
        await sources.watch.look()
    alerts = [_shown(one, request) for one in sources.watch.alerts()]
    database = (await board.parts())["database"]
    parts = await _parts(request) if database else ()
    return render(
        request,
        "operation/page.html.jinja2",
        red=[one for one in alerts if one.alert.red],
        soon=[one for one in alerts if not one.alert.red],
        watch=sources.watch,
        database=database,
        parts=parts,
        looking=not all(one.standing.known for one in parts),
        defects={truth: count for truth, count in board.defects().items() if count},
        truths=truths(language_of(request)),
        roles=board.roles(),
        ROLES=ROLES,
        work=board.background(),
        WORK=WORK,
        spilled=await asyncio.to_thread(sources.spilled),
        backup=await asyncio.to_thread(sources.backup),  # it may lie on another machine's disk
        MARKS=MARKS,
    )


def _shown(alert: Alert, request: web.Request) -> ShownAlert:
    language = language_of(request)
    labels = {name: _word(request, name, value) for name, value in alert.labels.items()}
    if "duty" in labels:
        labels["duty"] = phone(labels["duty"]) or words_of(request).gettext(NO_DUTY)
    return ShownAlert(
        alert=alert,
        summary=alert.rule.summary(language, labels),
        what_to_do=alert.rule.what_to_do(language, labels),
    )


def _word(request: web.Request, name: str, value: str) -> str:
    """Give the word of people for the value of a label."""
    language = language_of(request)
    gettext = words_of(request).gettext
    match name:
        case "work":
            return gettext(WORK.get(value, value))
        case "role":
            return gettext(ROLES.get(value, value))
        case "truth":
            return truths(language).get(value, value)
        case "channel":
            return gettext(CHANNELS.get(value, value))
        case "kind":
            return words(Language(language)).kinds.get(value, value)
        case _:
            return value


async def _parts(request: web.Request) -> Sequence[ShownPart]:
    sources, language = request.app[OPERATION], Language(language_of(request))
    found = [one for one in await sources.equipment.all() if one.kind in SHOWN and not one.name]
    return [
        _part(one, sources.watching.standing(one.id), language)
        for one in sorted(found, key=lambda one: SHOWN.index(one.kind))
    ]


def _part(item: Item, standing: Standing, language: Language) -> ShownPart:
    return ShownPart(
        item=item,
        name=name_of(item, language),
        standing=standing,
        state=words(language).states[standing.settled.state],
        says=sentence(standing.shown, language),
        advice=advice(standing.shown, language),
    )
