from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.appeals.acts.act import ActFault
from hotline.appeals.acts.actors import SERVICE, ActorRole, NotYours, acting, applicant
from hotline.appeals.acts.applicants_word import AttemptInVain, CloseUnconfirmed, Confirm, Dispute, Withdraw
from hotline.appeals.acts.extension import AskExtension, Extend, RefuseExtension
from hotline.appeals.acts.keeping import Amend, Escalate, Link, Note, ToldBy, Unlink
from hotline.appeals.acts.routing import Assign, Forward, HandBack, Reject, RejectionGround
from hotline.appeals.acts.work import BY_EXECUTOR, Accept, Follow, ReportDone
from hotline.appeals.appeal import ENDED, PENDING, AppealKind, AppealState, ResultKind, Subject
from hotline.appeals.handling import act_on, following
from hotline.appeals.telling import facts_of, told_elsewhere
from hotline.appeals.transitions import CARRIED, TABLE, possible
from hotline.city.classifier import Urgency
from hotline.contact.channel import Channel
from hotline.delivery.outbox import TAKEN_AWAY, Recipient, StepKind
from hotline.errors import ForbiddenTransition
from tests.hotline.appeals.people import (
    ACTORS,
    APPEAL,
    CITY,
    DISPATCHER,
    FITTER,
    HEAD,
    HEAT,
    MARIA,
    NOON,
    STRANGER,
    VOICELESS,
    WATER,
    appeal,
    every_act,
)

LATER = NOON + timedelta(hours=2)


def told(handled: object) -> set[Recipient]:
    return {one.recipient for one in handled.owed}


def test_the_road_from_registration_to_the_applicants_word() -> None:
    one = APPEAL
    for by, name, state in (
        (SERVICE, "assign", AppealState.ASSIGNED),
        (FITTER, "accept", AppealState.ACCEPTED),
        (FITTER, "begin-work", AppealState.IN_WORK),
        (FITTER, "report-done", AppealState.DONE),
        (SERVICE, "begin-check", AppealState.BEING_CHECKED),
        (MARIA, "confirm", AppealState.CLOSED),
    ):
        act = next(each for each in every_act(by, LATER) if each.name == name)
        handled = act_on(one, act, CITY)
        assert (handled.entry.before, handled.entry.after) == (one.state, state)
        one = handled.appeal
    assert (one.version, one.executor_id, one.result) == (7, HEAT, ResultKind.SATISFIED)
    assert one.state_since == LATER


def test_every_act_stands_in_the_table() -> None:
    listed = {type(one) for one in every_act(DISPATCHER, NOON)}
    assert {row.act for row in TABLE} - listed == {row.act for row in TABLE if row.act.name == "follow"}


def test_each_act_from_each_state_leads_where_the_table_says_or_raises() -> None:
    for state, by in product(AppealState, ACTORS):
        before = appeal(state, attempts=CITY.check_attempts)
        for act in every_act(by, LATER):
            rows = [row for row in TABLE if row.act is type(act) and by.part in row.who]
            allowing = [row for row in rows if state in row.before]
            if allowing and by is not STRANGER:
                with suppress(NotYours, ForbiddenTransition, ActFault):  # what the act itself demands
                    then = act_on(before, act, CITY).appeal.state
                    assert then is (allowing[0].after or state), (state, act)
            else:
                with pytest.raises((NotYours, ForbiddenTransition)):
                    act_on(before, act, CITY)


@pytest.mark.parametrize("state", sorted(set(AppealState) - CARRIED))
def test_a_linked_appeal_is_carried_to_no_state_that_is_not_of_the_work(state: AppealState) -> None:
    """Above all, it is not closed with another's word."""
    act = Follow(
        by=SERVICE, at=LATER, parent="2600002", state=state, executor_id=HEAT, result=None, answer=""
    )
    with pytest.raises(ForbiddenTransition, match=f"does not lead to {state}"):
        act_on(appeal(AppealState.ASSIGNED), act, CITY)


def test_done_is_closed_by_nobody_but_the_applicant() -> None:
    for state in (AppealState.DONE, AppealState.BEING_CHECKED):
        one = appeal(state, attempts=0)
        for by in (DISPATCHER, HEAD, FITTER, SERVICE):
            for act in every_act(by, LATER):
                try:
                    then = act_on(one, act, CITY).appeal
                except (NotYours, ForbiddenTransition, ActFault):
                    continue
                assert then.state not in ENDED, act


