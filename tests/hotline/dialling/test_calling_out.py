"""Whom a dispatcher may call, how often, and how a call that nobody talked in is judged."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.calls.call import JourneyStep, Outcome, Step, outcome_of
from hotline.dialling.calling_out import (
    EMERGENCY,
    CallingRules,
    NotDialled,
    NumberRefusal,
    Pace,
    TooManyCalls,
    own_numbers,
)
from tests.fakes.clock import NOON

RULES = CallingRules()


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("067 123 45 67", "+380671234567"),
        ("+38 (04579) 0-00-12", "+380457900012"),
        ("380671234567", "+380671234567"),
        *((number, number) for number in EMERGENCY),
    ],
)
def test_numbers_of_the_country_and_emergencies_are_dialled(typed: str, dialled: str) -> None:
    assert RULES.dialable(typed) == dialled


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", NumberRefusal.MALFORMED),
        ("105", NumberRefusal.MALFORMED),
        ("90012", NumberRefusal.MALFORMED),
        ("sip:someone@example.com", NumberRefusal.MALFORMED),
        ("0900 123 456", NumberRefusal.PREMIUM),
        ("+48 22 123 45 67", NumberRefusal.NOT_ALLOWED),
        ("+1 212 555 01 00", NumberRefusal.NOT_ALLOWED),
    ],
)
def test_what_is_not_dialled_says_why(typed: str, why: NumberRefusal) -> None:
    with pytest.raises(NotDialled) as refused:
        RULES.dialable(typed)
    assert refused.value.why is why


@pytest.mark.parametrize("number", EMERGENCY)
def test_no_machine_calls_an_emergency_service(number: str) -> None:
    assert RULES.dialable_by_itself("067 123 45 67") == "+380671234567"
    with pytest.raises(NotDialled) as refused:
        RULES.dialable_by_itself(number)
    assert refused.value.why is NumberRefusal.NOT_ALLOWED


def test_a_machine_calls_an_interpreter_only_back() -> None:
    rules = CallingRules(interpreters=("+380671234567",))
    with pytest.raises(NotDialled) as refused:
        rules.dialable_by_itself("067 123 45 67")
    assert refused.value.why is NumberRefusal.INTERPRETER
    assert rules.dialable("067 123 45 67") == rules.dialable_back("067 123 45 67") == "+380671234567"


OWN = own_numbers("1580", "+380 4579 0 00 12", "trunk-user", "")


@pytest.mark.parametrize("typed", ["1580", "+380457900012", "(04579) 0-00-12", "380457900012"])
def test_nobody_has_the_hotline_call_itself(typed: str) -> None:
    for dialled in (CallingRules(own=OWN).dialable, CallingRules(own=OWN).dialable_by_itself):
        with pytest.raises(NotDialled) as refused:
            dialled(typed)
        assert refused.value.why is NumberRefusal.OURS
    assert CallingRules(own=OWN).dialable("+380457900013") == "+380457900013"


def test_other_countries_are_called_where_the_settings_say_so() -> None:
    assert CallingRules(prefixes=("+380", "+48")).dialable("+48 22 123 45 67") == "+48221234567"


@given(st.text(max_size=60))
def test_whatever_is_typed_is_dialled_as_digits_or_refused(typed: str) -> None:
    try:
        number = RULES.dialable(typed)
    except NotDialled:
        return
    assert number in EMERGENCY or (number.startswith("+380") and number[1:].isdigit())


def test_one_dispatcher_places_only_so_many_calls_and_another_still_may() -> None:
    pace = Pace(CallingRules(most=2, within=timedelta(minutes=1)))
    pace.take(1, NOON)
    pace.take(1, NOON)
    with pytest.raises(TooManyCalls):
        pace.take(1, NOON + timedelta(seconds=59))
    pace.take(2, NOON)
    pace.take(1, NOON + timedelta(seconds=60))


def step(number: int, what: Step, **detail: str) -> JourneyStep:
    return JourneyStep(call_id="out-1", number=number, at=NOON, step=what, detail=detail)


def test_a_call_of_ours_ends_as_its_journey_tells() -> None:
    called = step(1, Step.CALLED_OUT)
    assert outcome_of([called]) is Outcome.FAILED
    assert outcome_of([called, step(2, Step.NOT_CONNECTED, outcome="busy")]) is Outcome.BUSY
    assert outcome_of([called, step(2, Step.ANSWERED)]) is Outcome.GIVEN_UP
    assert outcome_of([called, step(2, Step.ANSWERED), step(3, Step.TALK_STARTED)]) is Outcome.TALKED
