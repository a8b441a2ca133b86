"""Words for applicants: how their appeal stands, who acts, what has happened, in plain words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from gettext import NullTranslations

from cti_server.frame.language import N_
from hotline.appeals.acts.actors import ActorRole
from hotline.appeals.appeal import AppealState
from hotline.appeals.handling import REGISTERED, Entry

STANDS: Mapping[str, str] = {
    AppealState.REGISTERED: N_("We have it. A dispatcher is choosing who will do it."),
    AppealState.ASSIGNED: N_("It was passed to the executor, who has yet to accept it."),
    AppealState.ACCEPTED: N_("The executor has accepted it and will begin the work."),
    AppealState.IN_WORK: N_("The executor is working on it."),
    AppealState.DONE: N_("The executor has answered. Now it is your word that counts."),
    AppealState.BEING_CHECKED: N_("The executor has answered. Now it is your word that counts."),
    AppealState.CLOSED: N_("You have confirmed it, and it is closed."),
    AppealState.CLOSED_UNCONFIRMED: N_("It was closed without your word. You can still say how it is."),
    AppealState.DISPUTED: N_("You have said no. The executor has to put it right."),
    AppealState.FORWARDED: N_("Another authority has to answer it, and it was sent there."),
    AppealState.REJECTED: N_("By law it is not considered. Call us to learn why."),
    AppealState.WITHDRAWN: N_("You have withdrawn it."),
}
_HAPPENED: Mapping[str, str] = {
    REGISTERED: N_("Registered"),
    "assign": N_("Passed to the executor"),
    "accept": N_("The executor has accepted it"),
    "begin-work": N_("The work has begun"),
    "report-done": N_("The executor has answered"),
    "confirm": N_("You have confirmed it"),
    "dispute": N_("You have said no"),
    "take-no-back": N_("You have taken your “no” back"),
    "close-unconfirmed": N_("Closed without your word"),
    "withdraw": N_("You have withdrawn it"),
    "forward": N_("Sent to another authority"),
    "reject": N_("Not considered by law"),
    "take-back": N_("The executor has taken the report of the work back"),
    "refuse-done": N_("We have sent the report of the work back: it is not done"),
    "came-back": N_("Another authority has sent it back to us"),
    "answered-elsewhere": N_("Another authority has answered"),
    "reopen": N_("Taken up again"),
    "extend": N_("The term was extended"),
    "link": N_("Joined to others about the same"),
    "hand-back": N_("The executor has handed it back: we look for another"),
}
_SAYS = frozenset({"note", "forward", "reject", "answered-elsewhere", "reopen", "extend"})
"""Acts whose words are for the applicant. Their own are not repeated: others may read their telephone."""
_ADDED, _ANSWERED = N_("You have added"), N_("We have added")


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """A step of the appeal's history as the applicant reads it; `said`: words that somebody added."""

    at: datetime
    what: str
    said: str


def happened(history: Sequence[Entry], words: NullTranslations) -> Sequence[Happened]:
    """Give what the applicant may know of the history, the latest first, without names of staff."""
    lines = [_line(one, words) for one in history if not one.hidden and (one.act in _HAPPENED or _note(one))]
    return lines[::-1]


def _line(one: Entry, words: NullTranslations) -> Happened:
    added = _ADDED if one.part is ActorRole.APPLICANT else _ANSWERED
    what = added if _note(one) else _HAPPENED[one.act]
    return Happened(
        at=one.at,
        what=words.gettext(what),
        said=one.said if one.act in _SAYS and one.part is not ActorRole.APPLICANT else "",
    )


def _note(one: Entry) -> bool:
    return one.act == "note"
