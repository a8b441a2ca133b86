"""What a new version would change is told before it does."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hotline.appeals.appeal import Appeal, AppealKind, AppealState
from hotline.appeals.routing import Rule
from hotline.appeals.statute import first_term
from hotline.city.city_rules import CityRules
from hotline.city.classifier import Urgency, classifier
from hotline.city_data.kinds import in_force, read
from hotline.city_data.preview import Concerned, Preview, preview
from hotline.city_data.rows import rows_of, text_of, without
from hotline.city_data.tables import TABLES
from hotline.documents.document import DocumentKind, delivered

KYIV = ZoneInfo("Europe/Kyiv")
CITY = CityRules(timezone=KYIV)
NOW = datetime(2026, 8, 21, 9, 0, tzinfo=UTC)
"""A Friday before Independence Day, a Monday."""


NEW = """
[[category]]
code = "new"
uk = "Нове"
en = "New"
utility = "other"
urgency = "ordinary"
term = "5 days"
"""


def changed(kind: DocumentKind, *changes: tuple[str, str]) -> str:
    text = max(delivered(kind).items())[1]
    for there, instead in changes:
        assert there in text
        text = text.replace(there, instead, 1)
    return text


def shown(kind: DocumentKind, text: str, concerned: Concerned, city: CityRules = CITY) -> Preview:
    before = in_force(kind)
    return preview(kind, before, read(kind, text, former=before), concerned, city)


def text_without(kind: DocumentKind, table: str, code: str) -> str:
    tables = TABLES[kind]
    rows = rows_of(tables, changed(kind))
    of = next(one for one in tables if one.key == table)
    place = next(at for at, row in enumerate(rows[table]) if row["code"] == code)
    return text_of(tables, without(tables, rows, of, place))


def appeal(number: str, category: str, kind: AppealKind = AppealKind.APPLICATION) -> Appeal:
    term = first_term(kind, category, Urgency.ORDINARY, NOW, KYIV)
    return Appeal(
        number=number,
        applicant_number=None,
        text="Текст",
        state=AppealState.REGISTERED,
        registered_at=NOW,
        kind=kind,
        category=category,
        classifier=classifier().version,
        due_on=term.due_on,
        due_at=term.due_at,
    )


def test_nothing_changes_by_the_same_document() -> None:
    for kind in DocumentKind:
        found = shown(kind, changed(kind), Concerned(now=NOW, appeals=[appeal("1", "entrance")]))
        assert not any(getattr(found, one.name) for one in fields(found))


def test_a_category_that_goes_is_shown_with_its_open_appeals_and_rules() -> None:
    text = text_without(DocumentKind.CLASSIFIER, "category", "entrance").replace(
        'uk = "Немає холодної води"', 'uk = "Холодної води немає"'
    )
    text += NEW
    over = replace(appeal("2", "entrance"), state=AppealState.CLOSED)
    rules = [
        Rule(id=number, order=number, executor_id=1, categories=(code,))
        for number, code in enumerate(("water-none", "entrance", "entr*", "wat*", "e*"), start=1)
    ]
    found = shown(
        DocumentKind.CLASSIFIER,
        text,
        Concerned(now=NOW, appeals=[appeal("1", "entrance"), over, appeal("3", "water-none")], rules=rules),
    )
    assert (found.came, found.gone, dict(found.changed)) == (["new"], ["entrance"], {"water-none": ["uk"]})
    assert [one.number for one in found.appeals] == ["1"]
    assert [one.id for one in found.rules] == [2, 3]
    assert found.terms == []


def test_terms_that_would_have_been_others_are_shown() -> None:
    text = changed(DocumentKind.CLASSIFIER, ('term = "24 hours"', 'term = "12 hours"'))
    (found,) = shown(
        DocumentKind.CLASSIFIER, text, Concerned(now=NOW, appeals=[appeal("1", "water-none")])
    ).terms
    assert (found.before.due_at - found.after.due_at).total_seconds() == 12 * 3600


def test_a_holiday_moves_the_terms_that_are_counted_in_working_days_and_no_others() -> None:
    text = changed(DocumentKind.DAYS_OFF, ("since = 2022-03-24", "since = 2022-03-24\nuntil = 2026-08-01"))
    code = classifier().information_request
    request = appeal("1", code, AppealKind.INFORMATION_REQUEST)
    given = replace(request, number="2", due_on=date(2026, 8, 27))
    given = replace(given, due_at=request.due_at and request.due_at.replace(day=27))
    others = [given, appeal("3", "entrance"), replace(request, number="4", state=AppealState.CLOSED)]
    found = shown(DocumentKind.DAYS_OFF, text, Concerned(now=NOW, appeals=[request, *others]))
    assert [one.appeal.number for one in found.terms] == ["1"]
    assert (found.terms[0].before.due_on, found.terms[0].after.due_on) == (
        date(2026, 8, 28),
        date(2026, 8, 31),
    )
    assert (found.came, found.gone) == (["2022-03-24/2026-08-01"], ["2022-03-24/"])


def test_citizens_and_orders_of_a_category_that_goes_are_counted() -> None:
    orders: Mapping[str, list[int]] = {"7.2": [8, 9], "7.1": [7]}
    concerned = Concerned(now=NOW, citizens={"7.1": 3, "7.2": 2}, orders=orders)
    found = shown(DocumentKind.BENEFITS, text_without(DocumentKind.BENEFITS, "benefit", "7.2"), concerned)
    assert (found.gone, dict(found.citizens), found.orders) == (["7.2"], {"7.2": 2}, [8, 9])


def test_the_next_index_is_written_and_a_series_that_begins_anew_is_told() -> None:
    text = changed(DocumentKind.PAPERWORK, ('series = "reports"', 'series = "faults"'), ("ПВ-", "Н-"))
    (found,) = shown(DocumentKind.PAPERWORK, text, Concerned(now=NOW, counters={"reports": 41})).indices
    assert (found.kind, found.before, found.after, found.anew) == (
        AppealKind.REPORT,
        "ПВ-42/26",
        "Н-1/26",
        True,
    )


def test_dispatchers_on_a_pause_that_is_no_longer_offered_are_named() -> None:
    text = changed(DocumentKind.PAUSES, ('code = "meal"', 'code = "meal"\nchosen = false'))
    found = shown(
        DocumentKind.PAUSES, text, Concerned(now=NOW, paused={"meal": ["Олена"], "break": ["Ігор"]})
    )
    assert (found.gone, dict(found.paused)) == (["meal"], {"meal": ["Олена"]})
