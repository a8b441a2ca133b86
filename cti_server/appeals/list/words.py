"""Words of the list of appeals: the term's class is shown in words, not by colour alone."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from gettext import NullTranslations

from cti_server.frame.language import N_
from hotline.appeals.appeal import PENDING, Appeal
from hotline.appeals.lists import Due, Order
from hotline.city.classifier import Urgency, classifier

DUES: Mapping[str, str] = {
    Due.OVERDUE: N_("Overdue"),
    Due.TODAY: N_("Due today"),
    Due.SOON: N_("Due within 3 days"),
}
ORDERS: Mapping[str, str] = {
    Order.NEWEST: N_("The newest first"),
    Order.OLDEST: N_("The oldest first"),
    Order.TERM: N_("The soonest term first"),
}
MARKS: Mapping[str, str] = {
    "controlled": N_("Under control"),
    "more-time": N_("More time is asked for"),
    "breach": N_("The law's term is broken"),
    "taken-down": N_("Closed by a word that a dispatcher took down"),
    "in-time": N_("Closed in time"),
}
SIGNS_OF_TERM: Mapping[str | None, str] = {Due.OVERDUE: "⚠", Due.TODAY: "◕", Due.SOON: "◑", None: "○"}
"""A clock that fills, so that terms differ without colours too."""
NEXT_ACTS: Mapping[str, str] = {
    "assign": N_("Give to an executor"),
    "accept": N_("Accepted by telephone"),
    "begin-check": N_("Ask the applicant"),
    "confirm": N_("The applicant's word"),
    "answer-back": N_("Answer the executor"),
    "extend": N_("Decide on more time"),
}
"""What an appeal of the list waits for, by the act's name; any other act has its button's words."""
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def time_left(appeal: Appeal, now: datetime, words: NullTranslations) -> str:
    """Return the time left of the term; empty when no work is owed any more, or there is no term."""
    if appeal.due_at is None or appeal.state not in PENDING:
        return ""
    return left_until(appeal.due_at, now, words)


def left_until(due_at: datetime, now: datetime, words: NullTranslations) -> str:
    """Write the time left until then, or by how much it is overdue."""
    left = due_at - now
    if left <= timedelta():
        return _overdue(-left, words)
    if left < _DAY:
        hours = max(1, round(left / _HOUR))
        return words.ngettext("%(num)d hour left", "%(num)d hours left", hours) % {"num": hours}
    return words.ngettext("%(num)d day left", "%(num)d days left", left.days) % {"num": left.days}


def answer_by(appeal: Appeal) -> datetime | date:
    """Give the end of the term: the moment where hours count, else the day."""
    return appeal.due_on if appeal.urgency is Urgency.ORDINARY else appeal.due_at or appeal.due_on


def category_name(appeal: Appeal, language: str) -> str:
    """Name the category by the classifier that it is from; empty for an appeal older than classifiers."""
    category = classifier(appeal.classifier).categories.get(appeal.category)
    return category.name(language) if category else ""


def _overdue(by: timedelta, words: NullTranslations) -> str:
    if by < _DAY:
        hours = max(1, round(by / _HOUR))
        return words.ngettext("overdue by %(num)d hour", "overdue by %(num)d hours", hours) % {"num": hours}
    return words.ngettext("overdue by %(num)d day", "overdue by %(num)d days", by.days) % {"num": by.days}
