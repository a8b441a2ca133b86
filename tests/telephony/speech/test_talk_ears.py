"""The pool of ears, with small programs in the place of engines: they answer, die, hang, cannot be loaded."""

import asyncio
import logging
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hotline.speech.hearing import Engine, Hints
from hotline.voice.speech import Language
from telephony.speech import talk_ears
from telephony.speech.models import Found
from telephony.speech.talk_ears import Listening, TalkEars

FOUND = Found(folder=Path("models/tiny"), engine=Engine.VOSK, rate=8000, bound=True)
UKRAINIAN = Language.UKRAINIAN
ANSWERS = """
    import json, sys
    print('{}', flush=True)
    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "Begin":
            question = message["question"]
        if message["type"] == "Chunk":
            word = {"text": "вода", "begins": 0, "ends": 1, "confidence": 1}
            print(json.dumps({"question": question, "spoke": True}), flush=True)
            print(json.dumps({"question": question, "words": [word]}), flush=True)
"""


@asynccontextmanager
async def ears(tmp_path: Path, program: str, at_once: int = 1) -> AsyncIterator[TalkEars]:
    file = tmp_path / "engine.py"
    file.write_text(textwrap.dedent(program))
    pool = TalkEars({UKRAINIAN: FOUND}, at_once, program=(sys.executable, str(file)))
    keeping = asyncio.create_task(pool.keep())
    try:
        async with asyncio.timeout(60):
            yield pool
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


async def until(holds: Callable[[], object]) -> None:
    while not holds():
        await asyncio.sleep(0.01)


async def asked(pool: TalkEars, changed: Callable[[], None] = lambda: None) -> Listening:
    await until(lambda: pool.free(UKRAINIAN))
    listening = pool.begin(UKRAINIAN, Hints(only=["вода"]), 8.0, changed)
    assert listening is not None
    return listening


async def test_what_is_said_is_told_and_the_ear_is_free_for_the_next_question(tmp_path: Path) -> None:
    async with ears(tmp_path, ANSWERS) as pool:
        for _ in range(2):
            changes: list[str] = []
            listening = await asked(pool, lambda seen=changes: seen.append("changed"))  # type: ignore[misc]
            listening.take(bytes(320))
            await until(lambda one=listening: one.over)  # type: ignore[misc]
            assert listening.heard is not None
            assert (listening.heard.text, listening.heard.model, listening.spoke) == ("вода", "tiny", True)
            assert changes
            listening.end()


async def test_nobody_waits_for_an_ear(tmp_path: Path) -> None:
    async with ears(tmp_path, ANSWERS, at_once=2) as pool:
        first, second = await asked(pool), await asked(pool)
        assert not pool.free(UKRAINIAN)
        assert pool.begin(UKRAINIAN, (), 8.0, lambda: None) is None
        assert pool.begin(Language.ENGLISH, (), 8.0, lambda: None) is None
        first.end()
        assert pool.free(UKRAINIAN)
        second.end()


async def test_an_answer_to_a_question_that_was_given_up_is_nobodys(tmp_path: Path) -> None:
    async with ears(tmp_path, ANSWERS) as pool:
        given_up = await asked(pool)
        given_up.take(bytes(320))
        given_up.end()
        later = await asked(pool)
        later.take(bytes(320))
        await until(lambda: later.over)
        assert given_up.heard is None


async def test_an_ear_that_dies_is_lost_to_its_question_and_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(talk_ears, "AGAIN_SECONDS", 0.01)
    dies = ANSWERS.replace("word = {", 'sys.exit("torn"); word = {')
    async with ears(tmp_path, dies) as pool:
        for _ in range(2):
            listening = await asked(pool)
            listening.take(bytes(320))
            await until(lambda one=listening: one.lost)  # type: ignore[misc]
            assert listening.answer.words == ()
            listening.end()
    assert "torn" in caplog.text


async def test_an_ear_that_hangs_is_ended_and_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk_ears, "AGAIN_SECONDS", 0.01)
    async with ears(tmp_path, "import time; print('{}', flush=True); time.sleep(600)") as pool:
        (await asked(pool)).end(hangs=True)
        assert not pool.free(UKRAINIAN)
        flooded = await asked(pool)
        while not flooded.lost:  # it reads nothing: what is left unread is not kept for ever
            flooded.take(bytes(16_000))
            await asyncio.sleep(0.001)
        flooded.end()
        await asked(pool)


async def test_words_that_cannot_be_heard_leave_the_question_to_the_keys(tmp_path: Path) -> None:
    fault = ANSWERS.replace(
        'question = message["question"]',
        'print(json.dumps(dict(question=message["question"], fault="вода is unknown.")), flush=True)',
    )
    async with ears(tmp_path, fault) as pool:
        listening = await asked(pool)
        await until(lambda: listening.lost)
        assert not listening.spoke


@pytest.mark.parametrize(
    "program", ["import sys; sys.exit('no model')", """print('{"fault": "no model"}', flush=True)"""]
)
async def test_an_ear_that_cannot_be_loaded_says_why_and_is_never_free(
    tmp_path: Path, program: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    async with ears(tmp_path, program) as pool:
        await until(lambda: "no model" in caplog.text)
        assert not pool.free(UKRAINIAN)


def test_without_a_model_nobody_is_heard() -> None:
    pool = TalkEars({}, 2)
    assert not pool.free(UKRAINIAN)
    assert pool.begin(UKRAINIAN, (), 8.0, lambda: None) is None
