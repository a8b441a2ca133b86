"""Scopes of tokens: what a token was made for, of all that its role may."""

from collections.abc import Mapping
from enum import StrEnum

from hotline.access.permissions import Permission, Role, allows


class Scope(StrEnum):
    """A part of the interface for programs. A token opens the parts that it was given, and no others."""

    APPEALS_READ = "appeals:read"
    """Appeals, their histories and changes, and what the stream tells of them."""
    APPEALS_REGISTER = "appeals:register"
    APPEALS_ACT = "appeals:act"
    APPEALS_CONTROL = "appeals:control"
    """To decide as the head: terms, control, what is not considered."""
    APPEALS_WORD = "appeals:word"
    """To pass on the applicant's own word, by which alone an appeal is closed."""
    TASKS_READ = "tasks:read"
    """Tasks with their histories, and the orders of the city."""
    TASKS_ACT = "tasks:act"
    """To accept and report tasks; for a head's token, to give and control them, and to enter orders."""
    INQUIRIES = "inquiries"
    """Requests for information to enterprises: to ask, to read, to answer."""
    CITIZENS = "citizens"
    """To find, enter and change people of the register."""
    CALLS = "calls"
    """Calls, their journeys, and what the stream tells of them and of recordings."""
    RECORDINGS = "recordings"
    """The sound of talks."""
    LINE = "line"
    """The waiting line and the dispatchers' presence."""
    PRESENCE = "presence"
    """To change a dispatcher's presence."""
    OUTAGES_READ = "outages:read"
    OUTAGES_WRITE = "outages:write"
    POWER = "power"
    """To tell the day schedules of power."""
    CITY_DATA_READ = "city-data:read"
    CITY_DATA_WRITE = "city-data:write"
    METRICS = "metrics"
    OPEN311 = "open311"
    """To file requests by Open311, and to post updates of them."""
    NEIGHBOUR = "neighbour"
    """Of the other side of an agreement alone: to read the city, and to hand over appeals taken for it."""
    WEBHOOKS = "webhooks"
    """To have its own webhooks; what they are told goes by the other scopes."""


SERVES: Mapping[Scope, frozenset[Permission]] = {
    Scope.APPEALS_READ: frozenset({Permission.SEE_APPEALS, Permission.WORK_ON_APPEALS}),
    Scope.APPEALS_REGISTER: frozenset({Permission.REGISTER_APPEALS}),
    Scope.APPEALS_ACT: frozenset(
        {
            Permission.HANDLE_APPEALS,
            Permission.ASSIGN_APPEALS,
            Permission.WORK_ON_APPEALS,
        }
    ),
    Scope.APPEALS_CONTROL: frozenset({Permission.CONTROL_APPEALS}),
    Scope.APPEALS_WORD: frozenset({Permission.HANDLE_APPEALS}),
    Scope.TASKS_READ: frozenset({Permission.SEE_TASKS, Permission.DO_TASKS}),
    Scope.TASKS_ACT: frozenset({Permission.DO_TASKS, Permission.GIVE_TASKS}),
    Scope.INQUIRIES: frozenset({Permission.ASK_ENTERPRISES, Permission.WORK_ON_APPEALS}),
    Scope.CITIZENS: frozenset({Permission.REGISTER_APPEALS}),
    Scope.CALLS: frozenset({Permission.SEE_CALLS}),
    Scope.RECORDINGS: frozenset({Permission.DOWNLOAD_RECORDINGS, Permission.HEAR_UNMASKED}),
    Scope.LINE: frozenset({Permission.SEE_LINE}),
    Scope.PRESENCE: frozenset({Permission.SET_PRESENCE}),
    Scope.OUTAGES_READ: frozenset({Permission.SEE_OUTAGES, Permission.ENTER_OWN_OUTAGES}),
    Scope.OUTAGES_WRITE: frozenset({Permission.MANAGE_OUTAGES, Permission.ENTER_OWN_OUTAGES}),
    Scope.POWER: frozenset({Permission.TELL_POWER}),
    Scope.CITY_DATA_READ: frozenset({Permission.SEE_CITY_DATA}),
    Scope.CITY_DATA_WRITE: frozenset({Permission.MANAGE_CITY_DATA}),
    Scope.METRICS: frozenset({Permission.SEE_EQUIPMENT}),
    Scope.NEIGHBOUR: frozenset({Permission.REGISTER_APPEALS}),
    Scope.WEBHOOKS: frozenset(
        {
            Permission.SEE_APPEALS,
            Permission.WORK_ON_APPEALS,
            Permission.SEE_OUTAGES,
            Permission.ENTER_OWN_OUTAGES,
        }
    ),
    Scope.OPEN311: frozenset(
        {Permission.REGISTER_APPEALS, Permission.HANDLE_APPEALS, Permission.WORK_ON_APPEALS}
    ),
}
"""The permissions that a scope lets a token use; a role with none of them can do nothing with it."""


def scopes_of(role: Role) -> frozenset[Scope]:
    """Give the scopes with which a token of this role can do something; agreements give their own."""
    return frozenset(
        scope
        for scope, permissions in SERVES.items()
        if scope is not Scope.NEIGHBOUR and any(allows(role, one) for one in permissions)
    )
