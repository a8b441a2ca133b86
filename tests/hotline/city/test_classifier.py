from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hotline.city.addresses import demo_streets
from hotline.city.classifier import Urgency, Utility, classifier
from hotline.city.terms import Unit, deadline

KYIV = ZoneInfo("Europe/Kyiv")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_every_category_is_named_in_both_languages_and_has_a_lawful_term() -> None:
    categories = classifier().categories.values()
    assert len(categories) >= 40
    for one in categories:
        assert one.uk
        assert one.en
        assert one.name("uk") != one.name("en")
        # Law 393/96, art. 20: a month at most.
        assert deadline(NOON, one.term, KYIV).due_at - NOON <= timedelta(days=32), one.code


def test_appeals_are_counted_by_the_groups_of_the_cabinets_classifier() -> None:
    known = classifier()
    section = known.section_of("heat-none")
    assert section is not None
    assert (section.code, section.name("uk")) == ("090", "Комунальне господарство")
    assert known.section_of("other") is None
    assert known.section_of("dragon") is None
    assert {one.section for one in known.categories.values()} - {""} == set(known.sections)


def test_a_smell_of_gas_begins_with_what_keeps_people_alive_and_has_its_questions() -> None:
    known = classifier()
    first, *_, last = known.steps_of("gas-smell")
    assert (first.at_once, last.at_once) == (True, False)
    assert [one.code for one in known.questions_of("gas-smell")] == ["gas-where", "gas-told"]
    assert known.questions_of("dragon") == []


def test_each_emergency_says_at_once_what_to_say() -> None:
    known = classifier()
    for code, one in known.categories.items():
        if one.urgency is Urgency.EMERGENCY:
            assert known.steps_of(code)[0].at_once, code


def test_a_ready_answer_is_offered_when_all_of_its_blanks_are_known() -> None:
    answer = next(one for one in classifier().ready_answers if one.code == "handed-over")
    known = {"number": "26 000 01", "term": "03.03.2026", "executor": ""}
    assert answer.filled("uk", known) is None
    said = answer.filled("uk", known | {"executor": "УЖКГ"})
    assert said == "Ваше звернення № 26 000 01 передано: УЖКГ. Строк — до 03.03.2026."


def test_an_emergency_has_a_term_in_hours() -> None:
    for one in classifier().categories.values():
        if one.urgency is Urgency.EMERGENCY:
            assert one.term.unit is Unit.HOURS, one.code


def test_an_urgency_shortens_a_term_and_never_lengthens_it() -> None:
    one = classifier()
    ordinary = one.deadline("road-hole", Urgency.ORDINARY, NOON, KYIV)
    assert ordinary.due_at - NOON > timedelta(days=15)
    emergency = one.deadline("road-hole", Urgency.EMERGENCY, NOON, KYIV)
    assert emergency.due_at - NOON == timedelta(hours=24)
    assert one.deadline("gas-smell", Urgency.URGENT, NOON, KYIV).due_at - NOON == timedelta(hours=2)


def test_all_fourteen_quarters_are_in_the_data_with_their_old_names() -> None:
    streets = {one.name: one.former for one in demo_streets()}
    assert sum(name.endswith("квартал") for name in streets) == 14
    assert streets["Поліський квартал"] == ("Московський квартал",)


def test_the_present_version_has_the_categories_of_the_first_and_says_which_tell_of_an_interruption() -> None:
    first, present = classifier(1).categories, classifier().categories
    assert set(present) - set(first) == {classifier().information_request}
    assert set(first) < set(present)
    assert {present[code].utility for code in ("lift-stuck", "lift-broken")} == {Utility.LIFTS}
    assert {present[code].utility for code in ("road-hole", "road-ice", "road-sign")} == {Utility.ROADS}
    telling = {code for code, one in present.items() if one.interruption}
    assert {"water-none", "power-none", "lift-broken"} < telling
    assert not {"water-meter", "heat-bill", "lift-stuck", "gas-smell", "noise"} & telling
    assert not any(one.interruption for one in first.values())
