"""An outage's history in words: acts, actors, and changed fields."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from cti_server.frame.language import N_, language_of, words_of
from cti_server.frame.pages import PAGES
from cti_server.frame.words import OUTAGE_KINDS, UTILITIES
from cti_server.keys import ACCOUNTS
from cti_server.outages.register.audience import Audience
from cti_server.outages.register.sources import OUTAGES
from cti_server.outages.register.words import FIELDS, SOURCES
from hotline.city.addresses import Area, Side
from hotline.city.area_notation import area_text
from hotline.outages.outage import EntrySource, Outage, OutageAct, OutageEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field: its name, what it was and what it is, in words."""

    field: str
    was: str
    then: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One line of the history; `who` is a name, an enterprise, or where it came from."""

    act: OutageAct
    at: datetime
    who: str
    source: EntrySource
    note: str
    changes: Sequence[FieldChange]


async def history_of(request: web.Request, audience: Audience, outage: Outage) -> Sequence[HistoryLine]:
    """Return the history, the latest first."""
    return await _told(request, audience, await request.app[OUTAGES].outages.history(outage.id))


async def done_since(
    request: web.Request, audience: Audience, outage: Outage, version: int
) -> Sequence[HistoryLine]:
    """Return the history after that version, the latest first."""
    lines = await request.app[OUTAGES].outages.history(outage.id)
    after = sum(1 for one in lines if one.version > version)
    return (await _told(request, audience, lines))[:after]


async def _told(
    request: web.Request, audience: Audience, lines: Sequence[OutageEntry]
) -> Sequence[HistoryLine]:
    enterprises = {one.id: one.short for one in await request.app[OUTAGES].executors.all()}
    write = _writer(request, enterprises)
    found = []
    before: Mapping[str, Any] = {}
    for one in lines:
        changes = [
            FieldChange(field=FIELDS[name], was=write(name, before[name]), then=write(name, one.facts[name]))
            for name in FIELDS
            if name in before and name in one.facts and before[name] != one.facts[name]
        ]
        found.append(
            HistoryLine(
                act=one.act,
                at=one.at,
                who=await _who(request, audience, one, enterprises),
                source=one.by.source,
                note=one.note,
                changes=changes,
            )
        )
        before = one.facts
    return found[::-1]


async def _who(
    request: web.Request, audience: Audience, line: OutageEntry, enterprises: Mapping[int, str]
) -> str:
    """Name the actor; to an enterprise only its own people by name."""
    gettext, by = words_of(request).gettext, line.by
    theirs = enterprises.get(by.executor_id or 0, "")
    parts = [theirs or gettext(SOURCES[by.source])]
    if by.user_id and (not audience.own or by.executor_id == audience.executor_of(request)):
        parts.append((await request.app[ACCOUNTS].users.get(by.user_id)).name)
    return ", ".join(parts)


def _writer(request: web.Request, enterprises: Mapping[int, str]) -> Callable[[str, Any], str]:
    """Make what writes a fact of the history in words."""
    gettext, language = words_of(request).gettext, language_of(request)
    local = request.app[PAGES].local

    def write(name: str, fact: Any) -> str:
        if name == "utility":
            return gettext(UTILITIES[fact])
        if name == "kind":
            return gettext(OUTAGE_KINDS[fact])
        if name == "executor_id":
            return enterprises.get(fact, "—")
        if name == "areas":
            areas = [Area(**{**one, "side": Side(one["side"])}) for one in fact]
            return "; ".join(area_text(one, language) for one in areas) or gettext(N_("the whole city"))
        if name in {"starts_at", "expected_end", "ended_at"}:
            return local(datetime.fromisoformat(fact)) if fact else gettext(N_("not known yet"))
        return fact or "—"

    return write
