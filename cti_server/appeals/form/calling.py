"""The call that an appeal is from: its number, who that may be, and which calls are on the line meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from cti_server.appeals.form.sources import APPEALS
from cti_server.keys import USER
from hotline.calls.call import is_trial
from hotline.people.citizens import Citizen
from hotline.voice.speech import Language

IN_HAND_FOR = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calling:
    """The caller. All is empty when an appeal is registered without a call."""

    call_id: str = ""
    number: str | None = None
    arrived_at: datetime | None = None
    candidates: Sequence[Citizen] = ()
    notes: str = ""
    language: Language = Language.UKRAINIAN
    """The one that they chose in the menu."""

    @property
    def trial(self) -> bool:
        """It is a trial call of training."""
        return is_trial(self.call_id)

    @property
    def home(self) -> str:
        """The address, where all candidates have the same; otherwise it has to be asked for."""
        homes = {one.address for one in self.candidates}
        return homes.pop() if len(homes) == 1 else ""

    @property
    def only(self) -> str:
        """The id of the one person whom the number may be; empty where there are several, or none."""
        return str(self.candidates[0].id) if len(self.candidates) == 1 else ""

    @property
    def names(self) -> str:
        """Everybody whom the number may be; empty where nobody is known under it."""
        return " / ".join(one.name for one in self.candidates)


async def read_calling(request: web.Request, call_id: str) -> Calling:
    sources = request.app[APPEALS]
    record = await sources.calls.find(call_id) if call_id else None
    if record is None and call_id:
        await sources.calls.flush()  # they rang a moment ago, and their call is not written down yet
        record = await sources.calls.find(call_id)
    if record is None:
        return Calling(call_id=call_id)
    return Calling(
        call_id=call_id,
        number=record.number,
        arrived_at=record.arrived_at,
        candidates=await sources.citizens.calling_from(record.number) if record.number else (),
        language=record.language,
        notes=await sources.drafts.text(request[USER].id, call_id),
    )


async def on_the_line(request: web.Request) -> Sequence[str]:
    """List the calls that ring the user or that they talk in: one that rings comes first."""
    dispatcher_id = request[USER].dispatcher_id
    return () if dispatcher_id is None else await request.app[APPEALS].line.engaging(dispatcher_id)


async def call_in_hand(request: web.Request) -> str:
    """Name the call on the line, else the user's latest that is not put aside; empty for none."""
    sources, user = request.app[APPEALS], request[USER]
    if on_line := await on_the_line(request):
        return on_line[0]
    if user.dispatcher_id is None:
        return ""
    since = sources.clock.now() - IN_HAND_FOR
    in_hand = await sources.drafts.in_hand(user.id, user.dispatcher_id, since)
    return in_hand[0].call_id if in_hand else ""
