"""The list of appeals as the file for the government hotline 1545: the state's codes, and nobody's data.

Requests for public information go by another law, and are not in it.
"""

from collections.abc import AsyncIterator

from aiohttp import web

from cti_server.appeals.list.export import everything
from cti_server.appeals.list.filters import Asked, read_filters
from cti_server.auth.access import allowed
from cti_server.frame.export import Table, send_table
from cti_server.frame.language import N_
from cti_server.frame.table_files import Row
from hotline.access.permissions import Permission
from hotline.appeals.appeal import AppealKind
from hotline.appeals.state_classifier import state_codes

PATH = "/appeals/state"
TABLE = Table(
    name="appeals-state",
    title=N_("Appeals for 1545"),
    headings=(
        *(N_("Number"), N_("Index"), N_("Registered")),
        *(N_("1. How it was received"), N_("2. Sign"), N_("3. Kind"), N_("5. Subject"), N_("6. Type")),
        *(N_("8. Result"), N_("Question"), N_("What it is about"), N_("Answer by")),
    ),
)


@allowed(Permission.SEE_APPEALS)
async def export(request: web.Request) -> web.StreamResponse:
    """Everything that the filters of the list find, in the state's codes."""
    return await send_table(request, TABLE, _rows(request, await read_filters(request)))


async def _rows(request: web.Request, asked: Asked) -> AsyncIterator[Row]:
    async for one in everything(request, asked):
        appeal = one.appeal
        if appeal.kind is AppealKind.INFORMATION_REQUEST:
            continue
        *codes, question = state_codes(appeal)
        yield (
            *(appeal.number, appeal.registration_index, appeal.registered_at),
            *(code.said() for code in codes),
            *(question.code, question.uk, appeal.due_on),
        )
