"""Ukrainian answered aloud in a loud place: real calls, the real menu, Whisper base, RHVoice.

A white noise 10 dB below the voice goes on before and behind what is said. Tried is the road in noise, on
sentences that this small model makes out; how much it makes out is for `hotline bench hearing --noise 10`.
"""

import itertools
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from hotline.calls.call import Step
from hotline.speech.word_errors import words_in
from hotline.voice.speech import Language
from service.node.listener import joined
from telephony.phone.sound import Sound, wav
from telephony.speech.corpus import Meaningful, Meant
from telephony.voice.prompt_sound import read_wav
from tests.bench.spoken import Clip, Speaker, noisy, voices
from tests.system.asks_aloud import ends, in_menu, journey_of, menu_aloud, told
from tests.system.hotline import PRIVATE_ROOT, Hotline
from tests.system.people import picks_up

# Beside a whole check Whisper takes longer than a caller waits: each test is for the night.
pytestmark = [pytest.mark.system, pytest.mark.nightly]
NOISE, AROUND = 10.0, 1.5
"""Decibels below the voice; seconds of it before and behind what is said."""
DISPATCHER = 700


@pytest.fixture(scope="module")
def numbers() -> Iterator[str]:
    return (f"+3804577{number:05}" for number in itertools.count(1))


@pytest.fixture(scope="module")
async def hotline(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hotline]:
    """One hotline that hears both languages; its log is compared with Asterisk's own."""
    folder = tmp_path_factory.mktemp("loud")
    model = folder / "whisper-base"
    model.mkdir()
    joined(model)
    given = {f"HOTLINE_SPEECH_TALK_{language.upper()}": str(model) for language in Language}
    async with menu_aloud(folder, ears=len(Language), HOTLINE_SPEECH_TALK_AT_ONCE="1", **given) as one:
        yield one


@pytest.fixture
def place(tmp_path: Path) -> "LoudPlace":
    return LoudPlace(tmp_path)


class LoudPlace:
    """People who speak in a noise."""

    def __init__(self, folder: Path) -> None:
        self._voices = {(one.name.removeprefix("rhvoice-"), one.rate): one for one in voices(PRIVATE_ROOT)}
        self._speaker = Speaker(folder, None)
        self._random = np.random.default_rng(1)

    async def says(self, sentence: str, voice: str = "anatol", pace: int = 85) -> Sound:
        meant = Meaningful(kind=Meant.TOPIC, meaning="", sentence=sentence)
        clip = Clip(meant=meant, engine=self._voices[voice, pace])
        sound, _ = read_wav(await self._speaker.speak(clip))
        return Sound(noisy(sound, NOISE, self._random, around=AROUND))


async def heard(hotline: Hotline, number: str) -> list[str]:
    """What was made out of each of their answers."""
    steps = await journey_of(hotline, number)
    return [str(step.detail["words"]) for step in steps if step.step is Step.SAID]


async def test_a_topic_said_in_a_noise_leads_to_its_conversation(
    hotline: Hotline, numbers: Iterator[str], place: LoudPlace
) -> None:
    number = next(numbers)
    call = await in_menu(hotline, number)
    call.say(await place.says("Чому моє звернення досі не виконали"))
    await told(hotline, number, "say-appeal-number")
    (words,) = await heard(hotline, number)
    assert {"моє", "звернення", "досі"} <= {*words_in(words)}
    await ends(hotline, call, number)


@pytest.mark.parametrize(
    ("voice", "sentence", "word", "then"),
    [
        ("marianna", "Я зверталася до вас, що вирішили", "зверталася", "say-appeal-number"),
        ("anatol", "Коли дадуть гарячу воду", "воду", "no-outages"),
    ],
)
async def test_others_speak_in_a_noise_too(  # noqa: PLR0917
    hotline: Hotline,
    numbers: Iterator[str],
    place: LoudPlace,
    voice: str,
    sentence: str,
    word: str,
    then: str,
) -> None:
    number = next(numbers)
    call = await in_menu(hotline, number)
    call.say(await place.says(sentence, voice, 100))
    await told(hotline, number, then)
    (words,) = await heard(hotline, number)
    assert word in words_in(words)
    await ends(hotline, call, number)


async def test_who_wants_a_person_has_one_in_a_noise_too(
    hotline: Hotline, numbers: Iterator[str], place: LoudPlace
) -> None:
    desk = await hotline.desk("201")
    number = next(numbers)
    call = await in_menu(hotline, number)
    call.say(await place.says("Хочу поговорити з живою людиною"))
    ringing = await picks_up(desk, DISPATCHER)
    await call.heard_tone(DISPATCHER)
    await ringing.hang_up()
    await ends(hotline, call, number)
    words = words_in(" ".join(await heard(hotline, number)))  # which of them are torn is now so, now so
    assert not {"хочу", "людину", "людиною"}.isdisjoint(words)


async def test_each_language_has_an_ear_of_its_own(hotline: Hotline, numbers: Iterator[str]) -> None:
    number = next(numbers)
    call = await in_menu(hotline, number)
    await call.press("9")
    await told(hotline, number, "language-chosen")
    call.say(in_english("I want to leave a message"))
    await told(hotline, number, "leave-message")
    (words,) = await heard(hotline, number)
    assert "message" in words.lower()
    assert (await ends(hotline, call, number)).language is Language.ENGLISH


def in_english(text: str) -> Sound:
    """The text as espeak says it in English."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        subprocess.run(["espeak-ng", "-v", "en", "-s", "140", "-w", str(file), text], check=True)  # noqa: S603, S607
        return Sound(wav(file).samples)