def test_an_applicants_word_without_a_source_is_nobodys_word() -> None:
    with pytest.raises(ActFault, match="came"):
        act_on(appeal(AppealState.DONE), Confirm(by=VOICELESS, at=LATER), CITY)


def test_a_dispatcher_closes_unconfirmed_only_after_the_attempts_and_with_a_reason() -> None:
    one = appeal(AppealState.BEING_CHECKED)
    closing = CloseUnconfirmed(by=DISPATCHER, at=LATER, reason="Тричі не відповів")
    for attempt in range(CITY.check_attempts):
        with pytest.raises(ForbiddenTransition, match=f"left: {CITY.check_attempts - attempt}"):
            act_on(one, closing, CITY)
        one = act_on(one, AttemptInVain(by=SERVICE, at=LATER, outcome="no-answer"), CITY).appeal
    with pytest.raises(ActFault):
        act_on(one, replace(closing, reason=" "), CITY)
    handled = act_on(one, closing, CITY)
    assert handled.appeal.state is AppealState.CLOSED_UNCONFIRMED
    assert told(handled) == {Recipient.APPLICANT, Recipient.HEAD}


def test_what_was_closed_is_disputed_within_the_time_set_and_unconfirmed_at_any_time() -> None:
    late = NOON + CITY.dispute_within + timedelta(minutes=1)
    closed = appeal(AppealState.CLOSED, state_since=NOON)
    disputed = act_on(closed, Dispute(by=MARIA, at=late - timedelta(minutes=1)), CITY)
    assert disputed.appeal.state is AppealState.DISPUTED
    assert disputed.appeal.executor_id == HEAT
    assert told(disputed) == {Recipient.APPLICANT, Recipient.EXECUTOR, Recipient.HEAD}
    with pytest.raises(ForbiddenTransition, match="30 days"):
        act_on(closed, Dispute(by=MARIA, at=late), CITY)
    unconfirmed = appeal(AppealState.CLOSED_UNCONFIRMED, state_since=NOON)
    assert act_on(unconfirmed, Dispute(by=MARIA, at=late), CITY).appeal.state is AppealState.DISPUTED


def test_a_dispute_starts_a_clock_and_never_shortens_one() -> None:
    overdue = appeal(AppealState.DONE, due_on=date(2026, 3, 1), due_at=NOON - timedelta(hours=14))
    then = act_on(overdue, Dispute(by=MARIA, at=LATER), CITY).appeal
    assert then.due_at == LATER + timedelta(hours=24)  # the category's own term, anew
    long = appeal(AppealState.DONE)
    assert act_on(long, Dispute(by=MARIA, at=LATER), CITY).appeal.due_at == long.due_at


def test_another_enterprise_can_do_nothing_and_is_told_nothing() -> None:
    for state in AppealState:
        assert possible(appeal(state), STRANGER) == frozenset()
    with pytest.raises(NotYours):
        act_on(appeal(AppealState.ASSIGNED), Accept(by=STRANGER, at=LATER), CITY)


def test_handing_back_puts_it_on_the_list_and_needs_a_reason() -> None:
    one = appeal(AppealState.ACCEPTED, assignee_id=3, extension_wanted=date(2026, 4, 1))
    then = act_on(one, HandBack(by=FITTER, at=LATER, reason="Не наш будинок"), CITY).appeal
    assert then.state is AppealState.REGISTERED
    assert (then.executor_id, then.assignee_id, then.extension_wanted) == (None, None, None)
    with pytest.raises(ActFault):
        act_on(one, HandBack(by=FITTER, at=LATER, reason=""), CITY)


def test_forwarding_has_five_days_and_a_recipient() -> None:
    act = Forward(by=DISPATCHER, at=NOON + timedelta(days=5), to="Поліція", reason="Не наше")
    handled = act_on(appeal(AppealState.ACCEPTED), act, CITY)
    assert (handled.appeal.state, handled.appeal.result) == (AppealState.FORWARDED, ResultKind.FORWARDED)
    assert handled.entry.facts == {"to": "Поліція"}
    with pytest.raises(ForbiddenTransition, match=r"07\.03\.2026"):
        act_on(APPEAL, replace(act, at=NOON + timedelta(days=6)), CITY)
    with pytest.raises(ActFault) as fault:
        act_on(APPEAL, replace(act, to=""), CITY)
    assert fault.value.field == "to"


