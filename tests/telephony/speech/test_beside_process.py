"""The process beside a talk, with small programs for engines: it tells, ends with the talk, dies."""

import asyncio
from pathlib import Path

import pytest

from hotline.speech.hearing import NotHeard
from hotline.speech.transcripts import Speaker
from hotline.voice.speech import Language
from telephony.speech.beside_process import Sides, hearing_beside
from tests.telephony.speech.test_process import FOUND, READY, program

SIDES = Sides(Path("caller.wav"), Path("dispatcher.wav"))
WORD = '{"text": "вода", "begins": 0, "ends": 1, "confidence": 0.9}'
SAYS = f"""print('{{"speaker": "caller", "words": [{WORD}], "left_out": 2.5}}', flush=True)"""
UNTIL_OVER = "sys.stdin.read()"


async def test_what_is_said_is_told_and_what_is_said_last_after_the_end(tmp_path: Path) -> None:
    engine = program(tmp_path, READY, SAYS, UNTIL_OVER, SAYS)
    async with asyncio.timeout(60), hearing_beside(FOUND, Language.UKRAINIAN, SIDES, program=engine) as talk:
        said = []
        async for one in talk.said():
            said.append((one.speaker, one.heard.text, one.heard.model, one.left_out))
            talk.end()
    assert said == [(Speaker.CALLER, "вода", "tiny", 2.5)] * 2


async def test_an_ear_that_dies_before_the_talk_is_over_is_told(tmp_path: Path) -> None:
    engine = program(tmp_path, READY, SAYS, "sys.exit('torn')")
    async with asyncio.timeout(60), hearing_beside(FOUND, Language.UKRAINIAN, SIDES, program=engine) as talk:
        with pytest.raises(NotHeard, match="torn"):
            [one async for one in talk.said()]


async def test_an_ear_that_dies_with_the_talk_has_ended(tmp_path: Path) -> None:
    engine = program(tmp_path, READY, UNTIL_OVER, "sys.exit(1)")
    async with asyncio.timeout(60), hearing_beside(FOUND, Language.UKRAINIAN, SIDES, program=engine) as talk:
        talk.end()
        assert [one async for one in talk.said()] == []


@pytest.mark.parametrize("line", ["sys.exit('no model')", """print('{"fault": "no model"}', flush=True)"""])
async def test_an_ear_that_cannot_be_loaded_says_why(tmp_path: Path, line: str) -> None:
    with pytest.raises(NotHeard, match="no model"):
        async with hearing_beside(FOUND, Language.UKRAINIAN, SIDES, program=program(tmp_path, line)):
            pass
