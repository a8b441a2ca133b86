"""Words to listen for, weighed against what was heard freely."""

import pytest

from hotline.speech.hearing import SURE_FROM, Engine
from telephony.speech.weighed_phrases import (
    FARTHEST,
    LEAST_LIKELY,
    SURELY_FROM,
    Chosen,
    Weighed,
    chosen,
    distance,
    nearest,
    once,
)

YES, NO = 0, 1


def found(phrases: dict[str, tuple[float, int]], **free: float) -> Chosen | None:
    weighed = {phrase: Weighed(likely, meant) for phrase, (likely, meant) in phrases.items()}
    return chosen(weighed, free, list(free))


def is_sure(one: Chosen | None) -> bool:
    return one is not None and one.confidence >= SURE_FROM[Engine.WHISPER]


def test_a_phrase_is_chosen_though_a_torn_word_fits_the_sound_better() -> None:
    one = found({"підтверджую": (-11.4, YES), "вірно": (-14.6, NO)}, підверджую=-4.6)
    assert one is not None
    assert one.phrase == "підтверджую"
    assert one.confidence >= SURELY_FROM


def test_what_was_heard_freely_is_the_phrase_that_it_is_torn_of() -> None:
    torn = {"авжеж": (-14.5, YES), "ще ні": (-14.0, NO)}
    assert is_sure(found(torn, авжеш=-2.0))
    assert not is_sure(found(torn, бабуся=-2.0))


def test_none_is_chosen_where_free_speech_is_far_likelier() -> None:
    assert found({"ніхто": (-15.8, NO)}, нафталін=-1.6) is None


def test_none_is_chosen_that_the_sound_hardly_makes_likely_whatever_else_it_was() -> None:
    assert found({"давай": (LEAST_LIKELY - 1, YES)}, давальниця=-40.0) is None


def test_none_is_chosen_that_sounds_like_nothing_that_was_heard() -> None:
    assert found({"давай": (-4.0, YES)}, горобець=-4.0) is None
    one = found({"давай": (-4.0, YES), "гаразд": (-9.0, YES)}, горазд=-4.0)
    assert one is not None
    assert (one.phrase, one.likeliest) == (
        "гаразд",
        "давай",
    )  # they mean the same: that is told which was said


@pytest.mark.parametrize(("said", "torn"), [("авжеж", "Авзез"), ("гаразд", "Гаражд")])
def test_hushing_sounds_are_heard_as_hissing_ones(said: str, torn: str) -> None:
    assert distance(said, [torn]) <= FARTHEST


def test_a_piece_of_what_was_heard_is_not_what_was_said() -> None:
    assert distance("зробили", ["на че щось робили"]) > FARTHEST
    assert distance("зробили", ["сробили"]) < FARTHEST


@pytest.mark.parametrize(("one", "opposite", "heard"), [("не так", "ну так", "нотак"), ("є", "нє", "є")])
def test_between_opposites_that_differ_in_a_sound_a_narrow_lead_is_not_sure(
    one: str, opposite: str, heard: str
) -> None:
    assert not is_sure(found({one: (-2.8, NO), opposite: (-5.0, YES)}, **{heard: -4.0}))
    assert is_sure(found({one: (-2.8, NO), opposite: (-9.0, YES)}, **{heard: -4.0}))


def test_of_two_that_are_as_likely_one_is_chosen_where_they_mean_the_same() -> None:
    one = found({"ага": (-4.1, YES), "так": (-4.0, YES), "ні": (-9.0, NO)}, так=-4.0)
    assert one is not None
    assert one.phrase == "так"
    assert one.confidence > SURELY_FROM


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("Так, звичайно. Так, звучайно. Так. Звичайно!", "Так, звичайно."),
        ("Обзез. Обзез.", "Обзез."),
        ("Нісне так. Нісне так! Нісне так", "Нісне так."),
        ("Ні, не зробили", "Ні, не зробили"),
        ("Ще зробили, не зробили", "Ще зробили, не зробили"),
        ("Все зробили. Не зробили.", "Все зробили. Не зробили."),
        ("", ""),
    ],
)
def test_what_is_written_again_and_again_counts_once(written: str, left: str) -> None:
    assert once(written) == left


def test_the_nearest_phrases_are_those_that_sound_most_like_a_guess() -> None:
    assert nearest({"авжеж": YES, "неправильно": NO, "гаразд": YES}, ["обзеж", "горас"], 2) == [
        "гаразд",
        "авжеж",
    ]
