"""The list of appeals as a file, with the filters of its address."""

from collections.abc import AsyncIterator
from functools import partial
from zoneinfo import ZoneInfo

from aiohttp import web

from cti_server.appeals.list.filters import Asked, read_filters
from cti_server.appeals.list.sources import APPEAL_LISTS
from cti_server.appeals.list.words import answer_by, category_name
from cti_server.appeals.words import KINDS, SIGNS, URGENCIES
from cti_server.auth.access import allowed
from cti_server.frame.export import Table, send_table
from cti_server.frame.language import N_, language_of, words_of
from cti_server.frame.pages import PAGES
from cti_server.frame.table_files import Row
from cti_server.frame.words import APPEAL_STATES
from hotline.access.permissions import Permission
from hotline.appeals.appeal import Appeal
from hotline.appeals.lists import ListedAppeal, position

AT_ONCE = 1000
_TABLE = Table(
    name="appeals",
    title=N_("Appeals"),
    headings=(
        *(N_("Number"), N_("Index"), N_("Registered"), N_("Kind"), N_("Sign"), N_("Category"), N_("Urgency")),
        *(
            N_("What it is about"),
            N_("Address"),
            N_("Answers to questions"),
            N_("Applicant"),
            N_("Executor"),
            N_("State"),
            N_("Answer by"),
        ),
        N_("Registered by"),
    ),
)


@allowed(Permission.SEE_APPEALS)
async def export(request: web.Request) -> web.StreamResponse:
    """Everything that the filters find, without telephone numbers."""
    asked = await read_filters(request)
    return await send_table(request, _TABLE, _rows(request, asked))


async def _rows(request: web.Request, asked: Asked) -> AsyncIterator[Row]:
    gettext = words_of(request).gettext
    category = partial(category_name, language=language_of(request))
    answers = partial(_answers, language=language_of(request), zone=request.app[PAGES].timezone)
    async for one in everything(request, asked):
        appeal = one.appeal
        yield (
            *(appeal.number, appeal.registration_index, appeal.registered_at, gettext(KINDS[appeal.kind])),
            *(gettext(SIGNS[appeal.sign]), category(appeal), gettext(URGENCIES[appeal.urgency])),
            *(appeal.text, appeal.address, answers(appeal), one.applicant, one.executor),
            *(gettext(APPEAL_STATES[appeal.state]), answer_by(appeal), one.registrar),
        )


def _answers(appeal: Appeal, language: str, zone: ZoneInfo) -> str:
    return "\n".join(f"{one.name(language)} {one.said(language, zone)}" for one in appeal.details)


async def everything(request: web.Request, asked: Asked) -> AsyncIterator[ListedAppeal]:
    """Give what the filters find, read by and by; appeals that come in meanwhile may be left out."""
    lists, behind = request.app[APPEAL_LISTS].lists, asked.behind
    while found := await lists.find(asked.wanted, order=asked.order, limit=AT_ONCE, behind=behind):
        for one in found:
            yield one
        behind = position(found[-1], asked.order)
