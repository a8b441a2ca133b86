"""A call with an interpreter of sign language has no number: many people speak by it."""

from hotline.calls.interpreters import FROM_INTERPRETER, NO_INTERPRETERS, Interpreters

THEIRS, ANOTHER, CITIZEN = "+380441112233", "+380441112244", "+380671234567"
SERVICE = Interpreters(numbers=(THEIRS, ANOTHER))


def test_a_call_of_any_of_their_numbers_has_none_and_another_keeps_its_own() -> None:
    for theirs in (THEIRS, ANOTHER):
        assert SERVICE.own(theirs, theirs) == (None, FROM_INTERPRETER)
    assert SERVICE.own(CITIZEN, "0671234567") == (CITIZEN, "0671234567")
    assert SERVICE.own(None, "") == (None, "")
    assert NO_INTERPRETERS.own(THEIRS, THEIRS) == (THEIRS, THEIRS)


def test_nobody_is_taken_for_an_interpreter_by_the_word_alone() -> None:
    assert SERVICE.own(None, FROM_INTERPRETER) == (None, "")


def test_who_was_cut_off_is_called_back_at_the_number_at_which_they_are_rung() -> None:
    assert SERVICE.call_back(None, FROM_INTERPRETER, str) == THEIRS
    assert SERVICE.call_back(CITIZEN, CITIZEN, str) == CITIZEN
    assert SERVICE.call_back(None, "", str) is None
    assert NO_INTERPRETERS.call_back(None, FROM_INTERPRETER, str) is None
