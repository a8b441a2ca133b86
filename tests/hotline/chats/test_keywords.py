"""Keywords of short messages."""

import pytest

from hotline.chats.chats import Button
from hotline.chats.keywords import Keyword, in_messages, keyword_of, short_answer


@pytest.mark.parametrize(
    ("text", "word", "rest"),
    [
        ("СТАН 2600011", Keyword.STATE, "2600011"),
        ("стан: №2600011", Keyword.STATE, "2600011"),
        ("  Світло, Київський 12 ", Keyword.POWER, "Київський 12"),
        ("СТОП", Keyword.STOP, ""),
        ("стоп!", Keyword.STOP, ""),
        ("Допомога", Keyword.HELP, ""),
        ("STATUS 2600011", Keyword.STATE, "2600011"),
        ("стоп, у нас потоп", None, "стоп, у нас потоп"),
        ("немає світла", None, "немає світла"),
        ("", None, ""),
        ("👍", None, "👍"),
    ],
)
def test_a_keyword_is_the_first_word_alone(text: str, word: Keyword | None, rest: str) -> None:
    assert keyword_of(text) == (word, rest)


def test_an_answer_is_one_line_with_the_signs_to_send_back() -> None:
    said = short_answer(
        ["Так чи ні?\nНапишіть."], [Button(key="1", label="Так"), Button(key="2", label="Ні")]
    )
    assert said == "Так чи ні? Напишіть. 1 Так; 2 Ні"


@pytest.mark.parametrize("said", ["слово " * 40, "безпробілу" * 20, "👍" * 60, "коротке"])
def test_a_long_answer_is_several_messages_and_nothing_is_lost(said: str) -> None:
    parts = in_messages(said, 50)
    assert max(len(one.encode("utf-16-le")) // 2 for one in parts) <= 50
    assert "".join("".join(parts).split()) == "".join(said.split())
