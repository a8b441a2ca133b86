"""Messages and talks get their words: the most pressing first; one that kills the ear holds up no other."""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hotline.calls.call import Recording, VoiceMessage
from hotline.speech.hearing import Engine, Heard, HeardWord, Model, NotHeard, Use, WritesDown
from hotline.speech.transcripts import EVER, Speaker, Unwritten
from hotline.voice.speech import Language
from service.speech.models import usable
from service.speech.transcribing import AT_ONCE, STILL_COMING, OpensEar, Transcribing, kept_in
from storage.store import Storage
from telephony.voice.audio import find_sound
from telephony.voice.master import write_master
from tests.fakes.clock import NOON, SetClock
from tests.fakes.kept_sounds import sounds_in
from tests.fakes.sounds import write_wav

FOLDER = Path("sounds")
MOST = AT_ONCE[Use.MESSAGES]
WANTED = dict.fromkeys(Use, frozenset({Language.UKRAINIAN}))


class Ears:
    """Ears that hear the file's name, and die of one that is called `deadly`."""

    def __init__(self) -> None:
        self.opened = 0
        self.asked: list[str] = []
        self.uses: list[Use] = []
        self.hold: asyncio.Barrier | None = None
        """Where all ears that are open have to meet before one answers."""

    @asynccontextmanager
    async def __call__(self, use: Use, language: Language) -> AsyncIterator[WritesDown]:
        self.opened += 1
        self.uses.append(use)
        dead = False

        async def hear(sound: Path) -> Heard:
            nonlocal dead
            self.asked.append(sound.stem)
            if self.hold is not None:
                await self.hold.wait()
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
    return transcribing(storage, ears)


@asynccontextmanager
async def as_named(one: Unwritten) -> AsyncIterator[Path]:
    yield FOLDER / one.file


def transcribing(storage: Storage, ears: OpensEar, at_once: int = 1) -> Transcribing:
    return Transcribing(storage.transcripts, ears, WANTED, as_named, SetClock(), at_once)


async def left(storage: Storage, *names: str, since: int = 0) -> None:
    """Leave these messages, one a minute."""
    for number, name in enumerate(names, start=since):
        began = NOON + timedelta(minutes=number)
        await storage.calls.keep_message(
            VoiceMessage(id=name, call_id=name, number=None, file=f"{name}.wav", began_at=began, seconds=3.0)
        )


async def talked(storage: Storage, *names: str) -> None:
    """Have these talks recorded, one a minute, each later than any message."""
    for number, name in enumerate(names):
        await storage.calls.keep_recording(
            Recording(
                id=name,
                call_id=name,
                dispatcher_id=None,
                started_at=NOON + timedelta(hours=1, minutes=number),
                caller_file=f"{name}-tx.wav",
                dispatcher_file=f"{name}-rx.wav",
                listening_file=f"{name}.wav",
                seconds=9.0,
            )
        )


async def test_both_sides_of_a_talk_are_written_down_and_messages_go_first(
    storage: Storage, work: Transcribing, ears: Ears
) -> None:
    await talked(storage, "older", "newer")
    await left(storage, "message")
    await work.once()
    await left(storage, "another", since=5)
    await work.once()
    await work.once()
    talks = ["newer-tx", "newer-rx"], ["older-tx", "older-rx"]
    assert ears.asked == ["message", *talks[0], "another", *talks[1]]
    assert ears.uses == [Use.MESSAGES, Use.RECORDINGS, Use.MESSAGES, Use.RECORDINGS]
    kept = await storage.transcripts.of_talks(["older", "newer"])
    said = {name: [(one.speaker, one.text) for one in sides] for name, sides in kept.items()}
    assert said["newer"] == [(Speaker.CALLER, "newer-tx"), (Speaker.DISPATCHER, "newer-rx")]
    assert len(said["older"]) == 2


async def test_so_many_ears_hear_at_once_as_the_settings_say(storage: Storage, ears: Ears) -> None:
    await left(storage, "one", "two", "three", "four")
    ears.hold = asyncio.Barrier(2)
    await transcribing(storage, ears, at_once=2).once()
    assert (ears.opened, sorted(ears.asked)) == (2, ["four", "one", "three", "two"])


