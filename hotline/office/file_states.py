"""The machines of the office: the plan of a year, a file of it, and an act by which files go."""

from enum import StrEnum

from hotline.transitions import Transitions


class PlanState(StrEnum):
    """The state of a year's plan of files."""

    DRAFT = "draft"
    APPROVED = "approved"
    """By the mayor: files neither come nor go, nor change their index, title and term."""


class PlanEvent(StrEnum):
    """Events of a plan."""

    CHANGE = "change"
    APPROVE = "approve"


class FileState(StrEnum):
    """The state of a file."""

    OPEN = "open"
    CLOSED = "closed"
    """Its year is over, and its volumes are counted."""
    ARCHIVED = "archived"
    DESTROYED = "destroyed"


class FileEvent(StrEnum):
    """Events of a file."""

    CLOSE = "close"
    ARCHIVE = "archive"
    DESTROY = "destroy"


class ActState(StrEnum):
    """The state of an act."""

    DRAFT = "draft"
    APPROVED = "approved"
    """By the commission: its files are these, and change no more."""
    SIGNED = "signed"
    """By the head of the body: what it names may go."""
    DONE = "done"
    """The files have gone."""
    GIVEN_UP = "given-up"


class ActEvent(StrEnum):
    """Events of an act."""

    APPROVE = "approve"
    SIGN = "sign"
    CARRY_OUT = "carry-out"
    GIVE_UP = "give-up"


FILE_PLAN = Transitions(
    subject="The plan of files",
    initial=frozenset({PlanState.DRAFT}),
    table={
        PlanState.DRAFT: {PlanEvent.CHANGE: PlanState.DRAFT, PlanEvent.APPROVE: PlanState.APPROVED},
        PlanState.APPROVED: {},
    },
)
OFFICE_FILE = Transitions(
    subject="The file",
    initial=frozenset({FileState.OPEN}),
    table={
        FileState.OPEN: {FileEvent.CLOSE: FileState.CLOSED},
        FileState.CLOSED: {
            FileEvent.ARCHIVE: FileState.ARCHIVED,
            FileEvent.DESTROY: FileState.DESTROYED,
        },
        FileState.ARCHIVED: {},
        FileState.DESTROYED: {},
    },
)
OFFICE_ACT = Transitions(
    subject="The act",
    initial=frozenset({ActState.DRAFT}),
    table={
        ActState.DRAFT: {ActEvent.APPROVE: ActState.APPROVED, ActEvent.GIVE_UP: ActState.GIVEN_UP},
        ActState.APPROVED: {ActEvent.SIGN: ActState.SIGNED, ActEvent.GIVE_UP: ActState.GIVEN_UP},
        ActState.SIGNED: {ActEvent.CARRY_OUT: ActState.DONE},
        ActState.DONE: {},
        ActState.GIVEN_UP: {},
    },
)
