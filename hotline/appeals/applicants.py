"""Rights of a caller on appeals, by their telephone number: what they may hear, and do by key.

A keyed-in number proves nothing: appeals are numbered in order. Only a call from the applicant's own
telephone hears more than state and term, and only such a call may act.
"""

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from attrs import define, field

from hotline.appeals.acts.actors import Actor, applicant
from hotline.appeals.acts.applicants_word import Confirm, Dispute
from hotline.appeals.appeal import Appeal, AppealState
from hotline.appeals.handling import Entry
from hotline.appeals.transitions import possible
from hotline.chats.chats import PREFIX
from hotline.city.city_rules import CityRules
from hotline.contact.channel import Channel
from hotline.contact.mail_addresses import mail_address
from hotline.contact.numbers import e164
from hotline.errors import ForbiddenTransition

_TELEPHONE = frozenset({Channel.SMS, Channel.CALL})
HIDDEN = ""
"""Callers without a number share one allowance of attempts."""


def by_call(call_id: str) -> Actor:
    """Return the applicant as an actor whose word came in this call, or in this chat."""
    chat = call_id.removeprefix(PREFIX)
    return applicant(f"call:{call_id}" if chat == call_id else f"chat:{chat}")


def is_theirs(appeal: Appeal, number: str | None) -> bool:
    """Whether this E.164 number is the one it was called in from, or the one its answer goes to."""
    if number is None:
        return False
    answered_at = appeal.reply_to if appeal.reply_by in _TELEPHONE else None
    return number in (appeal.applicant_number, answered_at)


def is_reached_at(appeal: Appeal, contact: str) -> bool:
    """Tell whether the appeal has this telephone or mailbox, as somebody wrote it, of its applicant."""
    mail = mail_address(contact)
    if mail is None:
        return is_theirs(appeal, e164(contact))
    return appeal.reply_by is Channel.EMAIL and appeal.reply_to.casefold() == mail.casefold()


def may_confirm(appeal: Appeal, by: Actor) -> bool:
    return Confirm in possible(appeal, by)


def may_dispute(appeal: Appeal, by: Actor, at: datetime, rules: CityRules) -> bool:
    """Whether they may say that it is not done; not when the time for it has run out."""
    if Dispute not in possible(appeal, by):
        return False
    try:
        Dispute(by=by, at=at).check(appeal, rules)
    except ForbiddenTransition:
        return False
    return True


def dispute_until(appeal: Appeal, at: datetime, rules: CityRules) -> date | None:
    """Give the last whole day on which a confirmed appeal may be disputed; None where it may not."""
    if appeal.state is not AppealState.CLOSED:
        return None
    end = (appeal.state_since or appeal.registered_at) + rules.dispute_within
    last = end.astimezone(rules.timezone).date() - timedelta(days=1)
    return last if last >= at.astimezone(rules.timezone).date() else None


def still_asked(since: Sequence[Entry]) -> bool:
    """Whether an applicant's word still answers their notice, after the acts of others since then."""
    return all(one.before is one.after or one.after is AppealState.BEING_CHECKED for one in since)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuessingRules:
    """How many appeals of others a caller may ask about; `hidden`: all callers without a number together."""

    most: int = 6
    hidden: int = 20
    within: timedelta = timedelta(hours=1)


@define(eq=False, repr=False)
class Guesses:
    """Counts the numbers of others' appeals that each caller has keyed in recently, in this process."""

    _rules: GuessingRules
    _tried: dict[str, deque[datetime]] = field(factory=lambda: defaultdict(deque), init=False)

    def take(self, number: str | None, at: datetime) -> bool:
        """Count one in; False when there were enough."""
        self._forget(at)
        tried = self._tried[number or HIDDEN]
        if len(tried) >= (self._rules.most if number else self._rules.hidden):
            return False
        tried.append(at)
        return True

    def _forget(self, at: datetime) -> None:
        for number, tried in list(self._tried.items()):
            while tried and tried[0] <= at - self._rules.within:
                tried.popleft()
            if not tried:
                del self._tried[number]
