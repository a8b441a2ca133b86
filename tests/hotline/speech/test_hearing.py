"""What was heard, and how sure the ear is of it."""

from tests.fakes.call import aloud


def test_what_was_heard_is_as_sure_as_its_least_sure_word() -> None:
    assert aloud("немає води", confidence=0.9).confidence == 0.9
    assert aloud("немає води", confidence=0.8).is_sure
    assert not aloud("немає води", confidence=0.79).is_sure


def test_where_nothing_was_made_out_nothing_is_sure() -> None:
    assert (aloud("").confidence, aloud("").is_sure, aloud("").text) == (0.0, False, "")
