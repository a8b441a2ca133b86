"""The terms of law 393/96, art. 20, with the days of the cases in which they were once told wrongly."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from hotline.appeals.acts.applicants_word import Dispute
from hotline.appeals.acts.extension import AskExtension, Extend
from hotline.appeals.acts.keeping import Amend
from hotline.appeals.appeal import Appeal, AppealKind, AppealState
from hotline.appeals.escalation import due_now
from hotline.appeals.handling import act_on
from hotline.appeals.statute import law_end
from hotline.city.classifier import classifier
from hotline.city.terms import end_of
from hotline.delivery.outbox import Recipient, StepKind
from hotline.errors import ForbiddenTransition
from tests.hotline.appeals.people import CITY, FITTER, HEAD, KYIV, MARIA, appeal

RECEIVED = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
UNTIL = date(2026, 12, 31)


def received(category: str, state: AppealState = AppealState.IN_WORK, **fields: object) -> Appeal:
    """Give one that was received on 20 November 2026, with the category's own term."""
    known = classifier()
    urgency = known.categories[category].urgency
    term = known.deadline(category, urgency, RECEIVED, KYIV)
    one = appeal(state, category=category, classifier=known.version, urgency=urgency, **fields)
    return replace(one, registered_at=RECEIVED, state_since=RECEIVED, due_on=term.due_on, due_at=term.due_at)


def breached(one: Appeal, at: datetime) -> bool:
    return StepKind.BREACH in {step.kind for step in due_now(one, None, (), now=at, city=CITY)}


@pytest.mark.parametrize(
    ("category", "last"),
    [
        ("heat-none", date(2026, 12, 5)),
        ("lift-broken", date(2026, 12, 5)),
        ("road-hole", date(2026, 12, 5)),
        ("tree-prune", date(2026, 12, 20)),
        ("other", date(2026, 12, 20)),
    ],
)
@pytest.mark.parametrize("kind", [AppealKind.APPLICATION, AppealKind.COMPLAINT, AppealKind.PROPOSAL])
def test_a_citys_own_term_that_is_broken_is_overdue_and_no_breach_of_law(
    category: str, last: date, kind: AppealKind
) -> None:
    one = received(category, kind=kind)
    end = end_of(last, KYIV).due_at
    assert law_end(one, CITY) == end_of(last, KYIV)
    assert not breached(one, RECEIVED + timedelta(hours=48))
    assert not breached(one, end - timedelta(seconds=1))
    assert breached(one, end)
    assert one.due_at is not None
    assert StepKind.OVERDUE in {step.kind for step in due_now(one, None, (), now=one.due_at, city=CITY)}


def test_a_report_of_a_fault_breaks_no_law_however_late_it_is() -> None:
    assert not breached(received("heat-none", kind=AppealKind.REPORT), RECEIVED + timedelta(days=99))


def test_a_month_from_the_31st_ends_on_the_last_day_of_the_next() -> None:
    one = replace(received("other"), registered_at=datetime(2027, 1, 31, 8, 0, tzinfo=UTC), due_at=None)
    law = law_end(one, CITY)
    assert law is not None
    assert law.due_on == date(2027, 2, 28)


def test_no_extension_is_given_or_asked_for_after_the_term_has_ended() -> None:
    one = received("other")
    assert one.due_at is not None
    for late in (timedelta(0), timedelta(days=9)):
        for act in (
            Extend(by=HEAD, at=one.due_at + late, until=UNTIL, reason="Довгі роботи"),
            AskExtension(by=FITTER, at=one.due_at + late, until=UNTIL, reason="Довгі роботи"),
        ):
            with pytest.raises(ForbiddenTransition, match="only before"):
                act_on(one, act, CITY)
    in_time = Extend(by=HEAD, at=one.due_at - timedelta(seconds=1), until=UNTIL, reason="Довгі роботи")
    handled = act_on(one, in_time, CITY)
    assert Recipient.APPLICANT in {owed.recipient for owed in handled.owed}
    assert law_end(handled.appeal, CITY) == end_of(UNTIL, KYIV)


def test_a_dispute_on_day_44_has_to_be_mended_by_day_45_and_the_applicant_is_told() -> None:
    one = received("other", AppealState.BEING_CHECKED)
    handled = act_on(one, Dispute(by=MARIA, at=RECEIVED + timedelta(days=44), reason="Ні"), CITY)
    assert handled.appeal.due_on == date(2027, 1, 4)
    assert law_end(handled.appeal, CITY) == end_of(date(2027, 1, 4), KYIV)
    assert Recipient.APPLICANT in {owed.recipient for owed in handled.owed}


def test_after_the_45_days_a_dispute_gives_no_new_time() -> None:
    one = received("other", AppealState.CLOSED_UNCONFIRMED)
    at = RECEIVED + timedelta(days=60)
    then = act_on(one, Dispute(by=MARIA, at=at, reason="Ні"), CITY).appeal
    assert then.due_on == date(2027, 1, 4)
    assert breached(then, at)


def test_a_disputed_report_of_a_fault_has_the_citys_term_again_whenever_that_is() -> None:
    one = received("heat-none", AppealState.CLOSED_UNCONFIRMED, kind=AppealKind.REPORT)
    at = RECEIVED + timedelta(days=60)
    then = act_on(one, Dispute(by=MARIA, at=at, reason="Ні"), CITY).appeal
    assert then.due_at == at + timedelta(hours=24)


def test_what_turns_out_to_be_no_report_but_an_appeal_has_the_laws_longest_term_at_most() -> None:
    one = received("heat-none", kind=AppealKind.REPORT)
    late = replace(one, due_on=date(2027, 1, 20), due_at=end_of(date(2027, 1, 20), KYIV).due_at)
    amend = Amend(by=HEAD, at=RECEIVED + timedelta(days=1), kind=AppealKind.APPLICATION)
    assert act_on(late, amend, CITY).appeal.due_on == date(2027, 1, 4)
