"""Registration indices by the city's rules."""

import pytest

from hotline.appeals.appeal import AppealKind, Subject
from hotline.appeals.paperwork import index_of, paperwork, surname_of


@pytest.mark.parametrize(
    ("name", "surname"),
    [
        ("Демченко Марія Іванівна", "Демченко"),
        ("Марія Іванівна Демченко", "Демченко"),
        ("Марія Демченко", "Демченко"),
        ("Демченко Марія", "Демченко"),
        ("Ґудзь Ілля Лукич", "Ґудзь"),
        ("Демченко", "Демченко"),
        ("", ""),
    ],
)
def test_the_surname_stands_before_a_patronymic_at_the_end_or_last(name: str, surname: str) -> None:
    assert surname_of(name, paperwork().given_names) == surname


@pytest.mark.parametrize(
    ("kind", "name", "subject", "index"),
    [
        (AppealKind.APPLICATION, "Кравчук Іван Петрович", Subject.INDIVIDUAL, "К-401"),
        (AppealKind.COMPLAINT, "їжакевич", Subject.INDIVIDUAL, "Ї-401"),
        (AppealKind.PROPOSAL, "Кравчук", Subject.COLLECTIVE, "КО-401"),
        (AppealKind.APPLICATION, "", Subject.ANONYMOUS, "АН-401"),
        (AppealKind.REPORT, "Кравчук", Subject.INDIVIDUAL, "ПВ-401/26"),
    ],
)
def test_an_index_is_made_by_the_rule_of_its_kind(
    kind: AppealKind, name: str, subject: Subject, index: str
) -> None:
    city = paperwork()
    letter = city.letter(name, subject)
    assert index_of(city.rule(kind), letter=letter, running=401, number="2600401", year=2026) == index
