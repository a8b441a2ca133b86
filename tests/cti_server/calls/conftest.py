"""The pages on past calls over real storage, two folders of sound, and a call with sound, steps and all."""

import wave
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from aiohttp import web

from cti_server.application import application
from cti_server.calls.routes import add_past_calls
from cti_server.calls.sources import PastCalls
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from hotline.calls.call import CallRecord, JourneyStep, Outcome, Recording, Scalar, Step, VoiceMessage
from hotline.clock import SystemClock
from hotline.dialling.calling_out import CallingRules
from service.calls.masters import MasterMaker
from service.node.bus import Bus
from service.speech.masked_copies import MaskedCopies
from storage.store import Storage
from tests.cti_server.conftest import KYIV, SetBoard
from tests.fakes.kept_sounds import sounds_in

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MARIA = "+380457900001"
RATE = 8000


@pytest.fixture
def sounds(tmp_path: Path) -> Mapping[str, Path]:
    folders = {name: tmp_path / name for name in ("recordings", "messages")}
    for folder in folders.values():
        folder.mkdir()
    return folders


def master_maker(storage: Storage, folder: Path) -> MasterMaker:
    return MasterMaker(
        calls=storage.calls,
        events=Bus(),
        recordings=storage.recordings,
        chain=storage.recording_chain,
        sounds=sounds_in(folder),
        folder=folder,
        clock=SystemClock(),
        timezone=KYIV,
    )


def past_calls(storage: Storage, recordings: Path, messages: Path) -> PastCalls:
    maker = master_maker(storage, recordings)
    masked = recordings.parent / "masked"
    sounds = sounds_in(recordings, messages, masked)
    return PastCalls(
        history=storage.history,
        citizens=storage.citizens,
        callbacks=storage.callbacks,
        scheduled=storage.scheduled_callbacks,
        rules=CallingRules(),
        registry=storage.registry,
        log=storage.calls,
        transcripts=storage.transcripts,
        lemmas=storage.lemmas,
        dispatchers=storage.dispatchers,
        mask=MaskedCopies(masked, sounds),
        threats=storage.threats,
        figures=storage.recordings,
        uses=storage.article_uses,
        make_copy=maker.finish,
        sounds=sounds,
    )


@pytest.fixture
def app(board: SetBoard, accounts: Accounts, storage: Storage, sounds: Mapping[str, Path]) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_past_calls(made, past_calls(storage, sounds["recordings"], sounds["messages"]))
    return made


async def call(
    storage: Storage,
    call_id: str,
    number: str | None = MARIA,
    minutes: int = 0,
    outcome: Outcome | None = Outcome.TALKED,
) -> None:
    at = NOON + timedelta(minutes=minutes)
    await storage.calls.open(CallRecord(id=call_id, number=number, shown=number or "", arrived_at=at))
    if outcome is not None:
        await storage.calls.close(call_id, outcome, at + timedelta(seconds=75))
    await storage.calls.flush()


async def steps(storage: Storage, call_id: str, *taken: tuple[Step, Mapping[str, Scalar]]) -> None:
    for number, (step, detail) in enumerate(taken):
        at = NOON + timedelta(seconds=number)
        await storage.calls.note(JourneyStep(call_id=call_id, number=number, at=at, step=step, detail=detail))
    await storage.calls.flush()


def tone(file: Path, sides: int, seconds: int = 2) -> Path:
    """A WAV whose first side speaks in its first half, the second in the other."""
    half = np.sin(np.arange(RATE * seconds // 2) / 3) * 16000
    silence = np.zeros_like(half)
    channels = [np.concatenate([half, silence]), np.concatenate([silence, half])][:sides]
    with wave.open(str(file), "wb") as wav:
        wav.setparams((sides, 2, RATE, 0, "NONE", ""))
        wav.writeframes(np.stack(channels, axis=1).astype("<i2").tobytes())
    return file


@pytest.fixture
async def talk(storage: Storage, sounds: Mapping[str, Path]) -> str:
    """A call of Maria's: led by the menu to Олена, recorded, with a message."""
    desk = await storage.dispatchers.add("201", "Олена <b>", "s", frozenset())
    await call(storage, "c1")
    await steps(
        storage,
        "c1",
        (Step.ARRIVED, {}),
        (Step.HEARD, {"phrases": "greeting"}),
        (Step.PRESSED, {"key": "0", "asked": "menu"}),
        (Step.JOINED_LINE, {"priority": "emergency"}),
        (Step.TALK_STARTED, {"dispatcher": desk.id}),
        (Step.ENDED, {}),
    )
    recording = Recording(
        id="r1",
        call_id="c1",
        dispatcher_id=desk.id,
        started_at=NOON,
        caller_file="r1-rx.wav",
        dispatcher_file="r1-tx.wav",
        listening_file=str(tone(sounds["recordings"] / "r1.wav", 2)),
        seconds=2.0,
    )
    await storage.calls.keep_recording(recording)
    file = tone(sounds["messages"] / "m1.wav", 1)
    message = VoiceMessage(id="m1", call_id="c1", number=MARIA, file=str(file), began_at=NOON, seconds=2.0)
    await storage.calls.keep_message(message)
    return "c1"


@pytest.fixture
async def alarm(storage: Storage, sounds: Mapping[str, Path]) -> str:
    """An emergency call that found nobody on duty: a duty contact spoke with the citizen, recorded."""
    await call(storage, "c2")
    await steps(
        storage,
        "c2",
        (Step.ARRIVED, {}),
        (Step.PRESSED, {"key": "4", "asked": "menu"}),
        (Step.JOINED_LINE, {"priority": "emergency"}),
        (Step.LEFT_LINE, {}),
        (Step.TALK_STARTED, {"contact": "out-alarm-1"}),
        (Step.TALK_ENDED, {}),
        (Step.ENDED, {}),
    )
    file = str(sounds["messages"] / "out-alarm-1.wav")
    recording = Recording(
        id="out-alarm-1",
        call_id="c2",
        dispatcher_id=None,
        started_at=NOON,
        caller_file=file,
        dispatcher_file=file,
        listening_file=str(tone(sounds["recordings"] / "out-alarm-1.wav", 2)),
        seconds=2.0,
    )
    await storage.calls.keep_recording(recording)
    return "c2"
