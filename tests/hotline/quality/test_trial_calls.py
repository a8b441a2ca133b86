"""The demo citizen's scenarios are of this city, and what was entered is held against them."""

from datetime import UTC, datetime

import pytest

from hotline.city.addresses import demo_streets
from hotline.city.classifier import Urgency, classifier
from hotline.quality.trial_calls import Entered, Scenario, TrialCall, scenarios

NOON = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
LEAK = scenarios()["water-leak"]


@pytest.mark.parametrize("one", scenarios().values(), ids=lambda one: one.code)
def test_a_scenario_names_what_the_classifier_and_the_register_of_streets_have(one: Scenario) -> None:
    assert len(one.lines) >= 3
    if one.category:
        assert one.category in classifier().categories
        assert one.urgency in set(Urgency)
        assert one.address.split(",")[0] in {street.name for street in demo_streets()}


@pytest.mark.parametrize(
    ("entered", "differs"),
    [
        (None, []),
        (Entered(text="x", category="water-leak", urgency="emergency", address=LEAK.address), []),
        (Entered(text="x", category="water-none", urgency="emergency", address=LEAK.address), ["category"]),
        (Entered(text="x", category="water-none", urgency="urgent"), ["category", "urgency", "address"]),
        (Entered(text="x"), ["kind"]),
    ],
)
def test_what_was_entered_otherwise_is_named(entered: Entered | None, differs: list[str]) -> None:
    trial = TrialCall(
        call_id="out-trial-1",
        dispatcher_id=1,
        user_id=1,
        scenario=LEAK.code,
        asked_at=NOON,
        entered=entered,
        entered_at=NOON if entered else None,
    )
    assert list(trial.differences()) == differs
