"""The parts and filters of the list of tasks, as they stand in the address of the page, and in words."""

from collections.abc import Iterator, Mapping, Sequence

from aiohttp import web

from cti_server.frame.filters import day, period
from cti_server.frame.language import N_
from cti_server.frame.lists import Kept, Part
from cti_server.frame.moments import day_shown
from cti_server.frame.views import KeptList
from cti_server.keys import USER
from cti_server.tasks.people import TaskPeople
from cti_server.tasks.sources import TASKS
from cti_server.tasks.words import KINDS, STATES
from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.city.search_terms import Terms
from hotline.tasks.parties import Party, parties_of
from hotline.tasks.task import TaskFilter, TaskKind
from hotline.tasks.task_states import ENDED, OWED, TaskState

PATH = "/tasks"
FILTERS = ("q", "part", "kind", "state", "who", "from", "to")
VIEWS = KeptList(name="tasks", path=PATH, filters=FILTERS, see=Permission.SEE_TASKS)
MINE, CONTROLLED, TO_DECIDE, OURS, OVERDUE, GONE, ENDED_PART = (
    *("mine", "controlled", "to-decide", "ours"),
    *("overdue", "gone", "ended"),
)
OPEN = frozenset(TaskState) - ENDED
LABELS: Mapping[str, str] = {
    "q": N_("Words"),
    "part": N_("Part"),
    "kind": N_("Source"),
    "state": N_("State"),
    "who": N_("Responsible"),
    "from": N_("Term from"),
    "to": N_("Term up to"),
}
_PARTS: Mapping[str, str] = {
    MINE: N_("Mine"),
    CONTROLLED: N_("Controlled by me"),
    TO_DECIDE: N_("Waiting for control"),
    OVERDUE: N_("Overdue"),
    OURS: N_("Ours"),
    GONE: N_("The person has left"),
    ENDED_PART: N_("Ended"),
}
"""In the order of the page."""
_LONGEST = 200


def kept_of(request: web.Request) -> Kept:
    """Read the filters; without a part it is one's own tasks, or all for readers who can have none."""
    kept = {name: request.query.get(name, "").strip()[:_LONGEST] for name in FILTERS}
    parts = [one.query["part"] for one in parts_of(request[USER])]
    usual = MINE if MINE in parts else OURS
    return {**kept, "part": kept["part"] if kept["part"] in parts else usual}


def parts_of(user: User) -> Sequence[Part]:
    """Give the parts that the user may see; an enterprise's people see theirs alone."""
    does, sees = user.may(Permission.DO_TASKS), user.may(Permission.SEE_TASKS)
    seen = {
        MINE: does,
        CONTROLLED: does and sees,
        TO_DECIDE: user.may(Permission.GIVE_TASKS),
        OVERDUE: True,
        OURS: sees,
        GONE: user.may(Permission.GIVE_TASKS),
        ENDED_PART: True,
    }
    return [Part(text=text, query={"part": name}) for name, text in _PARTS.items() if seen[name]]


def wanted_of(request: web.Request, kept: Kept, terms: Terms, people: TaskPeople) -> TaskFilter:
    """Make the filter; days are the city's, and what cannot be read does not filter."""
    user, part = request[USER], kept["part"]
    since, before = period(request, kept)
    states = _states(part)
    if kept["state"] in set(STATES):
        states &= {TaskState(kept["state"])}
    now = request.app[TASKS].clock.now()
    responsible = people.gone() if part == GONE else None
    if kept["who"]:
        named = frozenset(Party(one.value) for one in people.parties() if one.value == kept["who"])
        responsible = named if responsible is None else responsible & named
    return TaskFilter(
        parties=parties_of(user) if part == MINE or not user.may(Permission.SEE_TASKS) else frozenset(),
        responsible=responsible,
        controller=user.id if part == CONTROLLED else None,
        states=states,
        kind=TaskKind(kept["kind"]) if kept["kind"] in set(TaskKind) else None,
        due_since=since,
        due_before=min(before or now, now) if part == OVERDUE else before,
        terms=terms,
    )


def told(kept: Kept, people: TaskPeople) -> Iterator[tuple[str, str | None]]:
    """Tell each filter that is set in words; None for a value that there is not."""
    known: Mapping[str, Mapping[str, str]] = {
        "kind": KINDS,
        "state": STATES,
        "who": {one.value: one.name for one in people.parties()},
    }
    for name in ("kind", "state", "who"):
        yield name, known[name].get(kept[name])
    for name in ("from", "to"):
        yield name, day_shown(kept[name]) if day(kept[name]) else None


def _states(part: str) -> frozenset[TaskState]:
    return {OVERDUE: OWED, TO_DECIDE: frozenset({TaskState.REPORTED}), ENDED_PART: ENDED}.get(part, OPEN)
