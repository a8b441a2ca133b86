"""The queue by account: asked for by residents, and the supplier's list brought by those who keep it."""

from http import HTTPStatus

from aiohttp import web
from yarl import URL

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed, public
from cti_server.clients import counted_as
from cti_server.frame.language import N_, words_of
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.uploads import read_upload
from cti_server.keys import USER
from cti_server.power import keeping
from cti_server.power.public import PATH
from cti_server.power.sources import POWER
from hotline.access.permissions import Permission
from hotline.power.accounts import LONGEST_ACCOUNT, LONGEST_LIST, NoAccounts

REASONS = (
    N_("It has more than %(most)s accounts, or more than 30 MB."),
    N_("No line has an account and a queue: two columns are expected."),
    N_("Line %(line)s has no number of an account in its first column, or no queue in its second."),
    N_("Line %(line)s has an account that another line gives another queue."),
)
"""The refusals of `hotline.power.accounts`."""
_TYPED = 3 * LONGEST_ACCOUNT


@public
async def ask(request: web.Request) -> web.Response:
    """Lead to the queue of the account; the account itself is in no address and no log."""
    sources, whence = request.app[POWER], counted_as(request)
    sources.wrong.require_patience(whence, sources.clock.now())
    typed = str((await request.post()).get("account", ""))[:_TYPED]
    queue = await sources.accounts.queue_of(typed)
    if queue is None:
        sources.wrong.count(whence, sources.clock.now())
    query = {"account": "unknown"} if queue is None else {"queue": queue}
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": str(URL(PATH).with_query(query))})


@allowed(Permission.MANAGE_OUTAGES, streams=True)
async def bring(request: web.Request) -> web.Response:
    """Take the supplier's list in the place of the one before; one that is none changes nothing."""
    sources, gettext = request.app[POWER], words_of(request).gettext
    upload = await read_upload(request, LONGEST_LIST)
    try:
        count = await sources.accounts.take(upload.content, sources.clock.now(), by=request[USER].id)
    except NoAccounts as error:
        return await keeping.show(request, refused=gettext(error.text) % error.values)
    await audit(request, Action.CHANGE, "power", f"queues of {count} accounts")
    return noted_at(keeping.PATH, Noted.POWER_TOLD)
