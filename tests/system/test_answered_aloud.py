"""Questions answered aloud, with real calls and a real recogniser: words, silence, keys, and bad luck."""

import itertools
import os
import signal
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest

from hotline.calls.call import CallRecord, Outcome, Scalar, Step
from hotline.speech.hearing import SURE_FROM, Engine
from telephony.phone.g711 import RATE
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.sound import SILENCE, Sound, wav
from tests.fakes.asks_aloud import ASKED, WORDS, said
from tests.system.asks_aloud import asking_aloud, nothing_is_left, serve, told
from tests.system.asks_aloud import ends as hangs_up
from tests.system.heard import heard_of
from tests.system.hotline import PRIVATE_ROOT, Hotline
from tests.system.oracle import compare
from tests.system.people import picks_up
from tests.system.test_voice import expanded

pytestmark = pytest.mark.system

DISPATCHER = 700
MUSIC = PRIVATE_ROOT / "usr" / "share" / "asterisk" / "moh" / "reno_project-system.wav"
TREE, MONDAY, YESTERDAY = "나무", "월요일", "어제"
"""They lead to the outages, to the good-bye and to a dispatcher."""


@pytest.fixture(scope="module")
def numbers() -> Iterator[str]:
    return (f"+3804578{number:05}" for number in itertools.count(1))


@pytest.fixture(scope="module")
async def hotline(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hotline]:
    """One hotline with two ears for all who break no part of it; its log is compared with Asterisk's own."""
    async with asking_aloud(tmp_path_factory.mktemp("aloud")) as one:
        yield one
        await compare(one, reconciled=True)


async def asked(hotline: Hotline, number: str) -> OutgoingCall:
    """A citizen who is being asked."""
    call = await hotline.citizen(number)
    await call.answered()
    await until(hotline, number, Step.HEARD)
    return call


async def steps(hotline: Hotline, number: str) -> list[tuple[Step, Mapping[str, Scalar]]]:
    known = [call.id for call in await hotline.calls() if call.number == number]
    return [(step.step, step.detail) for step in await hotline.journey(known[0])] if known else []


async def taken(hotline: Hotline, number: str) -> list[Step]:
    return [step for step, _ in await steps(hotline, number)]


async def until(hotline: Hotline, number: str, step: Step, times: int = 1) -> None:
    async def there() -> bool:
        return (await taken(hotline, number)).count(step) >= times

    await hotline.until(there)


async def answers(hotline: Hotline, number: str) -> list[str]:
    """What was heard, question after question."""
    return [str(detail["words"]) for step, detail in await steps(hotline, number) if step is Step.SAID]


async def ends(hotline: Hotline, call: OutgoingCall, number: str) -> CallRecord:
    """Hang up; what heard them is gone then, and the call is over on record."""
    record = await hangs_up(hotline, call, number)
    await nothing_is_left(hotline)
    return record


def ears_of(hotline: Hotline) -> list[int]:
    """The processes that hear."""
    assert hotline.service is not None
    children = Path(f"/proc/{hotline.service.pid}/task").glob("*/children")
    pids = [int(pid) for one in children for pid in one.read_text().split()]
    return [
        pid for pid in pids if b"telephony.speech.conversing" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]


@pytest.mark.parametrize(("word", "then"), [(TREE, "no-outages"), (MONDAY, "goodbye")])
async def test_a_word_leads_where_it_must(
    hotline: Hotline, numbers: Iterator[str], word: str, then: str
) -> None:
    number = next(numbers)
    call = await asked(hotline, number)
    call.say(said(word))
    await told(hotline, number, then)
    *_, answer = [detail for step, detail in await steps(hotline, number) if step is Step.SAID]
    assert (answer["words"], answer["engine"], answer["asked"]) == (word, "vosk", ASKED)
    assert float(answer["confidence"] or 0) > 0.8
    await ends(hotline, call, number)


@pytest.mark.nightly
async def test_a_telephone_that_sends_nothing_in_a_pause_is_heard_as_any_other(
    hotline: Hotline, numbers: Iterator[str]
) -> None:
    """Asterisk gives silence for what does not come: the turn ends by it."""
    number, ears = next(numbers), ears_of(hotline)
    call = await asked(hotline, number)
    call.say(Sound(said(MONDAY).samples, then_nothing=True))
    await told(hotline, number, "goodbye")
    assert await answers(hotline, number) == [MONDAY]
    await ends(hotline, call, number)
    assert ears_of(hotline) == ears  # none was taken for one that hangs


