"""Outages: the list, one of them, its history; entering, changing and ending them for other systems."""

from datetime import datetime
from typing import Annotated

import msgspec
from aiohttp import hdrs, web
from msgspec import Meta

from cti_server.api.citizens import Condition
from cti_server.api.errors import Alike, ConditionNeeded, Fault, Invalid
from cti_server.api.operation import etag_of, operation
from cti_server.api.outage import (
    MANAGES,
    SEES,
    GivenOutage,
    Outage,
    OutageAsked,
    by,
    given,
    own_executor,
    seen,
    shown,
)
from cti_server.api.paging import Cursor, Limit, Moment, Page, PageCursor, next_cursor, read_cursor, within
from cti_server.api.requests import KeyedRequest, key_of
from cti_server.api.sources import API
from cti_server.audit import Action, audit
from cti_server.frame.inputs import Input
from cti_server.frame.language import N_
from hotline.access.scopes import Scope
from hotline.city.classifier import Utility
from hotline.errors import Outdated
from hotline.outages import outage as outages
from hotline.outages.outage import EntrySource, NewOutage, OutageAct, alike

CHANGED = frozenset({409, 412, 428})
Why = Annotated[str, Meta(min_length=1, max_length=300, pattern=r"\S", description="For the history.")]
_SAME = N_("It may be outage {0}, which is entered already: look at it, or send `anyway` true.")
_ENDS = N_("A moment between its beginning and now.")


class OutagesAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The query of a list of outages."""

    utility: Utility | None = None
    over: Annotated[bool | None, Meta(description="false: those that hold or are to come.")] = None
    executor: Annotated[int, Meta(ge=1, le=2**31 - 1, description="The enterprise.")] | None = None
    entered_since: Annotated[Moment | None, Meta(description="Entered at this moment or later.")] = None
    limit: Limit = 50
    cursor: Cursor | None = None


class OutagePage(Page, kw_only=True):
    """Outages, those that begin last first."""

    items: list[Outage]


class EnteredOutage(GivenOutage, kw_only=True, forbid_unknown_fields=True):
    """An outage to be entered."""

    anyway: Annotated[bool, Meta(description="Enter it though it may be there already.")] = False


class ChangedOutage(GivenOutage, kw_only=True, forbid_unknown_fields=True):
    """An outage as it is to be from now on."""

    note: Annotated[str, Meta(max_length=300, description="Why, for the history.")] = ""


class Ending(Input, kw_only=True):
    """The end of an outage."""

    ended_at: Annotated[Moment | None, Meta(description="null: now.")] = None
    note: Annotated[str, Meta(max_length=300, description="For the history.")] = ""


class BecauseOf(Input, kw_only=True):
    """Why."""

    reason: Why


class OutageLine(msgspec.Struct, kw_only=True):
    """Something that was done with an outage."""

    version: Annotated[int, Meta(description="The outage's after it.")]
    at: Moment
    act: OutageAct
    source: EntrySource
    executor_id: Annotated[int | None, Meta(description="The enterprise, where one of its people acted.")]
    note: str


class OutageHistory(Page, kw_only=True):
    """The history of an outage, the earliest entry first; `next` is always null."""

    items: list[OutageLine]


@operation("GET", "/outages", *SEES, scopes=(Scope.OUTAGES_READ,), summary=N_("List outages"))
async def list_outages(request: web.Request, query: OutagesAsked) -> OutagePage:
    """Outages that match all filters. An executor's token finds those of its enterprise, and no others."""
    own, behind = own_executor(request), read_cursor(query.cursor)
    if own is not None and query.executor not in {None, own}:
        return OutagePage(items=[])
    found = await request.app[API].outages.find(
        limit=query.limit + 1,
        executor_id=query.executor if own is None else own,
        utility=query.utility,
        over=query.over,
        since=within(query.entered_since),
        behind=outages.Position(behind.at, _number(behind.id)) if behind else None,
    )
    return OutagePage(
        items=[shown(one) for one in found[: query.limit]], next=next_cursor(found, query.limit, _place)
    )


@operation(
    "GET", "/outages/{id}", *SEES, scopes=(Scope.OUTAGES_READ,), summary=N_("Read an outage"), etag=True
)
async def read_outage(request: web.Request, path: OutageAsked) -> Outage:
    """Give an outage with its times and the places it concerns."""
    return shown(await seen(request, path.id))


@operation(
    "GET",
    "/outages/{id}/history",
    *SEES,
    scopes=(Scope.OUTAGES_READ,),
    summary=N_("Read an outage's history"),
)
async def read_outage_history(request: web.Request, path: OutageAsked) -> OutageHistory:
    """The history of an outage: who entered it and when, and how often its end was moved."""
    outage = await seen(request, path.id)
    lines = await request.app[API].outages.history(outage.id)
    return OutageHistory(
        items=[
            OutageLine(
                version=one.version,
                at=one.at,
                act=one.act,
                source=one.by.source,
                executor_id=one.by.executor_id,
                note=one.note,
            )
            for one in lines
        ]
    )


