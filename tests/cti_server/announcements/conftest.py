"""The pages of announcements on real storage, with a tone in the place of RHVoice."""

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from aiohttp import web

from cti_server.announcements.routes import add_announcements
from cti_server.announcements.sources import Announcing
from cti_server.application import application
from cti_server.frame.listening import Listening, add_listening
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.voice.speech import Language
from ivr_flows.typed_fields import sentences
from service.voice.phrase_book import StoredPhraseBook
from service.voice.studio import VoiceStudio
from storage.store import Storage
from telephony.voice.chosen_voice import HumanVoice
from telephony.voice.engines import Engine
from telephony.voice.synthesis import RHVoice
from tests.cti_server.conftest import KYIV, MovedClock, Person, SetBoard

SPOKEN_HERTZ = 420
SPEAKS = f"""
import math, struct, sys, wave
letters = len(sys.stdin.read().strip())
if letters < 3: sys.exit("nothing to read")
moments = (n * math.tau * {SPOKEN_HERTZ} / 24000 for n in range(2400))
letter = b"".join(struct.pack("<h", int(9000 * math.sin(at))) for at in moments)
with wave.open(sys.argv[-1], "wb") as wav:
    wav.setparams((1, 2, 24000, 0, "NONE", ""))
    wav.writeframes(letter * letters)
"""
"""A tenth of a second a letter, each of whole waves."""
SPEAKER = (sys.executable, "-I", "-S", "-c", SPEAKS)
"""Without what is installed beside Python, which is most of its start."""


def announcing(storage: Storage, clock: MovedClock, folder: Path) -> Announcing:
    engine = Engine(name="tone", rate=100, command=SPEAKER)
    synthesis = RHVoice(folder / "prompts", dict.fromkeys(Language, engine))
    voice = HumanVoice(storage.voice_recordings, folder / "voices", synthesis)
    return Announcing(
        messages=storage.city_messages,
        book=StoredPhraseBook(storage.outages, storage.city_messages, clock, KYIV),
        recordings=storage.voice_recordings,
        studio=VoiceStudio(storage.voice_recordings, folder / "voices", voice),
        clock=clock,
    )


@pytest.fixture
def sources(storage: Storage, clock: MovedClock, tmp_path: Path) -> Announcing:
    return announcing(storage, clock, tmp_path)


@pytest.fixture
def app(board: SetBoard, accounts: Accounts, sources: Announcing) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_announcements(made, sources)
    add_listening(made, Listening(studio=sources.studio, sentences=sentences))
    return made


@pytest.fixture
async def head(person: Person, users: Mapping[Role, User]) -> Person:
    assert users
    await person.enter(Role.HEAD.value)
    return person
