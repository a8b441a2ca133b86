"""Whose an appeal is by telephone, what they may do by key, and how often others may ask."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hotline.appeals.acts.actors import SERVICE
from hotline.appeals.acts.applicants_word import BeginCheck, Confirm
from hotline.appeals.acts.keeping import Note
from hotline.appeals.appeal import AppealState
from hotline.appeals.applicants import (
    Guesses,
    GuessingRules,
    by_call,
    dispute_until,
    is_theirs,
    may_confirm,
    may_dispute,
    still_asked,
)
from hotline.appeals.handling import act_on
from hotline.contact.channel import Channel
from tests.hotline.appeals.people import APPEAL, CITY, DISPATCHER, MARIA, NOON, appeal

OWN, OTHER = "+380671234567", "+380457900077"


def test_an_appeal_is_of_the_number_that_it_came_from_or_is_answered_at() -> None:
    assert is_theirs(APPEAL, OWN)
    assert not is_theirs(APPEAL, OTHER)
    answered = replace(APPEAL, reply_by=Channel.SMS, reply_to=OTHER)
    assert is_theirs(answered, OTHER)
    assert is_theirs(answered, OWN)


def test_a_hidden_number_is_nobodys() -> None:
    assert not is_theirs(replace(APPEAL, applicant_number=None), None)
    assert not is_theirs(replace(APPEAL, applicant_number=None, reply_to=""), "")


def test_a_number_written_where_no_telephone_is_meant_proves_nothing() -> None:
    assert not is_theirs(replace(APPEAL, reply_by=Channel.EMAIL, reply_to=OTHER), OTHER)


@pytest.mark.parametrize("state", AppealState)
def test_by_key_one_may_do_what_the_table_of_acts_allows(state: AppealState) -> None:
    one, by = appeal(state), by_call("call-1")
    asked = {AppealState.DONE, AppealState.BEING_CHECKED, AppealState.CLOSED_UNCONFIRMED}
    assert may_confirm(one, by) == (state in asked)
    assert may_dispute(one, by, NOON, CITY) == (state in asked | {AppealState.CLOSED})


def test_a_confirmed_one_can_be_disputed_for_thirty_days() -> None:
    one, by = appeal(AppealState.CLOSED), by_call("call-1")
    assert dispute_until(one, NOON, CITY) == date(2026, 3, 31)
    last = NOON + CITY.dispute_within
    assert may_dispute(one, by, last, CITY)
    assert not may_dispute(one, by, last + timedelta(seconds=1), CITY)
    assert dispute_until(one, last, CITY) is None
    assert dispute_until(appeal(AppealState.DONE), NOON, CITY) is None


def test_a_word_still_answers_what_was_told_unless_somebody_decided_meanwhile() -> None:
    done = appeal(AppealState.DONE)
    noted = act_on(done, Note(by=DISPATCHER, at=NOON, text="Дзвонять"), CITY)
    begun = act_on(noted.appeal, BeginCheck(by=SERVICE, at=NOON), CITY)
    closed = act_on(begun.appeal, Confirm(by=MARIA, at=NOON), CITY)
    assert still_asked([])
    assert still_asked([noted.entry, begun.entry])
    assert not still_asked([noted.entry, begun.entry, closed.entry])


def test_a_caller_may_try_so_many_numbers_an_hour_and_does_not_use_up_those_of_others() -> None:
    guesses = Guesses(GuessingRules(most=2, hidden=3))
    assert [guesses.take(OWN, NOON) for _ in range(3)] == [True, True, False]
    assert [guesses.take(None, NOON) for _ in range(4)] == [True, True, True, False]
    assert guesses.take(OTHER, NOON)
    assert not guesses.take(OWN, NOON + timedelta(minutes=59))
    assert guesses.take(OWN, NOON + timedelta(minutes=60))
