"""Proof of an order: person by person as a table, and the report, as a paper and as a table."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace

from aiohttp import web

from cti_server.appeals.papers.office import letterhead, moment, said
from cti_server.appeals.papers.press import PRESS, as_pdf
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.campaigns.words import RESULTS
from cti_server.delivery.words import PROOFS
from cti_server.frame.export import Table, send_table
from cti_server.frame.language import N_, words_of
from cti_server.frame.numbers import phone
from cti_server.frame.table_files import Row
from cti_server.informing.form import asked_for
from cti_server.informing.pages import parts_of, standing_of
from cti_server.informing.sources import INFORMING
from cti_server.informing.words import CALLED, NOTICES, STATES, WAYS
from cti_server.keys import ACCOUNTS, USER
from hotline.access.permissions import Permission
from hotline.delivery.notice_states import NoticeState
from hotline.delivery.proof import Proof
from hotline.informing.order_states import OrderState
from hotline.informing.orders import InformedPerson, InformingOrder, Way

_TABLE = Table(
    name="informing",
    title=N_("Informing by order"),
    headings=(
        *(N_("Name"), N_("Number"), N_("E-mail"), N_("Call made"), N_("Result of the call")),
        *(N_("Short message"), N_("Letter"), N_("Heard when they called"), N_("Proof")),
    ),
)
_REPORT = Table(
    name="informing-report",
    title=N_("Report on informing"),
    headings=(N_("What"), N_("How it was"), N_("People")),
)
_Said = Callable[[str], str]
"""Translates a word of ours."""


@allowed(Permission.PREPARE_INFORMING)
async def people(request: web.Request) -> web.StreamResponse:
    """The proof, person by person, for spreadsheets."""
    order = await asked_for(request)
    return await send_table(request, _of(_TABLE, order), _rows(request, order))


async def _rows(request: web.Request, order: InformingOrder) -> AsyncIterator[Row]:
    gettext = words_of(request).gettext
    async for one in request.app[INFORMING].orders.people(order.id):
        yield [
            one.name,
            phone(one.number) if one.number else "",
            one.email or "",
            gettext(CALLED[one.called]) if one.called else "",
            gettext(RESULTS[one.result]) if one.result else "",
            *(gettext(NOTICES[state]) if state else "" for state in _sent(one)),
            gettext("yes") if one.heard_in else "",
            gettext(PROOFS[one.proof]),
        ]


def _sent(one: InformedPerson) -> Sequence[NoticeState | Proof | None]:
    ways = (Way.SMS, Way.EMAIL)
    return [Proof.WRITTEN if way in one.written else one.notices.get(way) for way in ways]


@allowed(Permission.PREPARE_INFORMING)
async def paper(request: web.Request) -> web.Response:
    """The report to be signed and filed."""
    sources, order = request.app[INFORMING], await asked_for(request)
    await audit(request, Action.EXPORT, f"informing:{order.id}", "report")
    data = {
        "order": f"№ {order.number} від {order.dated:%d.%m.%Y}",
        "issued_by": order.issued_by,
        "facts": await _facts(request, order, said),
        "rows": await _counts(request, order, said),
    }
    head = letterhead(request[USER], sources.clock.now(), sources.timezone)
    made = await request.app[PRESS].print("informing", {**head, **data})
    return as_pdf(made, f"informing-{order.id}")


@allowed(Permission.PREPARE_INFORMING)
async def report(request: web.Request) -> web.StreamResponse:
    """The same for spreadsheets."""
    order, gettext = await asked_for(request), words_of(request).gettext

    async def rows() -> AsyncIterator[Row]:
        yield [
            gettext(N_("By the order")),
            f"№ {order.number}, {order.dated:%d.%m.%Y}, {order.issued_by}",
            None,
        ]
        for name, value in await _facts(request, order, gettext):
            yield [name, value, None]
        for way, state, count in await _counts(request, order, gettext):
            yield [way, state, int(count) if count.isdecimal() else None]

    return await send_table(request, _of(_REPORT, order), rows())


def _of(table: Table, order: InformingOrder) -> Table:
    """Name it after the order: in the audit log, and as a file."""
    return replace(table, name=f"{table.name}-{order.id}")


async def _facts(request: web.Request, order: InformingOrder, word: _Said) -> Sequence[tuple[str, str]]:
    """Return the facts: the text, who approved it, and the proven numbers; missing ones are left out."""
    sources = request.app[INFORMING]
    zone = sources.timezone
    names = {one.id: one.name for one in await request.app[ACCOUNTS].users.all()}
    people = Counter([one.proof async for one in sources.orders.people(order.id)])
    approver = names.get(order.approver_id or 0)
    approved = f"{approver}, {moment(order.decided_at, zone)}" if approver else ""
    stopper = names.get(order.stopped_by or 0)
    stopped = f"{stopper}, {moment(order.stopped_at, zone)}" if stopper else ""
    facts = [
        (N_("Told about what"), order.subject),
        (N_("What people hear and read"), order.text),
        (N_("Short message"), order.short if Way.SMS in order.ways else ""),
        (N_("Prepared by"), names.get(order.author_id, "")),
        (N_("Approved by"), approved),
        (N_("Begins"), moment(order.starts_at, zone)),
        (N_("Stands until"), moment(order.until, zone)),
        (N_("At any hour, because"), order.exempt),
        (N_("State"), word(STATES[order.state])),
        (N_("Stopped by"), stopped),
        (N_("Why it was stopped"), order.stop_reason),
        (N_("People and addresses"), str(people.total())),
        (N_("Proved to be told"), str(sum(number for proof, number in people.items() if proof.proved))),
        (N_("Calls in which it was heard"), str(await sources.orders.heard_in(order.id) or "")),
    ]
    by_proof = [(PROOFS[proof], str(people[proof] or "")) for proof in Proof]
    return [(word(name), value) for name, value in [*facts, *by_proof] if value]


async def _counts(request: web.Request, order: InformingOrder, word: _Said) -> Sequence[tuple[str, str, str]]:
    """Return by way the number of people in each state; standing announcements count nobody."""
    sources = request.app[INFORMING]
    found = await sources.orders.progress(order.id)
    counts = [
        (word(WAYS[way]), word(CALLED[state] if way == Way.CALL else NOTICES[state]), str(count))
        for way, states in parts_of(order, found).items()
        for state, count in states.items()
    ]
    until = word(N_("until %(moment)s")) % {"moment": moment(order.until, sources.timezone)}
    if order.state is OrderState.STOPPED:
        until = word(STATES[order.state])
    return [*counts, *((word(WAYS[way]), until, "—") for way in standing_of(order))]
