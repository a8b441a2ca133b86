import pytest
from hypothesis import given
from hypothesis import strategies as some

from cti_server.auth.passwords import new_password
from hotline.access.password_rules import LONGEST, Fault, fault_of

GUESSED = (
    "123456789012",
    "aaaaaaaaaaaa",
    "password1234",
    "Password2026!",
    "P@ssw0rd1234",
    "qwertyuiop12",
    "йцукенгшщзхї",
    "Slavutych2026",
    "Слава Україні!",
    "abcabcabcabcabc",
    "abcdefghijklm",
    "1q1q1q1q1q1q1q",
    "пароль123456",
    "hotline-hotline",
    "098765432109",
    "диспетчер2026",
)
GOOD = (
    "correct horse battery staple",
    "чайник мовчить у вівторок",
    "twelve letters and more",
    "Zb7-kq-Wp3-xt",
    "correct horse battery",
)


@pytest.mark.parametrize("password", GUESSED)
def test_a_password_that_is_tried_first_is_refused(password: str) -> None:
    assert fault_of(password, "koval", "Оксана Коваль") is Fault.COMMON


@pytest.mark.parametrize("password", GOOD)
def test_several_words_that_do_not_belong_together_are_taken(password: str) -> None:
    assert fault_of(password, "koval", "Оксана Коваль") is None


def test_a_password_has_its_length_and_not_the_login_in_it() -> None:
    assert fault_of("Zb7-kq-Wp3", "koval") is Fault.LENGTH
    assert fault_of("Zb7-kq-Wp3-xt" * 20, "koval") is Fault.LENGTH
    assert fault_of("xyz KOVAL 88 wvu 31", "koval") is Fault.LOGIN


@given(some.text(max_size=LONGEST + 1))
def test_whatever_is_typed_is_judged(password: str) -> None:
    fault_of(password, "koval", "Оксана")


def test_what_we_make_ourselves_is_taken() -> None:
    assert all(fault_of(new_password(), "koval") is None for _ in range(50))
