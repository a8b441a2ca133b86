"""Voice messages get their words: the newest first, and one that kills the ear holds up no other."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from hotline.calls.call import VoiceMessage
from hotline.speech.hearing import Engine, Heard, HeardWord, Model, NotHeard, Use, WritesDown
from hotline.voice.speech import Language
from service.speech.transcribing import AT_ONCE, Transcribing, usable
from storage.store import Storage
from tests.fakes.clock import NOON, SetClock

FOLDER = Path("messages")


class Ears:
    """Ears that hear the file's name, and die of one that is called `deadly`."""

    def __init__(self) -> None:
        self.opened = 0
        self.asked: list[str] = []

    @asynccontextmanager
    async def __call__(self, language: Language) -> AsyncIterator[WritesDown]:
        self.opened += 1
        dead = False

        async def hear(sound: Path) -> Heard:
            nonlocal dead
            self.asked.append(sound.stem)
            dead = dead or sound.stem == "deadly"
            if dead:
                raise NotHeard("The ear died.")
            word = HeardWord(text=sound.stem, begins=0, ends=1, confidence=0.9)
            return Heard(engine=Engine.VOSK, model="tiny", language=language, words=(word,))

        yield hear


@pytest.fixture
def ears() -> Ears:
    return Ears()


@pytest.fixture
def work(storage: Storage, ears: Ears) -> Transcribing:
    return Transcribing(storage.transcripts, ears, frozenset({Language.UKRAINIAN}), FOLDER, SetClock())


async def left(storage: Storage, *names: str, since: int = 0) -> None:
    """Leave these messages, one a minute."""
    for number, name in enumerate(names, start=since):
        began = NOON + timedelta(minutes=number)
        await storage.calls.keep_message(
            VoiceMessage(id=name, call_id=name, number=None, file=f"{name}.wav", began_at=began, seconds=3.0)
        )


async def test_messages_are_written_down_the_newest_first_and_once(
    storage: Storage, work: Transcribing, ears: Ears
) -> None:
    await left(storage, "one", "two")
    await work.once()
    await work.once()
    assert ears.asked == ["two", "one"]
    assert ears.opened == 1  # and no ear is loaded while nothing is owed
    kept = await storage.transcripts.of(["one", "two"])
    assert {name: one.text for name, one in kept.items()} == {"one": "one", "two": "two"}


async def test_a_message_that_kills_the_ear_holds_up_no_other(
    storage: Storage, work: Transcribing, ears: Ears
) -> None:
    await left(storage, "older", "deadly", "newer")
    await work.once()
    assert ears.asked == ["newer", "deadly", "older"]
    assert ears.opened == 2
    assert set(await storage.transcripts.of(["older", "deadly", "newer"])) == {"older", "newer"}


async def test_a_new_message_does_not_wait_for_all_old_ones(
    storage: Storage, work: Transcribing, ears: Ears
) -> None:
    await left(storage, *(f"old-{number}" for number in range(AT_ONCE + 5)))
    await work.once()
    assert len(ears.asked) == AT_ONCE
    await left(storage, "new", since=AT_ONCE + 5)
    await work.once()
    assert ears.asked[AT_ONCE] == "new"


async def test_a_model_that_cannot_be_loaded_is_tried_ever_less_often(storage: Storage) -> None:
    tries = []

    @asynccontextmanager
    async def broken(language: Language) -> AsyncIterator[WritesDown]:
        tries.append(language)
        raise NotHeard("The file is damaged.")
        yield  # what makes it a generator

    work = Transcribing(storage.transcripts, broken, frozenset({Language.UKRAINIAN}), FOLDER, SetClock())
    await left(storage, "one")
    for _ in range(5):
        await work.once()
    assert len(tries) == 2  # at once, once more in the next round, and then not for some seconds


def test_a_model_that_is_none_is_one_line_of_the_log_and_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    model = Model(folder=tmp_path, language=Language.UKRAINIAN, use=Use.MESSAGES)
    assert usable([model]) == {}
    assert usable([]) == {}
    refused, unset = caplog.messages
    assert "model not used use=messages language=uk" in refused
    assert "no model is set" in unset
