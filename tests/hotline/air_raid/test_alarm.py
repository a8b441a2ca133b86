"""Alerts as alerts.in.ua tells them: ours found by name or code, and what is silent never said to be calm."""

from datetime import UTC, datetime, timedelta

import pytest

from hotline.air_raid.alarm import CALM, SILENT_AFTER, AirRaid, Alarm, NoAlerts, read_alarm
from hotline.air_raid.measures import air_raid_rules, read_air_raid
from hotline.documents.faults import DocumentFaults
from tests.fakes.air_raid import alert, answer

NOON = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
OURS = ("Вишгородський район", "14")


def test_an_alert_of_ours_holds_since_the_first_of_them_began() -> None:
    read = read_alarm(
        answer(
            alert("Луганська область", location_uid="16"),
            alert("Вишгородський район", alert_type="artillery_shelling"),
            alert("Київська область", location_uid="14", started_at="2026-12-01T09:40:00Z"),
        ),
        OURS,
    )
    assert read == Alarm(
        since=datetime(2026, 12, 1, 9, 40, tzinfo=UTC), threats=["air_raid", "artillery_shelling"]
    )


def test_alerts_of_others_and_those_that_are_over_are_none_of_ours() -> None:
    over = alert("Вишгородський район", finished_at="2026-12-01T09:59:00Z")
    assert read_alarm(answer(alert("Луганська область"), over), OURS) is None
    assert read_alarm(answer(), OURS) is None


@pytest.mark.parametrize(
    "content",
    [
        *(b"<html>", b"[]", b'{"message": "API error"}', b'{"alerts": {}}'),
        answer(alert(OURS[0], started_at="noon")),
    ],
)
def test_what_tells_of_no_alerts_is_refused(content: bytes) -> None:
    with pytest.raises(NoAlerts):
        read_alarm(content, OURS)


def test_a_source_that_is_silent_is_told_as_such_and_the_alert_stays() -> None:
    air, alarm = AirRaid(), Alarm(since=NOON, threats=["air_raid"])
    assert air.now(NOON) == CALM
    air.begins(NOON)
    assert air.now(NOON + SILENT_AFTER) == CALM
    assert air.now(NOON + SILENT_AFTER + timedelta(seconds=1)).silent_since == NOON
    assert air.hear(alarm, NOON)
    assert not air.hear(alarm, NOON + SILENT_AFTER)
    state = air.now(NOON + 3 * SILENT_AFTER)
    assert (state.alarm, state.silent_since) == (alarm, NOON + SILENT_AFTER)
    assert air.hear(None, NOON + 3 * SILENT_AFTER)
    assert air.now(NOON + 3 * SILENT_AFTER) == CALM


def test_the_delivered_rules_are_those_of_the_city() -> None:
    rules = air_raid_rules()
    assert "Славутицька територіальна громада" in rules.locations
    assert rules.residents.said("uk").startswith("Прямуйте в укриття")
    assert all(one.said("en") for one in rules.measures)
    with pytest.raises(DocumentFaults):
        read_air_raid('[[location]]\nname = "Київ"\n[[location]]\nname = "Київ"', 1)