@operation(
    "POST",
    "/outages",
    *MANAGES,
    scopes=(Scope.OUTAGES_WRITE,),
    summary=N_("Enter an outage"),
    status=201,
    etag=True,
    location=lambda one: f"/outages/{one.id}",
    problems=frozenset({409}),
)
async def enter_outage(request: web.Request, headers: KeyedRequest, body: EnteredOutage) -> Outage:
    """Enter an outage. The same key again gives the outage of then; with another request, 409.

    What may be there already (one utility, a house in both, times that overlap) is refused with 409 `alike`
    and the ids, unless `anyway` is true.
    """
    sources, key = request.app[API], key_of(request, headers)
    new = await given(request, body)
    if (entered := await sources.outages.by_idempotency_key(key)) is None:
        if not body.anyway:
            await _require_new(request, new)
        entered = await sources.outages.enter(new, by(request), idempotency_key=key)
        await audit(request, Action.ADD, f"outage:{entered.id}", f"{entered.kind} {entered.utility}")
    return shown(entered)


@operation(
    "PUT",
    "/outages/{id}",
    *MANAGES,
    scopes=(Scope.OUTAGES_WRITE,),
    summary=N_("Change an outage"),
    etag=True,
    problems=CHANGED,
)
async def change_outage(
    request: web.Request, path: OutageAsked, headers: Condition, body: ChangedOutage
) -> Outage:
    """Replace what was entered, such as its expected end, if it still is as it was read."""
    was = await _unchanged(request, path, headers)
    now = await given(request, body)
    return await _done(request, await request.app[API].outages.change(was, now, by(request), body.note))


@operation(
    "POST",
    "/outages/{id}/end",
    *MANAGES,
    scopes=(Scope.OUTAGES_WRITE,),
    summary=N_("End an outage"),
    etag=True,
    problems=CHANGED,
)
async def end_outage(request: web.Request, path: OutageAsked, headers: Condition, body: Ending) -> Outage:
    """End the outage; its watchers get a notice."""
    was = await _unchanged(request, path, headers)
    now = request.app[API].clock.now()
    at = body.ended_at or now
    if not was.starts_at <= at <= now:
        raise Invalid(Fault("body.ended_at", _ENDS))
    return await _done(request, await request.app[API].outages.end(was.id, at, by(request), body.note))


@operation(
    "POST",
    "/outages/{id}/cancel",
    *MANAGES,
    scopes=(Scope.OUTAGES_WRITE,),
    summary=N_("Take an outage back"),
    etag=True,
    problems=CHANGED,
)
async def cancel_outage(
    request: web.Request, path: OutageAsked, headers: Condition, body: BecauseOf
) -> Outage:
    """Say that it never came, or was entered by mistake."""
    was = await _unchanged(request, path, headers)
    return await _done(request, await request.app[API].outages.cancel(was.id, by(request), body.reason))


@operation(
    "POST",
    "/outages/{id}/reopen",
    *MANAGES,
    scopes=(Scope.OUTAGES_WRITE,),
    summary=N_("Let an outage go on"),
    etag=True,
    problems=CHANGED,
)
async def reopen_outage(
    request: web.Request, path: OutageAsked, headers: Condition, body: BecauseOf
) -> Outage:
    """Say that it goes on though it was said to be over."""
    was = await _unchanged(request, path, headers)
    return await _done(request, await request.app[API].outages.reopen(was.id, by(request), body.reason))


async def _unchanged(request: web.Request, path: OutageAsked, headers: Condition) -> outages.Outage:
    """Read it, if it still is as it was read; raises Outdated, ConditionNeeded."""
    was = await seen(request, path.id)
    if headers.if_match is None:
        raise ConditionNeeded(f"A change needs {hdrs.IF_MATCH}.")
    if headers.if_match != etag_of(shown(was)):
        raise Outdated(f"Outage {was.id} was changed.")
    return was


async def _done(request: web.Request, now: outages.Outage) -> Outage:
    await audit(request, Action.CHANGE, f"outage:{now.id}", f"version {now.version}")
    return shown(now)


async def _require_new(request: web.Request, new: NewOutage) -> None:
    sources = request.app[API]
    now: datetime = sources.clock.now()
    known = [*await sources.outages.now(now), *await sources.outages.coming(now)]
    if same := alike(new, known, now):
        raise Alike(*(Fault("body", _SAME, (str(one.id),)) for one in same))


def _place(one: outages.Outage) -> PageCursor:
    return PageCursor(one.starts_at, str(one.id))


def _number(text: str) -> int:
    """Read the id of a cursor; raises Invalid for one that we did not write."""
    if not (text.isascii() and text.isdigit() and len(text) < 19):  # noqa: PLR2004
        raise Invalid(
            Fault("query.cursor", N_("This is no cursor of ours: send `next` of the page before as it came."))
        )
    return int(text)
