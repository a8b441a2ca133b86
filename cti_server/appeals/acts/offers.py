"""Acts offered on a card: those that the table of transitions allows the user, the next step first."""

from collections.abc import Mapping, Sequence

from cti_server.appeals.acts.forms import FORMS, ActForm
from hotline.access.users import User
from hotline.appeals.acts.actors import NotYours, acting, applicant
from hotline.appeals.appeal import Appeal, AppealState
from hotline.appeals.transitions import possible

_NEXT: Mapping[AppealState, Sequence[str]] = {
    AppealState.REGISTERED: ("assign", "forward"),
    AppealState.ASSIGNED: ("accept", "assign"),
    AppealState.DISPUTED: ("assign", "note"),
    AppealState.DONE: ("begin-check", "confirm", "dispute"),
    AppealState.BEING_CHECKED: ("confirm", "dispute", "attempt-in-vain", "close-unconfirmed"),
    AppealState.CLOSED_UNCONFIRMED: ("confirm", "dispute"),
}
_ANYBODY = applicant("somebody")


def offered(appeal: Appeal, user: User) -> Sequence[ActForm]:
    """Give the forms of what this user can do with the appeal now, in the order in which they are shown."""
    first = _first(appeal)
    found = [one for one in FORMS.values() if _may(one, appeal, user)]
    return sorted(found, key=lambda one: first.index(one.name) if one.name in first else len(first))


def is_next(form: ActForm, appeal: Appeal) -> bool:
    """Whether somebody has to do this, or one of the others that are next, before the appeal goes on."""
    return form.name in _first(appeal)


def next_act(appeal: Appeal, user: User) -> ActForm | None:
    """Give what this user can do next with it; None where it waits for others, or for nobody."""
    first = next(iter(offered(appeal, user)), None)
    return first if first is not None and is_next(first, appeal) else None


def _first(appeal: Appeal) -> Sequence[str]:
    question = ("answer-back",) if appeal.question else ()
    more_time = ("extend", "refuse-extension") if appeal.extension_wanted else ()
    return (*question, *more_time, *_NEXT.get(appeal.state, ()))


def _may(form: ActForm, appeal: Appeal, user: User) -> bool:
    if not user.may(form.permission) or not form.fits(appeal):
        return False
    try:
        by = _ANYBODY if form.by_applicant else acting(user)
    except NotYours:
        return False
    return form.act in possible(appeal, by)
