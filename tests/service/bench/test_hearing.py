"""The judgement of `hotline bench hearing`, on words that an ear might have heard."""

import pytest

from hotline.voice.speech import Language
from telephony.speech.corpus import Meaningful, Meant, meaningful
from telephony.voice.engines import Engine
from tests.bench.hearing import City, HeardClip, demo_city, is_tuned, read_back
from tests.bench.spoken import Clip, every_clip, in_turn, sample
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


def sentences(kind: Meant, count: int) -> list[Meaningful]:
    return [Meaningful(kind=kind, meaning="yes", sentence=f"{kind} {number}") for number in range(count)]


def test_a_sample_has_so_many_of_each_kind_and_the_whole_has_all() -> None:
    topics, answers = sentences(Meant.TOPIC, 20), sentences(Meant.ANSWER, 7)
    chosen = sample([*topics, *answers], VOICES, {Meant.TOPIC: 12, Meant.ANSWER: 18})
    told = [one for one in chosen if one.meant.kind is Meant.ANSWER]
    assert (len(chosen), len(told)) == (30, 18)
    assert {one.meant.sentence for one in told[:7]} == {
        one.sentence for one in answers
    }  # each, before any twice
    assert len({(one.meant.sentence, one.engine.name) for one in told}) == 18  # and never by the same voice
    assert len(every_clip(answers, VOICES)) == 21


def test_a_sample_that_is_stopped_early_has_its_share_of_each_kind() -> None:
    corpus = [*sentences(Meant.TOPIC, 20), *sentences(Meant.ANSWER, 7)]
    first = sample(corpus, VOICES, {Meant.TOPIC: 20, Meant.ANSWER: 20})[:10]
    assert [one.meant.kind for one in first].count(Meant.ANSWER) == 5


def test_the_sample_tells_yes_and_no_by_a_hundred_and_fifty_clips() -> None:
    chosen = sample(meaningful(Language.UKRAINIAN), VOICES)
    assert sum(one.meant.kind is Meant.ANSWER and one.meant.meaning in {"yes", "no"} for one in chosen) >= 150


@pytest.mark.parametrize(
    ("voice", "pace", "aside", "tuned"),
    [
        ("rhvoice-natalia", 100, False, True),
        ("rhvoice-natalia", 85, False, True),
        ("rhvoice-marianna", 100, False, False),
        ("rhvoice-natalia", 100, True, False),
    ],
)
def test_a_clip_is_aside_by_its_voice_or_its_sentence(
    voice: str, pace: int, *, aside: bool, tuned: bool
) -> None:
    meant = Meaningful(kind=Meant.ANSWER, meaning="yes", sentence=YES, aside=aside)
    assert is_tuned(Clip(meant=meant, engine=Engine(name=voice, rate=pace, command=()))) is tuned


@pytest.mark.parametrize("count", [1, 2, 97, 300, 3600])
def test_a_spread_order_leaves_nothing_out(count: int) -> None:
    assert sorted(in_turn(count)) == list(range(count))
