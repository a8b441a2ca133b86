"""One order with its progress, and what users may do with it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from aiohttp import web

from cti_server.announcements.phrases import spoken
from cti_server.auth.access import allowed
from cti_server.frame.language import N_
from cti_server.frame.pages import render
from cti_server.informing.form import asked_for
from cti_server.informing.sources import INFORMING
from cti_server.informing.words import ACTS, ASKED, CONTEXT
from cti_server.keys import ACCOUNTS, USER
from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.city.area_notation import areas_text
from hotline.delivery.notice_states import NoticeState
from hotline.delivery.proof import Proof
from hotline.dialling.campaigns import PersonState
from hotline.informing.order_states import BY_SECOND_PERSON, OrderAct, OrderState
from hotline.informing.orders import STANDING, InformingOrder, InformingProgress, Way
from hotline.people.benefits import in_order

OVERTAKEN = N_("Somebody else has acted in the meantime: look at how it stands now.")
_MOVING = frozenset({OrderState.PREPARING, OrderState.RUNNING})
"""States that change while the page is open."""


@allowed(Permission.PREPARE_INFORMING)
async def page(request: web.Request) -> web.Response:
    return await show(request, await asked_for(request))


@allowed(Permission.PREPARE_INFORMING)
async def progress(request: web.Request) -> web.Response:
    """The part of the page that moves."""
    order = await asked_for(request)
    context: dict[str, Any] = {**CONTEXT, **await progress_of(request, order)}
    return render(request, "informing/progress.html.jinja2", order=order, **context)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormNotes:
    """Texts beside the order. Each fault, to be translated, is at its field."""

    fault: str = ""
    """Why an act could not be done."""
    typed: str = ""
    """Why it is sent back, as it was typed."""
    sound_fault: str = ""
    number: str = ""
    """The number for a trial call, as typed."""
    number_fault: str = ""
    called: str = ""
    """The number that is called now for a trial."""


NOTHING = FormNotes()


async def show(
    request: web.Request, order: InformingOrder, said: FormNotes = NOTHING, status: int = HTTPStatus.OK
) -> web.Response:
    """Show the order."""
    sources = request.app[INFORMING]
    names = {one.id: one.name for one in await request.app[ACCOUNTS].users.all()}
    context: dict[str, object] = {
        "order": order,
        "areas": areas_text(order.audience.areas),
        "categories": in_order(order.audience.benefits),
        "asked": ASKED,
        "stopper": names.get(order.stopped_by or 0, ""),
        "begun": order.state not in _NOT_BEGUN,
        "own": order.may_be_changed_by(request[USER].id),
        "author": names.get(order.author_id, ""),
        "approver": names.get(order.approver_id or 0, ""),
        "acts": acts_of(order, request[USER]),
        "voice": spoken(order.phrase, await sources.recordings.in_use())[0],
        "spoken": not {Way.CALL, Way.IVR}.isdisjoint(order.ways),
        **asdict(said),
    }
    whole: dict[str, Any] = {**CONTEXT, **await progress_of(request, order), **context}
    return render(request, "informing/order.html.jinja2", status=status, **whole)


_NOT_BEGUN = frozenset({OrderState.DRAFT, OrderState.SUBMITTED, OrderState.APPROVED})


def acts_of(order: InformingOrder, user: User) -> Mapping[OrderAct, str]:
    """Give the acts that this user has a button for now, with its words."""
    possible = order.possible(user.id)
    if not user.may(Permission.APPROVE_INFORMING):
        possible -= BY_SECOND_PERSON
    return {act: words for act, words in ACTS.items() if act in possible}


async def progress_of(request: web.Request, order: InformingOrder) -> Mapping[str, object]:
    found = await request.app[INFORMING].orders.progress(order.id)
    now = request.app[INFORMING].clock.now()
    return {
        "progress": found,
        "parts": parts_of(order, found),
        "standing": {way: order.stands(way, now) for way in standing_of(order)},
        "moving": order.state in _MOVING,
    }


def standing_of(order: InformingOrder) -> Sequence[Way]:
    return [way for way in Way if way in STANDING & order.ways]


def parts_of(order: InformingOrder, found: InformingProgress) -> Mapping[str, Mapping[str, int]]:
    """Return, by way, the number of people in each state, for the drawing."""
    parts: dict[str, Mapping[str, int]] = {}
    if Way.CALL in order.ways:
        parts[Way.CALL] = {one: found.calls[one] for one in PersonState if found.calls.get(one)}
    for way in (Way.SMS, Way.EMAIL):
        if way in order.ways:
            counts: dict[str, int] = {state: found.notices.get((way, state), 0) for state in NoticeState}
            counts[Proof.WRITTEN] = found.written.get(way, 0)
            counts[NoticeState.SENT] -= counts[Proof.WRITTEN]
            parts[way] = {state: count for state, count in counts.items() if count}
    return parts
