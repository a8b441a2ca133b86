"""Words of the board."""

from collections.abc import Mapping

from cti_server.frame.language import N_
from hotline.errors import HotlineError
from hotline.supervision.listening import Ground, ListenedAlready, Mode

MODES: Mapping[Mode | None, str] = {
    None: N_("rings"),
    Mode.LISTEN: N_("listens"),
    Mode.WHISPER: N_("whispers"),
    Mode.JOIN: N_("in the talk"),
}
ACTS: Mapping[Mode, str] = {
    Mode.LISTEN: N_("Listen in"),
    Mode.WHISPER: N_("Whisper"),
    Mode.JOIN: N_("Join"),
}
GROUNDS: Mapping[Ground, str] = {
    Ground.CHECK: N_("a planned check"),
    Ground.COMPLAINT: N_("a complaint"),
    Ground.TRAINING: N_("training"),
    Ground.HELP: N_("the dispatcher asked for help"),
    Ground.THREAT: N_("a threatening caller"),
}
_LISTENED = N_("Another supervisor is on this talk already.")
_NOT_NOW = N_("That is not possible now: the talk is over, a third is in it, or you are engaged yourself.")
_AWAY = N_("The telephone exchange does not answer. Try again in a few seconds.")


def refusal(error: HotlineError) -> str:
    """Say why an act of the board was not carried out."""
    if isinstance(error, ListenedAlready):
        return _LISTENED
    return _NOT_NOW if error.code == "forbidden-transition" else _AWAY
