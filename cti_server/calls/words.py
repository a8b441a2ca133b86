"""Words of the pages on past calls, besides those that they share with the desk."""

from collections.abc import Callable, Mapping
from typing import Any

from cti_server.campaigns.words import KINDS
from cti_server.frame.language import LANGUAGES, N_
from cti_server.frame.numbers import phone
from cti_server.frame.words import CONTEXT as DESK_CONTEXT
from cti_server.frame.words import KEYS, OUTCOMES, PRIORITY, SAID_BY_KEY, TOLD, UTILITIES
from hotline.calls.call import Direction, JourneyStep, Outcome, Step
from hotline.calls.history import MISSED
from hotline.calls.recordings import MarkKind
from hotline.contact.numbers import masked
from hotline.line.callbacks import CallbackResult
from hotline.line.line import Dispatcher, Priority

RESULTS: Mapping[str, str] = {
    CallbackResult.REACHED: N_("Reached, we talked"),
    CallbackResult.SETTLED: N_("Settled in another way"),
    CallbackResult.NO_ANSWER: N_("Nobody answered"),
    CallbackResult.BUSY: N_("Busy"),
    CallbackResult.NOT_CONNECTED: N_("The call did not go through"),
}
DIRECTIONS: Mapping[Direction, str] = {
    Direction.INCOMING: N_("Incoming"),
    Direction.OUTGOING: N_("Outgoing"),
    Direction.TRIAL: N_("Trial call"),
}
MARKS: Mapping[MarkKind, str] = {
    MarkKind.SILENCE: N_("nobody speaks"),
    MarkKind.TALK_OVER: N_("both speak at once"),
    MarkKind.PAUSED: N_("not recorded: the dispatcher paused the recording"),
}
MENU = "menu"
_PRIORITY = {priority.name.lower(): PRIORITY[priority] for priority in Priority}
_WITH_NUMBER = frozenset({Step.THIRD_CALLED, Step.CALLED_OUT, Step.INTERPRETED})
NOT_SHOWN = frozenset({Step.HEARD})
"""Steps that pages leave out: prompts matter to engineers only, and questions show in the answers."""


def particulars(
    step: JourneyStep, dispatchers: Mapping[int, Dispatcher], gettext: Callable[[str], str]
) -> str:
    """Return the particulars of this step: a name, a key, a subject; empty for none."""
    desk = step.detail.get("dispatcher")
    if desk is not None:
        known = dispatchers.get(int(desk))
        who = f"{known.name} ({known.extension})" if known else str(desk)
        return ", ".join(filter(None, [who, _in_whose_stead(step, gettext)]))
    if step.step in _WITH_NUMBER and (number := step.detail.get("number")):
        return phone(str(number))
    if step.step in {Step.APPEAL_ASKED, Step.APPEAL_ANSWERED}:
        said = SAID_BY_KEY.get(str(step.detail.get("act")))
        return f"№ {step.detail['appeal']}" + (f", {gettext(said)}" if said else "")
    if step.step in {Step.PLACE_SAID, Step.SAID}:
        words = step.detail.get("place") or step.detail.get("words")
        return str(words) if words else gettext(N_("nothing was made out"))
    if step.step is Step.REPORTED_OFF:
        return gettext(UTILITIES[str(step.detail["utility"])])
    text = _term(step)
    return (
        gettext(text)
        if text
        else _in_whose_stead(step, gettext)
        or next((str(step.detail[one]) for one in ("key", "to", "chat") if one in step.detail), "")
    )


def _in_whose_stead(step: JourneyStep, gettext: Callable[[str], str]) -> str:
    """Tell which node calls back in the stead of the call's own; empty for its own."""
    node = step.detail.get("node") if step.step is Step.CUT_OFF else None
    return gettext(N_("node %(node)s calls back")) % {"node": node} if node else ""


def clock_length(seconds: float) -> str:
    """Write a length as `1:05`, or `1:00:05` from an hour on."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


_TERMS: Mapping[Step, tuple[str, Mapping[Any, str]]] = {
    Step.JOINED_LINE: ("priority", _PRIORITY),
    Step.NOT_CONNECTED: ("outcome", OUTCOMES),
    Step.THIRD_MISSED: ("outcome", OUTCOMES),
    Step.INFORMED: ("about", TOLD),
    Step.CALLED_BY_ITSELF: ("kind", KINDS),
    Step.LANGUAGE_CHOSEN: ("language", LANGUAGES),
}
"""Steps whose detail is one of our terms."""


def _term(step: JourneyStep) -> str:
    """Return our English term for the detail; empty when there is none."""
    detail = {name: str(value) for name, value in step.detail.items()}
    if step.step is Step.PRESSED and MENU in detail.get("asked", "").split():
        return KEYS.get(detail.get("key", ""), "")
    if "contact" in detail:
        return N_("duty contact")
    name, words = _TERMS.get(step.step, ("", {}))
    return words.get(detail.get(name, ""), "")


CONTEXT: Mapping[str, object] = {
    **DESK_CONTEXT,
    "RESULTS": RESULTS,
    "DIRECTIONS": DIRECTIONS,
    "Direction": Direction,
    "MISSED": MISSED,
    "Outcome": Outcome,
    "masked": masked,
    "MARKS": MARKS,
    "length": clock_length,
}
"""The context of the templates on past calls, besides their own data."""
