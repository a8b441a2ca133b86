"""The judgement of `hotline bench hearing`, on words that an ear might have heard."""

import pytest

from telephony.speech.corpus import Meaningful, Meant
from telephony.voice.engines import Engine
from tests.bench.hearing import City, HeardClip, demo_city, is_tuned, read_back
from tests.bench.spoken import Clip, clips, in_turn
from tests.fakes.call import aloud
from tests.fakes.said import said

VOICES = [Engine(name=f"voice-{number}", rate=100, command=()) for number in range(3)]
YES, NO, MUMBLED = "так", "ні", "мгм"


@pytest.fixture
async def city() -> City:
    return await demo_city()


def heard(text: str, kind: Meant, meaning: str) -> HeardClip:
    meant = Meaningful(kind=kind, meaning=meaning, sentence=text)
    return HeardClip(clip=Clip(meant=meant, engine=VOICES[0]), heard=aloud(text), guesses=[said(text)])


def answers(yes: str, no: str) -> tuple[HeardClip, HeardClip]:
    return heard(yes, Meant.ANSWER, "yes"), heard(no, Meant.ANSWER, "no")


@pytest.mark.parametrize(
    ("address", "yes", "no", "right", "wrong"),
    [
        ("київський квартал сім", YES, NO, True, False),
        ("київський квартал вісім", YES, NO, True, False),  # the second guess is theirs
        ("ризький квартал сім", YES, NO, False, False),
        ("ризький квартал сім", YES, YES, False, True),  # their no was heard as a yes
        ("київський квартал сім", MUMBLED, MUMBLED, True, False),  # answered by a key
        ("київський квартал сім", NO, NO, False, False),
        ("нерозбірливо", YES, NO, False, False),
    ],
)
async def test_an_address_counts_by_what_was_made_of_the_answers(
    city: City, address: str, yes: str, no: str, *, right: bool, wrong: bool
) -> None:
    said_so = heard(address, Meant.ADDRESS, "Київський квартал, 7")
    assert read_back(said_so, answers(yes, no), city) == (right, wrong)


def test_a_sample_has_each_sentence_once_with_all_voices_and_the_whole_has_all() -> None:
    corpus = [Meaningful(kind=Meant.ANSWER, meaning="yes", sentence=str(number)) for number in range(7)]
    sample = clips(corpus, VOICES, whole=False)
    assert [one.meant for one in sample] == corpus
    assert {one.engine.name for one in sample} == {one.name for one in VOICES}
    assert len(clips(corpus, VOICES, whole=True)) == 21


@pytest.mark.parametrize(
    ("voice", "pace", "aside", "tuned"),
    [
        ("rhvoice-natalia", 100, False, True),
        ("rhvoice-natalia", 85, False, False),
        ("rhvoice-marianna", 100, False, False),
        ("rhvoice-natalia", 100, True, False),
    ],
)
def test_a_clip_is_aside_by_its_voice_its_pace_or_its_sentence(
    voice: str, pace: int, *, aside: bool, tuned: bool
) -> None:
    meant = Meaningful(kind=Meant.ANSWER, meaning="yes", sentence=YES, aside=aside)
    assert is_tuned(Clip(meant=meant, engine=Engine(name=voice, rate=pace, command=()))) is tuned


@pytest.mark.parametrize("count", [1, 2, 97, 300, 3600])
def test_a_spread_order_leaves_nothing_out(count: int) -> None:
    assert sorted(in_turn(count)) == list(range(count))
