"""The process that hears, with small programs in the place of engines: they die, hang, say what is wrong."""

import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

import pytest

from hotline.speech.hearing import Engine, HeardWord, NotHeard
from hotline.voice.speech import Language
from telephony.speech import process
from telephony.speech.models import Found, look_at
from telephony.speech.process import listening

FOUND = Found(folder=Path("models/tiny"), engine=Engine.VOSK, rate=8000, bound=True)
READY = 'print("{}", flush=True)'
HEARD = '{"words": [{"text": "вода", "begins": 0.1, "ends": 0.5, "confidence": 0.9}], "seconds": 2.0}'


def program(tmp_path: Path, *lines: str) -> Sequence[str]:
    file = tmp_path / "engine.py"
    file.write_text(textwrap.dedent("import sys, time\n" + "\n".join(lines)))
    return sys.executable, str(file)


async def test_it_answers_one_sound_after_the_other(tmp_path: Path) -> None:
    engine = program(tmp_path, READY, f"for line in sys.stdin: print({HEARD!r}, flush=True)")
    async with listening(FOUND, Language.UKRAINIAN, program=engine) as ear:
        for _ in range(2):
            heard = await ear.hear(Path("a.wav"))
            assert heard.words == (HeardWord(text="вода", begins=0.1, ends=0.5, confidence=0.9),)
            assert (heard.engine, heard.model, heard.text) == (Engine.VOSK, "tiny", "вода")


async def test_what_was_perhaps_said_in_a_turn_comes_with_it(tmp_path: Path) -> None:
    told = '{"words": [], "others": [[{"text": "біда", "begins": 0.1, "ends": 0.5, "confidence": 0.3}]]}'
    line = f"for line in sys.stdin: print({told!r} if '\"turn\":true' in line else '{{}}', flush=True)"
    async with listening(FOUND, Language.UKRAINIAN, program=program(tmp_path, READY, line)) as ear:
        heard = await ear.hear(Path("a.wav"), turn=True)
        assert [one.text for one in heard.guesses] == ["", "біда"]
        assert [one.text for one in (await ear.hear(Path("a.wav"))).guesses] == [""]


async def test_an_engine_that_dies_of_a_sound_is_told_and_so_is_the_next_sound(tmp_path: Path) -> None:
    engine = program(tmp_path, READY, "sys.stdin.readline(); sys.exit(139)")
    async with listening(FOUND, Language.UKRAINIAN, program=engine) as ear:
        for _ in range(2):
            with pytest.raises(NotHeard, match="died"):
                await ear.hear(Path("a.wav"))


async def test_an_engine_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "HEARD_WITHIN", 0.2)
    engine = program(tmp_path, READY, "time.sleep(60)")
    async with listening(FOUND, Language.UKRAINIAN, program=engine) as ear:
        with pytest.raises(NotHeard, match="did not answer"):
            await ear.hear(Path("a.wav"))


async def test_a_model_that_cannot_be_loaded_says_why(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"no model")
    (tmp_path / "vocabulary.txt").write_text("")
    with pytest.raises(NotHeard, match=r"cannot be loaded|not installed"):
        async with listening(look_at(tmp_path), Language.UKRAINIAN):
            pass