async def test_a_voice_stops_the_hotlines_own(hotline: Hotline, numbers: Iterator[str]) -> None:
    number = next(numbers)
    call = await asked(hotline, number)
    (file,) = hotline.settings.folders.prompts.glob(f"{ASKED}-*.alaw")
    question = expanded(file.read_bytes())
    await hotline.until(lambda: heard_of(question, call.recording()) > 0.3)
    call.say(said(MONDAY, after=0))
    await told(hotline, number, "goodbye")
    await ends(hotline, call, number)
    assert heard_of(question, call.recording()) < len(question) / RATE - 1
    assert await answers(hotline, number) == [MONDAY]


async def test_silence_leads_to_a_person_as_it_does_without_an_ear(
    hotline: Hotline, numbers: Iterator[str]
) -> None:
    number = next(numbers)
    call = await asked(hotline, number)
    await told(hotline, number, "nothing-pressed")
    assert Step.SILENT in await taken(hotline, number)
    assert await answers(hotline, number) == []
    await ends(hotline, call, number)


async def test_zero_reaches_a_person_while_somebody_speaks(hotline: Hotline, numbers: Iterator[str]) -> None:
    desk = await hotline.desk("201")
    number = next(numbers)
    call = await asked(hotline, number)
    call.say(said(TREE, after=0))
    await call.press("0", gap=0)
    ringing = await picks_up(desk, DISPATCHER)
    await call.heard_tone(DISPATCHER)
    assert await answers(hotline, number) == []
    assert Step.PRESSED in await taken(hotline, number)
    await ringing.hang_up()
    assert (await ends(hotline, call, number)).outcome is Outcome.TALKED


async def test_a_word_reaches_a_person(hotline: Hotline, numbers: Iterator[str]) -> None:
    desk = await hotline.desk("201")
    number = next(numbers)
    call = await asked(hotline, number)
    call.say(said(YESTERDAY))
    ringing = await picks_up(desk, DISPATCHER)
    await call.heard_tone(DISPATCHER)
    await nothing_is_left(hotline)
    await ringing.hang_up()
    assert (await ends(hotline, call, number)).outcome is Outcome.TALKED


async def test_a_key_pressed_ahead_answers_without_an_ear(hotline: Hotline, numbers: Iterator[str]) -> None:
    number = next(numbers)
    call = await hotline.citizen(number, said(MONDAY))
    await call.answered()
    await call.press("1", gap=0)
    await told(hotline, number, "no-outages")
    await ends(hotline, call, number)
    assert Step.PRESSED in await taken(hotline, number)


async def test_whoever_hangs_up_in_the_middle_of_a_word_leaves_nothing_behind(
    hotline: Hotline, numbers: Iterator[str]
) -> None:
    number = next(numbers)
    call = await asked(hotline, number)
    call.say(said(MONDAY, after=0))
    await call.heard_voice()
    assert (await ends(hotline, call, number)).outcome is Outcome.HUNG_UP_IN_MENU
    assert await answers(hotline, number) == []
    later = next(numbers)
    call = await asked(hotline, later)
    call.say(said(TREE))  # the ear is free, and hears nothing of the one before
    await told(hotline, later, "no-outages")
    assert await answers(hotline, later) == [TREE]
    await ends(hotline, call, later)


async def test_of_eight_at_once_two_are_heard_and_all_others_answer_by_keys_at_once(
    hotline: Hotline, numbers: Iterator[str]
) -> None:
    callers = [next(numbers) for _ in range(8)]
    calls = [await asked(hotline, one) for one in callers]
    for call in calls:
        call.say(said(MONDAY))
    heard = callers[:2]  # who came first has an ear
    for call in calls[2:]:  # while the two are heard, which takes a busy machine longer than a menu waits
        await call.press("1", gap=0)
    for number in heard:
        await told(hotline, number, "goodbye")
    for number in callers[2:]:
        await told(hotline, number, "no-outages")
    for call, number in zip(calls, callers, strict=True):
        await ends(hotline, call, number)
        assert await answers(hotline, number) == ([MONDAY] if number in heard else [])
    assert len(ears_of(hotline)) == 2


