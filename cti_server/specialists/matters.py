"""The matter into which a specialist is drawn: found for the centre, and shown to the specialist."""

from dataclasses import dataclass

from aiohttp import web

from cti_server.appeals.list.words import category_name
from cti_server.frame.language import language_of
from cti_server.keys import USER
from cti_server.specialists.sources import SPECIALISTS
from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.appeals.appeal import Appeal
from hotline.errors import NotFound
from hotline.meetings.meeting_states import MeetingState
from hotline.meetings.meetings import Meeting
from hotline.specialists.involvements import MatterKind
from hotline.tasks.rights import may_see
from hotline.tasks.task import Task

_PAST = frozenset({MeetingState.HELD, MeetingState.CALLED_OFF})


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A matter; one of the three is there. `category` is that of an appeal, in the reader's language."""

    appeal: Appeal | None = None
    category: str = ""
    task: Task | None = None
    meeting: Meeting | None = None

    @property
    def over(self) -> bool:
        """Tell whether it has ended: nobody is drawn in any more, and specialists see it no longer."""
        return bool(
            (self.appeal and self.appeal.ended)
            or (self.task and self.task.ended)
            or (self.meeting and self.meeting.state in _PAST)
        )


async def matter_of(request: web.Request, kind: MatterKind, matter: str) -> Matter:
    """Read it; raises NotFound."""
    sources = request.app[SPECIALISTS]
    match kind:
        case MatterKind.APPEAL:
            appeal = await sources.registry.find(matter)
            if appeal is None:
                raise NotFound("There is no appeal %(number)s.", number=matter)
            return Matter(appeal=appeal, category=category_name(appeal, language_of(request)))
        case MatterKind.TASK:
            return Matter(task=await sources.tasks.get(int(matter)))
        case MatterKind.MEETING:
            return Matter(meeting=await sources.meetings.get(int(matter)))


async def matter_seen(request: web.Request, kind: MatterKind, matter: str) -> Matter:
    """Read one that the user may see; any other is NotFound."""
    found, user = await matter_of(request, kind, matter), request[USER]
    if not _sees(user, found):
        raise NotFound(f"User {user.id} does not see {kind} {matter}.")
    return found


def _sees(user: User, matter: Matter) -> bool:
    if matter.task is not None:
        return may_see(user, matter.task)
    if matter.meeting is not None:
        return user.may(Permission.HOLD_MEETINGS) or matter.meeting.concerns(user.id)
    return user.may(Permission.SEE_APPEALS)
