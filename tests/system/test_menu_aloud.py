"""The real menu answered aloud: real calls, a real recogniser, and a city's own words in seven Korean ones.

No Ukrainian model of Vosk is packaged anywhere: what is proven is the road from a voice to what follows.
"""

import itertools
from collections.abc import AsyncIterator, Iterator

import pytest

from hotline.calls.call import Outcome, Step
from tests.fakes.asks_aloud import said, settings
from tests.system.asks_aloud import ends, in_menu, journey_of, menu_aloud, told
from tests.system.hotline import Hotline
from tests.system.people import picks_up

pytestmark = [pytest.mark.system, pytest.mark.nightly]

DISPATCHER = 700
OUTAGES, APPEAL, PERSON, EMERGENCY, NOTHING = "나무", "월요일", "어제", "라디오", "미국"
WORDS = f"""
instead = true
[listen-for]
topics = ["{OUTAGES}", "{APPEAL}", "{PERSON}", "{EMERGENCY}", "{NOTHING}"]
answers = ["마음", "아니요"]
[answers]
yes = ["마음"]
no = ["아니요"]
[topics]
emergency = ["{EMERGENCY}"]
person = ["{PERSON}"]
appeal = ["{APPEAL}"]
outages = ["{OUTAGES}"]
"""


@pytest.fixture(scope="module")
def numbers() -> Iterator[str]:
    return (f"+3804579{number:05}" for number in itertools.count(1))


@pytest.fixture(scope="module")
async def hotline(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hotline]:
    """One hotline with an ear, and the words of its city."""
    folder = tmp_path_factory.mktemp("menu")
    words = folder / "words"
    words.mkdir()
    (words / "uk.toml").write_text(WORDS, encoding="utf-8")
    given = settings(1) | {"HOTLINE_SPEECH_WORDS": str(words)}
    async with menu_aloud(folder, **given) as one:
        yield one


@pytest.mark.parametrize(("word", "then"), [(OUTAGES, "no-outages"), (APPEAL, "say-appeal-number")])
async def test_a_word_leads_to_its_conversation(
    hotline: Hotline, numbers: Iterator[str], word: str, then: str
) -> None:
    number = next(numbers)
    call = await in_menu(hotline, number)
    call.say(said(word))
    await told(hotline, number, then)
    await ends(hotline, call, number)


async def test_a_word_brings_a_dispatcher(hotline: Hotline, numbers: Iterator[str]) -> None:
    desk = await hotline.desk("201")
    number = next(numbers)
    call = await in_menu(hotline, number)
    call.say(said(PERSON))
    ringing = await picks_up(desk, DISPATCHER)
    await call.heard_tone(DISPATCHER)
    await ringing.hang_up()
    assert (await ends(hotline, call, number)).outcome is Outcome.TALKED


async def test_who_is_not_understood_is_asked_again_and_a_key_goes_on(
    hotline: Hotline, numbers: Iterator[str]
) -> None:
    number = next(numbers)
    call = await in_menu(hotline, number)
    call.say(said(NOTHING))
    await told(hotline, number, "not-understood")
    await call.press("1", gap=0)
    await told(hotline, number, "no-outages")
    steps = [one.step for one in await journey_of(hotline, number)]
    assert steps.count(Step.SAID) == 1
    await ends(hotline, call, number)
