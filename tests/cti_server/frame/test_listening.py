"""A typed text is heard before callers hear it: in their voice and words, and within limits."""

import base64
import io
import sys
import wave
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, web

from cti_server.application import application
from cti_server.frame.listening import LONGEST, RATE, Listening, add_listening
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.voice.speech import Language
from ivr_flows.typed_fields import sentences
from service.voice.studio import VoiceStudio
from storage.store import Storage
from telephony.voice.engines import Engine
from telephony.voice.synthesis import RHVoice
from tests.cti_server.announcements.conftest import announcing
from tests.cti_server.conftest import KYIV, MovedClock, Person, SetBoard


def pages(board: SetBoard, accounts: Accounts, studio: VoiceStudio) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_listening(made, Listening(studio=studio, sentences=sentences))
    return made


@pytest.fixture
def studio(storage: Storage, clock: MovedClock, tmp_path: Path) -> Any:
    return announcing(storage, clock, tmp_path).studio


@pytest.fixture
def app(board: SetBoard, accounts: Accounts, studio: VoiceStudio) -> web.Application:
    return pages(board, accounts, studio)


@pytest.fixture
async def dispatcher(person: Person, users: Mapping[Role, User]) -> Person:
    assert users
    await person.enter(Role.DISPATCHER.value)
    return person


async def listened(person: Person, text: str, field: str = "order", **more: str) -> ClientResponse:
    return await person.post(f"/listen/{field}", {"text": text, **more})


async def test_a_text_sounds_and_its_figures_are_shown_in_words(dispatcher: Person) -> None:
    answer = await (await listened(dispatcher, "Воду дадуть до 18:00 на вул. Миру.")).json()
    assert answer["words"] == "Воду дадуть до вісімнадцятої години на вулиці Миру."
    with wave.open(io.BytesIO(base64.b64decode(answer["sound"]))) as sound:
        assert sound.getframerate() == 8000, "as on the telephone"
        assert round(sound.getnframes() / 8000) == answer["seconds"] > 0


async def test_an_answer_is_heard_in_the_sentence_that_says_it(dispatcher: Person) -> None:
    answer = await (await listened(dispatcher, "Це 2 засувки Водоканалу.", "reason")).json()
    assert answer["words"] == "Ось пояснення: Це дві засувки Водоканалу."


async def test_english_stays_as_it_is(dispatcher: Person) -> None:
    answer = await (await listened(dispatcher, "Water is off until 18:00.", language="en")).json()
    assert answer["words"] == "Water is off until 18:00."


@pytest.mark.parametrize(("text", "said"), [(" ", "спершу заповніть"), ("а" * (LONGEST + 1), "скоротіть")])
async def test_what_cannot_be_read_says_what_to_do(dispatcher: Person, text: str, said: str) -> None:
    answer = await listened(dispatcher, text)
    assert answer.status == 422
    assert said in (await answer.json())["problem"]


async def test_who_listens_too_often_waits_a_little(dispatcher: Person) -> None:
    for _ in range(RATE.at_once):
        assert (await listened(dispatcher, "Добрий день.")).status == 200
    answer = await listened(dispatcher, "Добрий день.")
    assert answer.status == 429
    assert "зачекайте кілька секунд" in (await answer.json())["problem"]


class TestSilent:
    """The voice is away."""

    @pytest.fixture
    def studio(self, storage: Storage, tmp_path: Path) -> VoiceStudio:
        away = Engine(name="away", rate=100, command=(sys.executable, "-c", "raise SystemExit(1)"))
        silent = RHVoice(tmp_path / "prompts", dict.fromkeys(Language, away))
        return VoiceStudio(storage.voice_recordings, tmp_path / "voices", silent)

    async def test_a_voice_that_is_not_ready_holds_nothing_up(self, dispatcher: Person) -> None:
        answer = await listened(dispatcher, "Добрий день.")
        assert answer.status == 503
        assert "Зберігайте, як завжди" in (await answer.json())["problem"]
