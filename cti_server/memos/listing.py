"""The list of memos, in which one searches, and the same as a file."""

from collections.abc import AsyncIterator, Sequence

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.export import Table, send_table
from cti_server.frame.language import N_, words_of
from cti_server.frame.leafing import Read, leaf_of, sifted
from cti_server.frame.pages import render
from cti_server.frame.table_files import Row
from cti_server.memos.sources import MEMOS
from cti_server.memos.words import ADDRESSEES, CONTEXT, KINDS, STATES
from hotline.access.permissions import Permission
from hotline.city.search_terms import saying
from hotline.memos.memos import Memo

PAGE_ROWS = 50
_AT_ONCE = 200
_LONGEST = 200
_TABLE = Table(
    name="memos",
    title=N_("Proposals and memoranda"),
    headings=(
        *(N_("Number"), N_("Kind"), N_("To whom"), N_("Topic"), N_("State")),
        *(N_("Sent on"), N_("Answer expected by"), N_("Answered on"), N_("The answer given")),
    ),
)


@allowed(Permission.WRITE_MEMOS)
async def page(request: web.Request) -> web.Response:
    """`?q=` searches subject, text, number and answer, in any form of the words."""
    typed = _typed(request)
    await audit(request, Action.SEARCH if typed else Action.VIEW, "memos", typed)
    leaf = await leaf_of(request, _found(request), PAGE_ROWS)
    today = request.app[MEMOS].today()
    return render(request, "memos/list.html.jinja2", **CONTEXT, q=typed, leaf=leaf, today=today)


@allowed(Permission.WRITE_MEMOS)
async def export(request: web.Request) -> web.StreamResponse:
    return await send_table(request, _TABLE, _rows(request))


async def _rows(request: web.Request) -> AsyncIterator[Row]:
    read, gettext, skipped = _found(request), words_of(request).gettext, 0
    while some := await read(_AT_ONCE, skipped):
        for one in some:
            yield [
                *(one.number or str(one.id), gettext(KINDS[one.kind]), gettext(ADDRESSEES[one.addressee])),
                *(one.subject, gettext(STATES[one.state]), one.sent_on, one.answer_by),
                *(one.answered_on, one.answer),
            ]
        skipped += len(some)


def _typed(request: web.Request) -> str:
    return request.query.get("q", "").strip()[:_LONGEST]


def _found(request: web.Request) -> Read[Memo]:
    sources, typed = request.app[MEMOS], _typed(request)

    async def read(most: int, skipped: int) -> Sequence[Memo]:
        return await sources.memos.list(limit=most, skipped=skipped)

    async def sift(some: Sequence[Memo]) -> Sequence[Memo]:
        return await saying(some, text_of, typed, sources.lemmas)

    return sifted(read, sift) if typed else read


def text_of(memo: Memo) -> str:
    """Write what the search looks through of a memo."""
    return f"{memo.number} {memo.subject} {memo.text} {memo.answer}"
