"""One outage as programs see it and give it."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta

from cti_server.api.errors import Fault, Invalid
from cti_server.api.paging import Moment, within
from cti_server.api.sources import API
from cti_server.frame.inputs import Input
from cti_server.frame.language import N_
from cti_server.keys import TOKEN
from hotline.access.permissions import Permission
from hotline.access.tokens import Token
from hotline.city import addresses
from hotline.city.addresses import Side
from hotline.city.classifier import Utility
from hotline.errors import NotFound
from hotline.outages import outage as outages
from hotline.outages.outage import By, EntryFlaw, EntrySource, NewOutage, OutageKind

SEES = (Permission.SEE_OUTAGES, Permission.ENTER_OWN_OUTAGES)
MANAGES = (Permission.MANAGE_OUTAGES, Permission.ENTER_OWN_OUTAGES)
"""A token that sees or manages outages does so with all; an executor's with those of its enterprise."""
House = Annotated[int, Meta(ge=1, le=9999)]
ExecutorId = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Text = Annotated[str, Meta(max_length=300)]
_NO_STREET = N_("There is no such street in the register of addresses: check the spelling.")
_UPSIDE_DOWN = N_("The first house has a higher number than the last.")
_NO_EXECUTOR = N_("There is no such executor: see `/executors`.")
_NOWHERE = N_("Give areas, or `city_wide` true for the whole city, and not both.")
_BACKWARDS = N_("It would end before it begins.")
_ONE_HOUSE = N_("A letter belongs to one house: `first` and `last` the same, `side` both.")


class OutageAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The path of an outage."""

    id: Annotated[int, Meta(ge=1, le=2**31 - 1)]


class Area(Input, kw_only=True):
    """A street or quarter, whole or some of its houses; with a letter that single house."""

    street: Annotated[
        str, Meta(min_length=1, max_length=200, description="Any name of it; answered by its present one.")
    ]
    first: Annotated[House | None, Meta(description="The first house; null: from the beginning.")] = None
    last: Annotated[House | None, Meta(description="The last house, included; null: to the end.")] = None
    side: Side = Side.BOTH
    letter: Annotated[str, Meta(max_length=1, pattern=r"^\w?$")] = ""


class GivenOutage(Input, kw_only=True):
    """An outage as it is to be."""

    utility: Utility
    kind: OutageKind
    starts_at: Moment
    expected_end: Annotated[Moment | None, Meta(description="null: not known yet.")]
    areas: Annotated[list[Area], Meta(max_length=200)] = msgspec.field(default_factory=list)
    city_wide: Annotated[bool, Meta(description="The whole city, and no areas.")] = False
    reason: Text = ""
    order: Annotated[str, Meta(max_length=300, description="Number and date of the order.")] = ""
    executor_id: Annotated[
        ExecutorId | None, Meta(description="Whose it is; an executor's token enters its own.")
    ] = None


class Outage(msgspec.Struct, kw_only=True):
    """An outage. It holds from its start until somebody ends it: an expected end may be past."""

    id: int
    version: Annotated[int, Meta(description="Grows with each act.")]
    utility: Utility
    kind: OutageKind
    starts_at: Moment
    expected_end: Moment | None
    ended_at: Moment | None
    cancelled: Annotated[bool, Meta(description="It never came; `ended_at` says when that was said.")]
    areas: list[Area]
    city_wide: bool
    reason: str
    order: str
    executor_id: int | None
    entered_at: Moment
    source: EntrySource
    late: Annotated[bool, Meta(description="Entered more than half an hour after it began.")]
    short_notice: Annotated[bool, Meta(description="Planned, and entered less than 10 days ahead.")]


def own_executor(request: web.Request) -> int | None:
    """The enterprise to whose outages this token is bound; None for a token that sees all."""
    token: Token = request[TOKEN]
    return None if token.may(Permission.SEE_OUTAGES) else token.executor_id


def by(request: web.Request) -> By:
    return By(source=EntrySource.API, user_id=request[TOKEN].user_id, executor_id=own_executor(request))


async def seen(request: web.Request, outage_id: int) -> outages.Outage:
    """Read it; one of another enterprise is one that does not exist. Raises NotFound."""
    outage, own = await request.app[API].outages.get(outage_id), own_executor(request)
    if own is not None and outage.executor_id != own:
        raise NotFound(f"There is no outage {outage_id}.")
    return outage


async def given(request: web.Request, body: GivenOutage) -> NewOutage:
    """Check the body, and make the outage of it; raises Invalid."""
    own, faults = own_executor(request), []
    starts, ends = within(body.starts_at), within(body.expected_end)
    if body.city_wide is bool(body.areas):
        faults.append(Fault("body.areas", _NOWHERE))
    if ends is not None and starts is not None and ends <= starts:
        faults.append(Fault("body.expected_end", _BACKWARDS))
    areas = await _areas(request, body.areas, faults)
    executor_id = own if own is not None else body.executor_id
    if executor_id is not None and executor_id not in {
        one.id for one in await request.app[API].executors.all()
    }:
        faults.append(Fault("body.executor_id", _NO_EXECUTOR))
    if faults or starts is None:
        raise Invalid(*faults)
    return NewOutage(
        utility=body.utility,
        kind=body.kind,
        starts_at=starts,
        expected_end=ends,
        areas=tuple(areas),
        reason=" ".join(body.reason.split()),
        order=body.order.strip(),
        executor_id=executor_id,
    )


def shown(one: outages.Outage) -> Outage:
    """Show it. What changes with the clock alone is left out: the ETag names what somebody changed."""
    flaws = one.flaws(one.entered_at)
    return Outage(
        id=one.id,
        version=one.version,
        utility=one.utility,
        kind=one.kind,
        starts_at=one.starts_at,
        expected_end=one.expected_end,
        ended_at=one.ended_at,
        cancelled=one.cancelled,
        areas=[
            Area(street=area.street, first=area.first, last=area.last, side=area.side, letter=area.letter)
            for area in one.areas
        ],
        city_wide=one.city_wide,
        reason=one.reason,
        order=one.order,
        executor_id=one.executor_id,
        entered_at=one.entered_at,
        source=one.source,
        late=EntryFlaw.LATE in flaws,
        short_notice=EntryFlaw.SHORT_NOTICE in flaws,
    )


async def _areas(
    request: web.Request, given_areas: Sequence[Area], faults: list[Fault]
) -> Sequence[addresses.Area]:
    gazetteer, found = await request.app[API].streets.gazetteer(), []
    for at, one in enumerate(given_areas):
        street = gazetteer.street(one.street)
        if street is None:
            faults.append(Fault(f"body.areas[{at}].street", _NO_STREET))
        if one.first and one.last and one.first > one.last:
            faults.append(Fault(f"body.areas[{at}].first", _UPSIDE_DOWN))
        if one.letter and (one.first is None or one.first != one.last or one.side is not Side.BOTH):
            faults.append(Fault(f"body.areas[{at}].letter", _ONE_HOUSE))
        found.append(
            addresses.Area(
                street=street or "",
                first=one.first,
                last=one.last,
                side=one.side,
                letter=one.letter.casefold(),
            )
        )
    return found