def test_only_the_head_rejects_and_an_anonymous_report_never_is() -> None:
    act = Reject(by=HEAD, at=LATER, ground=RejectionGround.ANONYMOUS, reason="Ст. 8")
    anonymous = replace(APPEAL, subject=Subject.ANONYMOUS)
    rejected = act_on(anonymous, act, CITY).appeal
    assert (rejected.state, rejected.result) == (AppealState.REJECTED, ResultKind.NOT_CONSIDERED)
    with pytest.raises(NotYours):
        act_on(anonymous, replace(act, by=DISPATCHER), CITY)
    for somebody_has_to_go in ({"kind": AppealKind.REPORT}, {"urgency": Urgency.EMERGENCY}):
        with pytest.raises(ActFault):
            act_on(replace(anonymous, **somebody_has_to_go), act, CITY)


@pytest.mark.parametrize(
    ("ground", "fields"),
    [
        (RejectionGround.ANONYMOUS, {}),
        (RejectionGround.LATE_COMPLAINT, {}),
        (RejectionGround.RESOLVED_BEFORE, {"earlier": None}),
    ],
)
def test_a_ground_of_the_law_has_to_be_so(ground: RejectionGround, fields: dict[str, object]) -> None:
    with pytest.raises(ActFault) as fault:
        act_on(
            replace(APPEAL, **fields), Reject(by=HEAD, at=LATER, ground=ground, reason="Так вирішено"), CITY
        )
    assert fault.value.field == "ground"


def test_an_enterprise_from_which_it_is_taken_is_told() -> None:
    held = appeal(AppealState.IN_WORK)
    assign = Assign(by=DISPATCHER, at=LATER, executor_id=WATER)
    (former,) = [one for one in act_on(held, assign, CITY).owed if one.recipient is Recipient.FORMER]
    assert former.about == TAKEN_AWAY
    accepted = appeal(AppealState.ACCEPTED)
    forwarded = act_on(accepted, Forward(by=DISPATCHER, at=LATER, to="Поліція", reason="Не наше"), CITY)
    assert Recipient.FORMER in told(forwarded)
    for knows in (
        act_on(accepted, HandBack(by=FITTER, at=LATER, reason="Не наше"), CITY),
        act_on(held, replace(assign, executor_id=HEAT), CITY),
        act_on(APPEAL, assign, CITY),
    ):
        assert Recipient.FORMER not in told(knows)


def test_whoever_had_a_report_is_told_that_it_was_linked_to_anothers_work_and_not_of_each_step() -> None:
    child = replace(appeal(AppealState.ASSIGNED), number="2600009", executor_id=WATER)
    parent = appeal(AppealState.IN_WORK)
    linked, later = following(parent, child, LATER, linked=True), following(parent, child, LATER)
    assert linked is not None
    assert later is not None
    assert Recipient.FORMER in told(act_on(child, linked, CITY))
    assert Recipient.FORMER not in told(act_on(child, later, CITY))


def test_an_extension_is_asked_for_granted_told_and_ends_with_the_45th_day() -> None:
    one = appeal(AppealState.IN_WORK)
    asked = act_on(one, AskExtension(by=FITTER, at=LATER, until=date(2026, 4, 1), reason="Труби"), CITY)
    assert asked.appeal.extension_wanted == date(2026, 4, 1)
    assert asked.appeal.due_on == one.due_on
    assert asked.entry.hidden
    granted = act_on(asked.appeal, Extend(by=HEAD, at=LATER, until=date(2026, 4, 16), reason="Труби"), CITY)
    assert (granted.appeal.due_on, granted.appeal.extended) == (date(2026, 4, 16), True)
    assert Recipient.APPLICANT in told(granted)
    for until in (date(2026, 4, 17), one.due_on, date(2026, 3, 1)):
        with pytest.raises(ActFault) as fault:
            act_on(one, Extend(by=HEAD, at=LATER, until=until, reason="Труби"), CITY)
        assert fault.value.field == "until"
    refused = act_on(asked.appeal, RefuseExtension(by=HEAD, at=LATER, reason="Ні"), CITY)
    assert refused.appeal.extension_wanted is None
    with pytest.raises(ForbiddenTransition):
        act_on(one, RefuseExtension(by=HEAD, at=LATER, reason="Ні"), CITY)


