"""The terms of law 393/96, art. 20, with the days of the cases in which they were once told wrongly."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from hotline.appeals.acts.act import ActFault
from hotline.appeals.acts.applicants_word import Dispute
from hotline.appeals.acts.extension import AskExtension, Extend
from hotline.appeals.acts.keeping import Amend
from hotline.appeals.acts.routing import Forward, Reject, RejectionGround
from hotline.appeals.acts.work import ReportDone
from hotline.appeals.appeal import Appeal, AppealKind, AppealState, ResultKind
from hotline.appeals.escalation_steps import due_now
from hotline.appeals.handling import act_on
from hotline.appeals.routing import Routed, RoutingCase, Rule, Unrouted, who_gets
from hotline.appeals.statute import first_term, law_end
from hotline.city.classifier import Urgency, classifier
from hotline.city.days_off import days_off
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
            with pytest.raises(ActFault, match="only before"):
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


def request(urgency: Urgency = Urgency.ORDINARY, state: AppealState = AppealState.IN_WORK) -> Appeal:
    """Give a request for information that was received on Friday, 20 November 2026."""
    kind, code = AppealKind.INFORMATION_REQUEST, classifier().information_request
    term = first_term(kind, code, urgency, RECEIVED, KYIV)
    one = received(code, state, kind=kind)
    return replace(one, urgency=urgency, due_on=term.due_on, due_at=term.due_at)


def test_a_request_is_answered_within_five_working_days_and_breaks_its_law_after_them() -> None:
    one = request()
    end = end_of(date(2026, 11, 27), KYIV)
    assert (one.due_on, law_end(one, CITY)) == (date(2026, 11, 27), end)
    assert not breached(one, end.due_at - timedelta(seconds=1))
    assert breached(one, end.due_at)


def test_a_request_that_protects_life_is_answered_within_48_hours_by_the_clock() -> None:
    one = request(Urgency.URGENT)
    assert one.due_at == RECEIVED + timedelta(hours=48)
    assert breached(one, RECEIVED + timedelta(hours=48))


def test_a_request_is_extended_within_its_first_term_once_and_to_20_working_days_at_most() -> None:
    one = request()
    assert one.due_at is not None
    in_time = one.due_at - timedelta(seconds=1)
    with pytest.raises(ActFault, match=r"18\.12\.2026|no more"):
        act_on(one, Extend(by=HEAD, at=in_time, until=date(2026, 12, 19), reason="Великий обсяг"), CITY)
    handled = act_on(one, Extend(by=HEAD, at=in_time, until=date(2026, 12, 10), reason="Обсяг"), CITY)
    assert Recipient.APPLICANT in {owed.recipient for owed in handled.owed}
    again = Extend(by=HEAD, at=one.due_at, until=date(2026, 12, 18), reason="Ще")
    with pytest.raises(ActFault, match="only before"):
        act_on(handled.appeal, again, CITY)


def test_a_disputed_answer_to_a_request_has_no_more_than_20_working_days_in_all() -> None:
    one = request(state=AppealState.BEING_CHECKED)
    then = act_on(one, Dispute(by=MARIA, at=RECEIVED + timedelta(days=25), reason="Не те"), CITY).appeal
    assert then.due_on == date(2026, 12, 18)


def test_what_turns_out_to_be_a_request_has_the_term_of_one() -> None:
    kind = AppealKind.INFORMATION_REQUEST
    amend = Amend(by=HEAD, at=RECEIVED + timedelta(days=1), kind=kind)
    assert act_on(received("other"), amend, CITY).appeal.due_on == date(2026, 11, 27)


def test_only_a_request_has_the_category_of_requests() -> None:
    kind, code = AppealKind.INFORMATION_REQUEST, classifier().information_request
    at = RECEIVED + timedelta(days=1)
    for one, wrong in (
        (received("other"), Amend(by=HEAD, at=at, category=code)),
        (request(), Amend(by=HEAD, at=at, kind=AppealKind.COMPLAINT)),
    ):
        with pytest.raises(ActFault, match="choose both"):
            act_on(one, wrong, CITY)
    assert (
        act_on(received("other"), Amend(by=HEAD, at=at, category=code, kind=kind), CITY).appeal.kind is kind
    )
    other = Amend(by=HEAD, at=at, category="other", kind=AppealKind.COMPLAINT)
    assert act_on(request(), other, CITY).appeal.category == "other"


def test_a_request_is_refused_by_the_head_with_a_ground_of_its_own_law() -> None:
    one = request()
    for ground in (RejectionGround.ANONYMOUS, RejectionGround.INCAPABLE):
        with pytest.raises(ActFault, match="ground"):
            act_on(one, Reject(by=HEAD, at=RECEIVED, ground=ground, reason="Так"), CITY)
    restricted = Reject(by=HEAD, at=RECEIVED, ground=RejectionGround.RESTRICTED, reason="Так")
    with pytest.raises(ActFault, match="ground"):
        act_on(received("other", AppealState.ACCEPTED), restricted, CITY)
    assert act_on(one, restricted, CITY).appeal.result is ResultKind.REFUSED
    with pytest.raises(ActFault, match="head refuses"):
        act_on(one, ReportDone(by=FITTER, at=RECEIVED, result=ResultKind.REFUSED, answer="Ні"), CITY)


def test_a_request_is_forwarded_to_its_holder_within_five_working_days() -> None:
    one = replace(request(state=AppealState.REGISTERED), executor_id=None)
    last = Forward(by=HEAD, at=datetime(2026, 11, 27, 20, tzinfo=UTC), to="ДСНС", reason="Володіє")
    assert act_on(one, last, CITY).appeal.state is AppealState.FORWARDED
    with pytest.raises(ForbiddenTransition, match="now it is ours"):
        act_on(one, replace(last, at=datetime(2026, 11, 28, 8, tzinfo=UTC)), CITY)


def test_a_request_goes_by_the_rule_that_names_requests_and_by_no_rule_for_everything() -> None:
    asked = RoutingCase(
        category="other",
        utility=None,
        address="",
        local=RECEIVED.astimezone(KYIV),
        kind=AppealKind.INFORMATION_REQUEST,
    )
    everything = Rule(id=1, order=1, executor_id=7)
    requests = Rule(id=2, order=2, executor_id=8, categories=(classifier().information_request,))
    assert isinstance(who_gets([everything], asked, days_off()), Unrouted)
    routed = who_gets([everything, requests], asked, days_off())
    assert isinstance(routed, Routed)
    assert routed.rule is requests
