"""The sides of a talk are read as one conversation, as they hold now, and without what is masked."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hotline.speech.conversation import conversation
from hotline.speech.hearing import Engine, HeardWord, Use
from hotline.speech.masking import Secret
from hotline.speech.transcripts import Speaker, Transcript
from hotline.voice.speech import Language


def said(speaker: Speaker, *words: tuple[float, str]) -> Transcript:
    """Each word lasts for half a second."""
    heard = tuple(HeardWord(text=text, begins=at, ends=at + 0.5, confidence=0.9) for at, text in words)
    return Transcript(
        sound="r",
        of=Use.RECORDINGS,
        speaker=speaker,
        text=" ".join(word.text for word in heard),
        words=heard,
        engine=Engine.WHISPER,
        model="base",
        language=Language.UKRAINIAN,
        made_at=datetime(2026, 3, 2, tzinfo=UTC),
    )


def read(*sides: Transcript) -> list[tuple[str, str]]:
    return [(turn.speaker.value, " ".join(word.text for word in turn.words)) for turn in conversation(sides)]


def test_turns_stand_in_the_order_of_time() -> None:
    dispatcher = said(Speaker.DISPATCHER, (0, "слухаю"), (3, "адреса"))
    caller = said(Speaker.CALLER, (1, "немає"), (1.5, "води"), (5, "Київський"))
    assert read(caller, dispatcher) == [
        ("dispatcher", "слухаю"),
        ("caller", "немає води"),
        ("dispatcher", "адреса"),
        ("caller", "Київський"),
    ]


def test_a_yes_in_between_does_not_tear_a_sentence_apart() -> None:
    caller = said(Speaker.CALLER, (0, "у"), (0.5, "нас"), (1, "немає"), (1.5, "води"))
    dispatcher = said(Speaker.DISPATCHER, (0.8, "так"))
    assert read(caller, dispatcher) == [("caller", "у нас немає води"), ("dispatcher", "так")]


def test_one_who_pauses_and_goes_on_has_one_turn() -> None:
    assert read(said(Speaker.CALLER, (0, "немає"), (9, "води"))) == [("caller", "немає води")]
    assert read(said(Speaker.CALLER)) == []


def test_a_persons_words_take_the_times_of_those_that_they_replace() -> None:
    heard = said(Speaker.CALLER, (0, "у"), (1, "насне"), (2, "маводи"), (3, "третій"), (4, "день"))
    mended = replace(heard, corrected="У нас немає води третій день, так")
    words = mended.shown()
    assert [word.text for word in words] == ["У", "нас", "немає", "води", "третій", "день,", "так"]
    assert [(word.begins, word.ends) for word in words[:1]] == [(0, 0.5)]
    assert words[1].begins == 1
    assert words[3].ends == pytest.approx(2.5)
    assert [word.begins for word in words] == sorted(word.begins for word in words)
    assert (words[5].begins, words[6].begins) == (4, 4.5)


def test_a_secret_is_one_word_without_its_text_and_unmasked_it_is_all_there() -> None:
    card = said(Speaker.CALLER, (0, "картка"), (1, "4149"), (2, "4993"), (3, "1234"), (4, "5679"), (5, "так"))
    first, hidden, last = card.shown()
    assert (hidden.secret, hidden.text, hidden.begins, hidden.ends) == (Secret.CARD, "", 1, 4.5)
    assert (first.text, last.text) == ("картка", "так")
    assert card.hidden == [(1, 4.5)]
    assert len(card.shown(unmasked=True)) == 6


def test_what_a_person_or_the_ear_takes_for_a_secret_is_bleeped_either_way() -> None:
    heard = said(Speaker.CALLER, (0, "пишіть"), (1, "4149"), (2, "4993"), (3, "1234"), (4, "5679"))
    assert replace(heard, corrected="пишіть мою адресу").hidden == [(1, 4.5)]
    missed = said(Speaker.CALLER, (0, "пишіть"), (1, "щось"), (3, "таке"))
    assert missed.hidden == []
    assert replace(missed, corrected="пишіть 4149499312345679 таке").hidden == [(1, 1.5)]