async def test_when_the_ear_dies_in_the_middle_of_a_word_the_keys_go_on_at_once(
    hotline: Hotline, numbers: Iterator[str]
) -> None:
    loaded = hotline.log.read_text("utf-8").count("ear loaded")
    number = next(numbers)
    call = await asked(hotline, number)
    call.say(Sound(said(MONDAY).samples, repeats=True))
    await call.heard_voice()
    for pid in ears_of(hotline):
        os.kill(pid, signal.SIGKILL)
    await hotline.until(lambda: hotline.log.read_text("utf-8").count("ear died") >= 2)
    await call.press("1")
    await told(hotline, number, "no-outages")
    await ends(hotline, call, number)
    await hotline.until(lambda: hotline.log.read_text("utf-8").count("ear loaded") >= loaded + 2)
    number = next(numbers)
    call = await asked(hotline, number)
    call.say(said(MONDAY))
    await told(hotline, number, "goodbye")
    await ends(hotline, call, number)


async def test_music_is_no_answer(hotline: Hotline, numbers: Iterator[str]) -> None:
    """It may sound like a word of which the ear is not sure: it is asked again."""
    number, music = next(numbers), wav(MUSIC)  # which is read before: a telephone says nothing meanwhile
    call = await asked(hotline, number)
    call.say(music)
    await until(hotline, number, Step.JOINED_LINE)
    said_surely = [
        detail["words"]
        for step, detail in await steps(hotline, number)
        if step is Step.SAID and float(detail["confidence"] or 0) >= SURE_FROM[Engine.VOSK]
    ]
    assert not {TREE, MONDAY, YESTERDAY} & {*said_surely}, await steps(hotline, number)
    await ends(hotline, call, number)


@pytest.mark.nightly
async def test_a_word_that_is_none_of_the_list_is_none_of_it_or_taken_for_one(
    hotline: Hotline, numbers: Iterator[str]
) -> None:
    """This model knows no `[unk]`: why nothing is done on a heard word alone that cannot be taken back."""
    number = next(numbers)
    call = await asked(hotline, number)
    call.say(said("바나나"))
    await until(hotline, number, Step.SAID)
    assert set(await answers(hotline, number)) <= {*WORDS, ""}
    await call.press("1")
    await ends(hotline, call, number)


@pytest.mark.nightly
async def test_who_is_not_understood_three_times_goes_on_by_keys(
    hotline: Hotline, numbers: Iterator[str]
) -> None:
    number = next(numbers)
    call = await asked(hotline, number)
    for times in range(1, 4):
        call.say(said("음", after=0))
        await until(hotline, number, Step.SAID, times)
    call.say(said(MONDAY))
    await until(hotline, number, Step.HEARD, 4)
    await call.press("1")
    await told(hotline, number, "no-outages")
    await ends(hotline, call, number)
    assert len(await answers(hotline, number)) == 3


@pytest.mark.nightly  # by day an ear that dies, above, and `test_service_killed.py`
async def test_a_service_that_is_killed_leaves_nothing_behind_and_goes_on(
    tmp_path: Path, numbers: Iterator[str]
) -> None:
    async with asking_aloud(tmp_path, ears=1) as hotline:
        number = next(numbers)
        call = await asked(hotline, number)
        call.say(Sound(said(MONDAY).samples, repeats=True))
        await call.heard_voice()
        ears = ears_of(hotline)
        await hotline.kill_service()
        await hotline.until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in ears))
        call.say(SILENCE)
        await serve(hotline)
        await told(hotline, number, "resumed")
        await nothing_is_left(hotline)
        await call.press("1")
        await told(hotline, number, "no-outages")
        await ends(hotline, call, number)


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("folder", "why"),
    [("", "no model is set that hears conversations"), ("/nowhere", "/nowhere is no folder")],
)
async def test_without_a_model_or_with_a_wrong_one_all_goes_by_keys_and_one_line_says_so(
    tmp_path: Path, numbers: Iterator[str], folder: str, why: str
) -> None:
    async with asking_aloud(tmp_path, ears=0, HOTLINE_SPEECH_TALK_UK=folder) as hotline:
        assert hotline.log.read_text("utf-8").count(why) == 1
        number = next(numbers)
        call = await asked(hotline, number)
        call.say(said(TREE))
        await call.press("2")
        await told(hotline, number, "ask-appeal-number")
        await ends(hotline, call, number)
        assert await answers(hotline, number) == []