def test_withdrawing_is_the_applicants_right_from_every_open_state() -> None:
    for state in set(AppealState) - ENDED:
        assert act_on(appeal(state), Withdraw(by=MARIA, at=LATER), CITY).appeal.state is AppealState.WITHDRAWN
    for state in ENDED:
        with pytest.raises(ForbiddenTransition):
            act_on(appeal(state), Withdraw(by=MARIA, at=LATER), CITY)


def test_a_correction_changes_what_it_names_and_no_term() -> None:
    act = Amend(by=DISPATCHER, at=LATER, address=" Ризький квартал, 3 ", urgency=Urgency.EMERGENCY)
    handled = act_on(APPEAL, act, CITY)
    assert handled.appeal.address == "Ризький квартал, 3"
    assert (handled.appeal.text, handled.appeal.due_at) == (APPEAL.text, APPEAL.due_at)
    assert handled.entry.facts["urgency"] == "emergency"
    for wrong in (
        Amend(by=DISPATCHER, at=LATER),
        Amend(by=DISPATCHER, at=LATER, category="dragon"),
        Amend(by=DISPATCHER, at=LATER, earlier=APPEAL.number),
        Amend(by=DISPATCHER, at=LATER, text=" "),
    ):
        with pytest.raises(ActFault):
            act_on(APPEAL, wrong, CITY)


def test_once_it_is_done_only_how_they_are_told_is_put_right_and_nothing_once_it_is_closed() -> None:
    mobile, mail = "+380671234567", "maria@example.org"
    told = Amend(by=DISPATCHER, at=LATER, reply_by=ToldBy.SMS_ONLY, reply_to=mobile)
    for state in (AppealState.DONE, AppealState.BEING_CHECKED):
        handled = act_on(appeal(state), told, CITY)
        assert (handled.appeal.only_in_writing, handled.appeal.state) == (True, state)
        assert handled.owed == []
        with pytest.raises(ActFault, match="reported done by now"):
            act_on(appeal(state), replace(told, text="Інше"), CITY)
        other = replace(told, reply_by=ToldBy.EMAIL, reply_to=mail)
        assert told_elsewhere(appeal(state), handled.appeal)
        assert told_elsewhere(handled.appeal, act_on(handled.appeal, other, CITY).appeal)
        same = act_on(handled.appeal, replace(told, reply_by=ToldBy.SMS), CITY).appeal
        assert not told_elsewhere(handled.appeal, same), "it was asked there"
    for state in ENDED:
        with pytest.raises(ForbiddenTransition):
            act_on(appeal(state), told, CITY)


@pytest.mark.parametrize(
    ("was", "becomes", "then"),
    [
        (ToldBy.SMS_ONLY, ToldBy.EMAIL, ToldBy.EMAIL_ONLY),
        (ToldBy.EMAIL_ONLY, ToldBy.EMAIL_ONLY, ToldBy.EMAIL_ONLY),
        (ToldBy.EMAIL_ONLY, ToldBy.SMS, ToldBy.SMS_ONLY),
        (ToldBy.EMAIL_ONLY, ToldBy.EMAIL, ToldBy.EMAIL),
        (ToldBy.SMS_ONLY, ToldBy.SMS, ToldBy.SMS),
        (ToldBy.SMS_ONLY, ToldBy.NOT, ToldBy.NOT),
        (ToldBy.EMAIL, ToldBy.SMS, ToldBy.SMS),
        (ToldBy.NOT, ToldBy.EMAIL_ONLY, ToldBy.EMAIL_ONLY),
    ],
)
def test_only_in_writing_outlasts_another_channel_and_is_taken_back_by_the_same(
    was: ToldBy, becomes: ToldBy, then: ToldBy
) -> None:
    before = appeal(
        AppealState.IN_WORK, reply_by=was.channel(), reply_to="", only_in_writing=was.only_in_writing
    )
    to = {Channel.EMAIL: "maria@example.org", Channel.SMS: "+380671234567"}.get(becomes.channel())
    act = Amend(by=DISPATCHER, at=LATER, reply_by=becomes, reply_to=to)
    assert ToldBy.of(act_on(before, act, CITY).appeal) is then


def test_an_internal_note_is_told_to_nobody_and_a_visible_one_to_the_applicant() -> None:
    note = Note(by=DISPATCHER, at=LATER, text="Перетелефонує")
    internal = act_on(APPEAL, note, CITY)
    assert (internal.owed, internal.entry.hidden, internal.entry.said) == ([], True, "Перетелефонує")
    assert told(act_on(APPEAL, replace(note, internal=False), CITY)) == {Recipient.APPLICANT}


