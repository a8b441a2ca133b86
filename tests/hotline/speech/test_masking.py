"""Numbers that are nobody else's business are found in what was said, however dictated; others stay."""

import pytest

from hotline.speech.dictated_numbers import runs
from hotline.speech.masking import Secret, hidden_in, is_tax_number, luhn, secrets_in, without_secrets

CARD = "4149499312345679"
TAX = "3056712347"


def hidden(text: str) -> list[tuple[Secret, str]]:
    words = text.split()
    return [(one.secret, " ".join(words[one.first : one.past])) for one in hidden_in(words)]


def dictated(text: str) -> list[list[str]]:
    return [[group.digits for group in run] for run in runs(text.split())]


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("сорок один двадцять", [["41", "20"]]),
        ("сто двадцять три нуль п’ять", [["123", "0", "5"]]),
        ("чотири тисячі сто сорок дев'ять", [["4149"]]),
        ("тисяча двісті", [["1200"]]),
        ("два нулі сім", [["00", "7"]]),
        ("двадцать восемь шесть", [["28", "6"]]),
        ("дев’яносто, три", [["90", "3"]]),
        ("сорок один так далі двадцять", [["41", "20"]]),
        ("двадцять квартира сім", [["20"], ["7"]]),
        ("4149-4993 12", [["41494993", "12"]]),
        ("о 17:30", []),
        ("double five oh nine hundred seventy", [["55", "0", "970"]]),
        ("сорок два нулі сім", [["40", "00", "7"]]),
        ("дев'яти нулів", [["000000000"]]),
        ("двєнадцать one двох двісті", [["12", "1", "2", "200"]]),
        ("тиша перший раз", [["1"]]),
        ("сім нулі вісім", [["0000000", "8"]]),
        ("сім, від нуля вісім", [["7"], ["8"]]),
        ("не чую вас", []),
    ],
)
def test_numbers_are_read_as_they_are_dictated(said: str, digits: list[list[str]]) -> None:
    assert dictated(said) == digits


@pytest.mark.parametrize(
    "said",
    [
        CARD,
        "4149 4993 1234 5679",
        "сорок один сорок дев’ять сорок дев’ять дев’яносто три 12 тридцять чотири 56 сімдесят дев’ять",
        "чотири тисячі сто сорок дев'ять чотири дев'ять дев'ять три дванадцять так тридцять чотири 5679",
        "forty one forty nine four nine nine three twelve thirty four fifty six seventy nine",
    ],
)
def test_a_card_is_found_by_its_check_digit(said: str) -> None:
    assert hidden(f"пишіть {said} дякую") == [(Secret.CARD, said)]


def test_a_card_beside_its_term_is_found_and_the_term_stays() -> None:
    said = "4149 4993 1234 5679 12 29"
    assert hidden(said) == [(Secret.CARD, "4149 4993 1234 5679")]


def test_a_card_of_which_the_ear_lost_a_digit_is_hidden_where_it_is_named() -> None:
    wrong = "4149 4993 1234 567"
    assert hidden(f"номер картки {wrong}") == [(Secret.CARD, wrong)]
    assert hidden(f"показники лічильника {wrong}") == []


@pytest.mark.parametrize(
    "said",
    [
        "серія КМ номер 123456",
        "паспорт ка ем сто двадцять три чотириста п’ятдесят шість",
        "ка ем номер двісті двадцять два триста одинадцять",
        "мій КМ123456",
        "паспорт кааем 123456",
    ],
)
def test_an_old_passport_is_found_by_its_series(said: str) -> None:
    ((secret, words),) = hidden(said)
    assert secret is Secret.PASSPORT
    assert "номер" not in words.split()[0]


def test_six_digits_alone_are_no_passport() -> None:
    assert hidden("показники 123456 на сьогодні") == []


def test_the_nine_digits_of_an_id_card_are_hidden_and_those_of_an_account_are_not() -> None:
    assert hidden("документ 001 234 567") == [(Secret.PASSPORT, "001 234 567")]
    assert hidden("особовий рахунок 001 234 567") == []


def test_a_tax_number_is_found_by_its_check_digit_or_by_its_name() -> None:
    assert hidden(f"ось {TAX}") == [(Secret.TAX_NUMBER, TAX)]
    said = "три нуль п’ять шість сім один два три чотири сім"
    assert hidden(f"код {said}") == [(Secret.TAX_NUMBER, said)]
    assert hidden("ось 3056712348") == []
    assert hidden("мій іпн 3056712348") == [(Secret.TAX_NUMBER, "3056712348")]


@pytest.mark.parametrize(
    "said",
    [
        "0671234567",
        "нуль шістдесят сім сто двадцять три сорок п’ять шістдесят сім",
        "+380 67 123 45 67",
        "звернення 2600417",
        "Київський квартал будинок двадцять п’ять квартира сто двадцять три",
        "з двадцять п’ятого жовтня дві тисячі двадцять шостого року",
        "вісімнадцять тисяч чотириста гривень",
    ],
)
def test_what_a_dispatcher_has_to_read_stays(said: str) -> None:
    assert hidden(said) == []


def test_the_check_digits_are_those_of_the_standards() -> None:
    assert luhn("4111111111111111")
    assert not luhn("4111111111111112")
    assert not luhn("0000000000000000")
    assert is_tax_number(TAX)
    assert not is_tax_number("3056712340")
    assert not is_tax_number("0000000000")


@pytest.mark.parametrize(
    ("before", "said", "kept"),
    [
        ("", "немає світла на київському сім", "немає світла на київському сім"),
        ("", f"пишіть {CARD} дякую", "пишіть *** дякую"),
        ("", "4149 4993 1234 5679", "***"),
        ("пишіть 4149 4993", "1234 5679 і все", "*** і все"),
        ("4149 4993 так", "1234", "1234"),
        ("", "", ""),
    ],
)
def test_text_is_kept_without_secrets_those_that_go_on_as_well(before: str, said: str, kept: str) -> None:
    assert without_secrets(said.split(), before.split()) == kept


def test_a_number_is_hidden_in_each_part_that_it_was_dictated_in() -> None:
    parts = [one.split() for one in ("картка 4149 4993", "", "так 1234", "5679 дякую")]
    assert [sorted(one) for one in secrets_in(parts)] == [[1, 2], [], [0, 1], [0]]


def test_what_is_a_secret_by_itself_stays_one_whatever_follows() -> None:
    assert [sorted(one) for one in secrets_in([["паспорт", "123456789"], ["77", "88"]])] == [[1], []]
