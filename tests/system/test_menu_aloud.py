"""The real menu answered aloud: real calls, a real recogniser, and a city's own words in seven Korean ones.

No Ukrainian model of Vosk is packaged anywhere: what is proven is the road from a voice to what follows.
"""

import itertools
from collections.abc import AsyncIterator, Iterator

import pytest

from hotline.calls.call import Outcome, Step
from telephony.phone.outgoing import OutgoingCall
from tests.fakes.asks_aloud import said, settings
from tests.system.asks_aloud import nothing_is_left
from tests.system.hotline import Hotline, running_hotline
from tests.system.oracle import compare
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
    async with running_hotline(folder, **given) as one:
        await one.until(lambda: "ear loaded" in one.log.read_text("utf-8"))
        yield one
        await nothing_is_left(one)
        await compare(one, reconciled=True)


async def in_menu(hotline: Hotline, number: str) -> OutgoingCall:
    """A citizen who is being told that they may speak."""
    call = await hotline.citizen(number)
    await call.answered()
    await told(hotline, number, "say-or-press")
    return call


async def told(hotline: Hotline, number: str, phrase: str) -> None:
    async def begun() -> bool:
        known = [call.id for call in await hotline.calls() if call.number == number]
        return bool(known) and phrase in await hotline.phrases(known[0])

    await hotline.until(begun)


async def ends(hotline: Hotline, call: OutgoingCall, number: str) -> Outcome | None:
    await call.hang_up()

    async def over() -> bool:
        return all(one.ended_at is not None for one in await hotline.calls() if one.number == number)

    await hotline.until(over)
    (record,) = [one for one in await hotline.calls() if one.number == number]
    return record.outcome


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
    assert await ends(hotline, call, number) is Outcome.TALKED


async def test_who_is_not_understood_is_asked_again_and_a_key_goes_on(
    hotline: Hotline, numbers: Iterator[str]
) -> None:
    number = next(numbers)
    call = await in_menu(hotline, number)
    call.say(said(NOTHING))
    await told(hotline, number, "not-understood")
    await call.press("1", gap=0)
    await told(hotline, number, "no-outages")
    (record,) = [one for one in await hotline.calls() if one.number == number]
    steps = [one.step for one in await hotline.journey(record.id)]
    assert steps.count(Step.SAID) == 1
    await ends(hotline, call, number)
