"""Which talks are assessed: by lot alike for everybody, and by what happened in them."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hotline.calls.call import TRIAL_PREFIX
from hotline.quality.sampling import Picked, by_lot, by_signs, monday_of
from hotline.quality.score_forms import score_form
from hotline.quality.signs import Sign, TalkFacts, in_rank, signs_of

KYIV = ZoneInfo("Europe/Kyiv")
NOON = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
RULES = score_form().sampling


def talk(name: str = "r1", dispatcher: int = 1, **more: Any) -> TalkFacts:
    facts = TalkFacts(
        recording_id=name, call_id=f"c-{name}", dispatcher_id=dispatcher, started_at=NOON, seconds=120.0
    )
    return replace(facts, **more)


def picked(one: TalkFacts) -> Picked:
    return Picked(talk=one, signs=signs_of(one, RULES))


def names(found: Any) -> list[str]:
    return [one.talk.recording_id for one in found]


def test_an_ordinary_talk_has_no_sign() -> None:
    assert signs_of(talk(silence=RULES.silence - 0.1, rating=5), RULES) == frozenset()


@pytest.mark.parametrize(
    ("facts", "sign"),
    [
        ({"emergency": True}, Sign.EMERGENCY),
        ({"disputed": True}, Sign.DISPUTED),
        ({"rating": RULES.low_rating}, Sign.LOW_RATING),
        ({"silence": float(RULES.silence)}, Sign.LONG_SILENCE),
        ({"talk_over": float(RULES.talk_over)}, Sign.TALK_OVER),
        ({"called_before": NOON - timedelta(days=3)}, Sign.REPEAT_CALLER),
        ({"seconds": float(RULES.short)}, Sign.SHORT),
        ({"seconds": float(RULES.long)}, Sign.LONG),
    ],
)
def test_each_sign_is_seen_from_its_bound_on(facts: dict[str, Any], sign: Sign) -> None:
    assert signs_of(talk(**facts), RULES) == {sign}


def test_a_call_four_days_before_is_no_repetition() -> None:
    assert not signs_of(talk(called_before=NOON - timedelta(days=3, seconds=1)), RULES)


def test_the_most_serious_sign_comes_first() -> None:
    assert in_rank({Sign.SHORT, Sign.BY_LOT, Sign.DISPUTED, Sign.EMERGENCY})[:2] == [
        Sign.EMERGENCY,
        Sign.DISPUTED,
    ]


def test_the_same_seed_draws_the_same_talks_whatever_their_order() -> None:
    talks = [talk(f"r{number}", number % 3) for number in range(60)]
    once = by_lot(talks, 3, "seed")
    assert names(once) == names(by_lot(reversed(talks), 3, "seed"))
    assert names(once) != names(by_lot(talks, 3, "another seed"))
    assert Counter(one.talk.dispatcher_id for one in once) == {0: 3, 1: 3, 2: 3}


def test_who_had_fewer_talks_has_all_of_them_drawn() -> None:
    assert names(by_lot([talk("r1"), talk("r2", 2)], 3, "seed")) == ["r1", "r2"]
    assert not by_lot([talk()], 0, "seed")


def test_each_talk_of_a_dispatcher_is_as_likely_as_the_others() -> None:
    """Of 20 talks 2 are drawn 2,000 times: each is expected 200 times, and four deviations are 54."""
    talks = [talk(f"r{number}") for number in range(20)]
    drawn = Counter(name for seed in range(2000) for name in names(by_lot(talks, 2, str(seed))))
    assert len(drawn) == 20
    assert all(146 < times < 254 for times in drawn.values())


def test_of_a_dispatcher_and_week_only_some_are_taken_by_signs_the_most_serious_first() -> None:
    found = [
        *(picked(talk(f"short{number}", seconds=1.0)) for number in range(3)),
        picked(talk("emergency", emergency=True)),
        picked(talk("other", 2, seconds=1.0)),
    ]
    assert names(by_signs(found, 2, {}, KYIV)) == ["emergency", "other", "short0"]


def test_those_that_wait_already_count_and_those_drawn_by_lot_do_not() -> None:
    found = [picked(talk("before", seconds=1.0)), picked(talk("new", seconds=1.0))]
    assert not by_signs(found, 1, {"before": frozenset({Sign.SHORT})}, KYIV)
    lot = {"before": frozenset({Sign.BY_LOT})}
    assert names(by_signs(found, 1, lot, KYIV)) == ["before", "new"]


def test_a_talk_that_waits_is_named_again_only_for_a_new_sign() -> None:
    before = {"r1": frozenset({Sign.SHORT})}
    assert not by_signs([picked(talk(seconds=1.0))], 5, before, KYIV)
    assert names(by_signs([picked(talk(seconds=1.0, disputed=True))], 5, before, KYIV)) == ["r1"]


def test_a_week_begins_on_the_citys_monday() -> None:
    sunday_evening = datetime(2026, 3, 1, 21, 59, tzinfo=UTC)
    assert monday_of(sunday_evening, KYIV).isoformat() == "2026-02-23"
    assert monday_of(sunday_evening + timedelta(minutes=1), KYIV).isoformat() == "2026-03-02"


def test_trial_calls_are_all_taken_never_drawn_and_take_no_place_of_other_talks() -> None:
    tried = [talk(f"t{at}", call_id=f"{TRIAL_PREFIX}{at}", emergency=True) for at in range(5)]
    others = [talk(f"r{at}", silence=RULES.silence) for at in range(3)]
    chosen = by_signs([picked(one) for one in (*tried, *others)], 2, {}, KYIV)
    assert {one.signs for one in chosen if one.talk.trial} == {frozenset({Sign.TRIAL})}
    assert (sum(one.talk.trial for one in chosen), len(chosen)) == (5, 7)
    queued = {one.recording_id: frozenset({Sign.TRIAL}) for one in tried}
    assert len(by_signs([picked(one) for one in (*tried, *others)], 2, queued, KYIV)) == 2
    assert by_lot(tried, 5, "seed") == []