def test_linked_appeals_go_along_with_the_work_and_not_with_the_closing() -> None:
    child = replace(APPEAL, number="2600009", parent=APPEAL.number)
    parent = appeal(AppealState.DONE, result=ResultKind.SATISFIED, answer="Полагоджено")
    follow = following(parent, child, LATER)
    assert follow is not None
    then = act_on(child, follow, CITY).appeal
    assert (then.state, then.executor_id, then.answer) == (AppealState.DONE, HEAT, "Полагоджено")
    for state in ENDED | {AppealState.BEING_CHECKED}:
        assert following(appeal(state), child, LATER) is None
    for state in set(AppealState) - PENDING:
        assert following(parent, replace(child, state=state), LATER) is None
    assert following(appeal(AppealState.DISPUTED), child, LATER).state is AppealState.ASSIGNED
    assert following(APPEAL, child, LATER) is None


def test_links_are_to_another_appeal_and_undone_with_a_reason() -> None:
    with pytest.raises(ActFault):
        act_on(APPEAL, Link(by=DISPATCHER, at=LATER, parent=APPEAL.number), CITY)
    linked = act_on(APPEAL, Link(by=DISPATCHER, at=LATER, parent="2600002"), CITY).appeal
    assert linked.parent == "2600002"
    assert act_on(linked, Unlink(by=DISPATCHER, at=LATER, reason="Інше"), CITY).appeal.parent is None
    with pytest.raises(ActFault):
        act_on(APPEAL, Unlink(by=DISPATCHER, at=LATER, reason="Інше"), CITY)


def test_an_executor_does_not_forward_and_says_what_was_done() -> None:
    done = ReportDone(by=FITTER, at=LATER, result=ResultKind.SATISFIED, answer="Полагоджено")
    others = set(ResultKind) - set(BY_EXECUTOR)
    assert ResultKind.FORWARDED in others
    for wrong in (*(replace(done, result=one) for one in others), replace(done, answer=" ")):
        with pytest.raises(ActFault):
            act_on(appeal(AppealState.IN_WORK), wrong, CITY)


def test_rules_assign_what_is_new_and_people_assign_anew() -> None:
    assign = Assign(by=SERVICE, at=LATER, executor_id=WATER, rule_id=4)
    assert act_on(APPEAL, assign, CITY).entry.facts == {"executor_id": WATER, "rule_id": 4}
    disputed = appeal(AppealState.DISPUTED, assignee_id=3)
    with pytest.raises(ForbiddenTransition):
        act_on(disputed, assign, CITY)
    anew = act_on(disputed, replace(assign, by=DISPATCHER), CITY).appeal
    assert (anew.executor_id, anew.assignee_id, anew.state) == (WATER, None, AppealState.ASSIGNED)


def test_a_step_of_escalation_is_told_to_whom_it_concerns() -> None:
    act = Escalate(by=SERVICE, at=LATER, kind=StepKind.UNACKNOWLEDGED, key="k", contact_id=5)
    handled = act_on(appeal(AppealState.ASSIGNED), act, CITY)
    assert [(one.recipient, one.contact_id) for one in handled.owed] == [(Recipient.CONTACT, 5)]
    assert handled.entry.step == "k"


def test_people_act_by_their_role_and_those_who_look_on_do_not() -> None:
    user = User(id=9, login="kotelnia", name="", role=Role.EXECUTOR, password_hash="", executor_id=HEAT)
    assert acting(user).executor_id == HEAT
    assert acting(replace(user, role=Role.HEAD)).part is ActorRole.HEAD
    for nobody in (replace(user, executor_id=None), replace(user, role=Role.OBSERVER)):
        with pytest.raises(NotYours):
            acting(nobody)
    assert applicant("call:1", taken_down_by=user).user_id == 9


def test_a_notices_text_is_made_of_what_was_so_then() -> None:
    one = appeal(AppealState.DONE, answer="Полагоджено", reply_by=Channel.SMS)
    facts = facts_of(one, None, "Полагоджено", {"result": "satisfied"})
    assert facts["state"] == "done"
    assert facts["due_on"] == "2026-03-17"
    assert facts["act"] == {"result": "satisfied"}