async def test_what_a_crash_interrupted_is_written_down_once(storage: Storage, ears: Ears) -> None:
    await talked(storage, "talk")
    ears.hold = asyncio.Barrier(2)  # nobody comes to meet it: the ear hears for ever
    dying = asyncio.create_task(transcribing(storage, ears).once())
    while not ears.asked:
        await asyncio.sleep(0)
    dying.cancel()
    await asyncio.wait([dying])
    ears.hold = None
    for _ in range(2):
        await transcribing(storage, ears).once()
    assert ears.asked == ["talk-tx", "talk-tx", "talk-rx"]


async def test_one_that_is_always_in_vain_does_not_have_all_that_is_written_looked_through(
    storage: Storage, work: Transcribing, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_from, unwritten = [], storage.transcripts.unwritten

    async def looked(
        wanted: Mapping[Use, Collection[Language]], limit: int, since: datetime
    ) -> Sequence[Unwritten]:
        looked_from.append(since)
        return await unwritten(wanted, limit, since)

    monkeypatch.setattr(storage.transcripts, "unwritten", looked)
    await left(storage, "older", "deadly", "newer")
    for _ in range(3):
        await work.once()
    assert looked_from == [EVER, NOON - STILL_COMING, NOON - STILL_COMING]
    assert set(await storage.transcripts.of(["older", "deadly", "newer"])) == {"older", "newer"}


async def test_a_talk_that_ends_after_all_was_written_down_is_written_down_too(
    storage: Storage, work: Transcribing, ears: Ears
) -> None:
    await work.once()
    await talked(storage, "talk")
    await work.once()
    assert ears.asked == ["talk-tx", "talk-rx"]


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
    await left(storage, *(f"old-{number}" for number in range(MOST + 5)))
    await work.once()
    assert len(ears.asked) == MOST
    await left(storage, "new", since=MOST + 5)
    await work.once()
    assert ears.asked[MOST] == "new"


async def test_a_model_that_cannot_be_loaded_is_tried_ever_less_often(storage: Storage) -> None:
    tries = []

    @asynccontextmanager
    async def broken(_use: Use, language: Language) -> AsyncIterator[WritesDown]:
        tries.append(language)
        raise NotHeard("The file is damaged.")
        yield  # what makes it a generator

    work = transcribing(storage, broken)
    await left(storage, "one")
    for _ in range(5):
        await work.once()
    assert len(tries) == 2  # at once, once more in the next round, and then not for some seconds


def test_a_model_that_is_none_is_one_line_of_the_log_and_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    model = Model(folder=tmp_path, language=Language.UKRAINIAN, use=Use.MESSAGES)
    assert usable([model], Use.MESSAGES) == {}
    assert usable([], Use.MESSAGES) == {}
    refused, unset = caplog.messages
    assert "model not used use=messages language=uk" in refused
    assert "no model is set" in unset


@pytest.mark.usefixtures("true_programs")
@pytest.mark.parametrize("speaker", [Speaker.CALLER, Speaker.DISPATCHER])
async def test_a_side_whose_file_has_gone_is_heard_out_of_the_master(
    tmp_path: Path, speaker: Speaker
) -> None:
    sides = [write_wav(tmp_path / f"{name}.wav", 2, hertz=hertz) for name, hertz in (("c", 300), ("d", 500))]
    write_master([find_sound(one) for one in sides], tmp_path / "m.flac")
    gone = sides[speaker is Speaker.DISPATCHER]
    before = gone.read_bytes()
    gone.unlink()
    one = Unwritten(
        sound="m",
        of=Use.RECORDINGS,
        speaker=speaker,
        file=str(gone),
        began_at=NOON,
        language=Language.UKRAINIAN,
    )
    async with kept_in(sounds_in(tmp_path), tmp_path)(one) as sound:
        assert sound.read_bytes() == before
    (tmp_path / "m.flac").write_bytes(b"no master")
    with pytest.raises(NotHeard):
        async with kept_in(sounds_in(tmp_path), tmp_path)(one):
            pass
