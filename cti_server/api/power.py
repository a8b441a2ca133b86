"""Day schedules of power, told by the supplier's own system: the same reader and refusals as of a file."""

from datetime import date
from typing import Annotated, Any, ClassVar

import msgspec
from aiohttp import web
from msgspec import Meta

from cti_server.api.errors import Fault, Invalid
from cti_server.api.operation import operation
from cti_server.api.paging import Moment
from cti_server.api.sources import API
from cti_server.audit import Action, audit
from cti_server.auth.errors import Forbidden
from cti_server.frame.language import N_
from cti_server.keys import TOKEN
from hotline.access.permissions import Permission
from hotline.access.scopes import Scope
from hotline.power.queues import power_queues
from hotline.power.reading import LONGEST_FILE, NoSchedule, read_told


class ToldSchedules(msgspec.Struct, kw_only=True):
    """Day schedules as suppliers publish them; what else stands in the file is passed over."""

    LONGEST: ClassVar[int] = LONGEST_FILE

    fact: Annotated[
        dict[str, Any],
        Meta(
            description="`data`: a day (its midnight in seconds since 1970) → a queue (`GPV4.1`) → hours `1`"
            " to `24`, each `yes`, `no`, `first`, `second`, `maybe`, `mfirst` or `msecond`. `update`: when it"
            " was made, `dd.mm.yyyy HH:MM` of the city."
        ),
    ]
    lastUpdated: str = ""  # noqa: N815 - suppliers write it so
    status: Annotated[
        str,
        Meta(description="`EmergencyShutdowns`: emergency cuts hold; `ScheduleApplies`: they are over."),
    ] = ""


class PowerTold(msgspec.Struct, kw_only=True):
    """The days and queues that the hotline took over from the schedules sent."""

    new: Annotated[bool, Meta(description="false: it was known, and is only heard anew.")]
    days: list[date]
    queues: list[str]
    made_at: Moment
    unknown_values: Annotated[list[str], Meta(description="Their hours count as not known.")]


@operation(
    "PUT",
    "/power/schedules",
    Permission.TELL_POWER,
    scopes=(Scope.POWER,),
    summary=N_("Tell the day schedules of power"),
    problems=frozenset({409}),
)
async def tell_power(request: web.Request, body: ToldSchedules) -> PowerTold:
    """Take the schedules of the days that it names; a queue that a day leaves out is not known any more.

    An older one than what is known is refused (409 `older-schedule`). An enterprise's token may do it where
    the city's data name that enterprise as the supplier.
    """
    sources, token = request.app[API], request[TOKEN]
    if token.executor_id is not None:
        executor = await sources.executors.get(token.executor_id)
        if executor.short != power_queues().supplier.executor:
            raise Forbidden("The city's data name another enterprise as the supplier of power.")
    try:
        told = read_told(msgspec.json.encode(body), heard_at=sources.clock.now(), zone=sources.timezone)
    except NoSchedule as error:
        raise Invalid(Fault("body.fact", error.text, error.values)) from error
    new = await sources.power.take(told, source=token.name, by=token.user_id)
    if new:
        await audit(request, Action.CHANGE, "power", f"schedules of {len(told.schedules)} queues and days")
    return PowerTold(
        new=new,
        days=[*told.days],
        queues=sorted({one.queue for one in told.schedules}),
        made_at=told.made_at,
        unknown_values=[*told.strange],
    )
