"""The source of the schedules for those who keep it: how old it is, a file by hand, emergency cuts."""

from http import HTTPStatus

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import N_, words_of
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.frame.uploads import read_upload
from cti_server.keys import USER
from cti_server.power.sources import POWER
from hotline.access.permissions import Permission
from hotline.power.queues import power_queues
from hotline.power.reading import LONGEST_FILE, NoSchedule, read_told
from hotline.power.schedule import OlderSchedule

PATH = "/power/schedules"
LATELY = 20
REASONS = (
    N_("It has more than 2 MB: that is no schedule."),
    N_("It is not JSON: %(why)s."),
    N_("It is no object with `fact` in it."),
    N_("`fact.data` has to name from 1 to %(most)s days."),
    N_("`%(value)s` is no day: a midnight in seconds since 1970 is expected."),
    N_("`%(value)s` on %(day)s is no queue with hours."),
    N_("Its `update` lies in the future: %(value)s."),
)
"""Those of `hotline.power.reading`."""
NONE = N_("The file has no day schedules of power in it.")
OLDER = N_("A later schedule of these days is known already, and stays.")


@allowed(Permission.SEE_OUTAGES)
async def page(request: web.Request) -> web.Response:
    """Show when something new was told, and whether emergency cuts hold."""
    return await show(request)


@allowed(Permission.MANAGE_OUTAGES, streams=True)
async def bring(request: web.Request) -> web.Response:
    """Take a file; one that is none comes back with the reason, and nothing is changed."""
    sources, gettext = request.app[POWER], words_of(request).gettext
    upload = await read_upload(request, LONGEST_FILE)
    try:
        told = read_told(upload.content, heard_at=sources.clock.now(), zone=sources.timezone)
        await sources.schedules.take(told, source="file", by=request[USER].id)
    except NoSchedule as error:
        return await show(request, refused=f"{gettext(NONE)} {gettext(error.text) % error.values}")
    except OlderSchedule:
        return await show(request, refused=gettext(OLDER))
    await audit(request, Action.CHANGE, "power", f"schedules of {len(told.schedules)} queues and days")
    return noted_at(PATH, Noted.POWER_TOLD)


@allowed(Permission.MANAGE_OUTAGES)
async def emergency_begins(request: web.Request) -> web.Response:
    """Let no schedule hold from now on."""
    sources = request.app[POWER]
    await sources.schedules.emergency_begins(sources.clock.now(), by=request[USER].id)
    await audit(request, Action.CHANGE, "power", "emergency cuts begin")
    return noted_at(PATH, Noted.POWER_EMERGENCY)


@allowed(Permission.MANAGE_OUTAGES)
async def emergency_ends(request: web.Request) -> web.Response:
    """Let schedules hold again."""
    sources = request.app[POWER]
    await sources.schedules.emergency_ends(sources.clock.now(), by=request[USER].id)
    await audit(request, Action.CHANGE, "power", "emergency cuts end")
    return noted_at(PATH, Noted.POWER_EMERGENCY_OVER)


async def show(request: web.Request, *, refused: str = "") -> web.Response:
    """Show the page, with what was refused."""
    sources = request.app[POWER]
    known = await sources.schedules.known()
    queues = power_queues()
    gazetteer = await sources.streets.gazetteer()
    streets = {area.street for areas in queues.areas.values() for area in areas}
    return render(
        request,
        "power/schedules.html.jinja2",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK,
        refused=refused,
        known=known,
        lately=await sources.schedules.lately_told(LATELY),
        places=len(queues.queues),
        accounts=await sources.accounts.count(),
        strange=sorted(one for one in streets if gazetteer.street(one) is None),
        fetched_from=sources.fetched_from,
        manages=request[USER].may(Permission.MANAGE_OUTAGES),
    )
