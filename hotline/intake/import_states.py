"""The machine of an import of a file: its stages, and the events that change it."""

from enum import StrEnum

from hotline.transitions import Transitions


class Stage(StrEnum):
    """How far an import has come."""

    CHECKED = "checked"
    """Looked through, and nothing has come in."""
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


class ImportEvent(StrEnum):
    """Events of an import."""

    BEGIN = "begin"
    STOP = "stop"
    """What has come in stays; it may be begun again, and goes on behind it."""
    FINISH = "finish"


IMPORT = Transitions(
    subject="The import",
    initial=frozenset({Stage.CHECKED}),
    table={
        Stage.CHECKED: {ImportEvent.BEGIN: Stage.RUNNING},
        Stage.RUNNING: {ImportEvent.STOP: Stage.STOPPED, ImportEvent.FINISH: Stage.DONE},
        Stage.DONE: {},
        Stage.STOPPED: {ImportEvent.BEGIN: Stage.RUNNING},
    },
)
