"""The cache of prompts, with a small program in the place of RHVoice: it writes a tone for any text."""

import asyncio
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hotline.voice.speech import Language, Phrase
from telephony.voice.engines import Engine, SynthesisError, VoiceMissing, find_engines
from telephony.voice.synthesis import RHVoice, language_of

SPEAKS = """
import math, pathlib, struct, sys, wave
text = sys.stdin.read()
with pathlib.Path(sys.argv[1]).open("a") as said:
    said.write(text)
with wave.open(sys.argv[-1], "wb") as wav:
    wav.setparams((1, 2, 24000, 0, "NONE", ""))
    wav.writeframes(b"".join(struct.pack("<h", int(9000 * math.sin(n / 9))) for n in range(4800)))
"""
HELLO = Phrase(name="hello", uk="Добрий день!", en="Good afternoon!")
CITY = Phrase(name="city", uk="Слав+утич", en="Slavutych")


def sound(media: str, suffix: str = ".alaw") -> bytes | None:
    """The file that Asterisk would play, if it is there."""
    path = Path(media.removeprefix("sound:") + suffix)
    return path.read_bytes() if path.is_file() else None


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def lines(said: Path) -> list[str]:
    return said.read_text(encoding="utf-8").splitlines()


def program(said: Path, source: str = SPEAKS) -> Engine:
    return Engine(name="tone", rate=100, command=(sys.executable, "-I", "-S", "-c", source, str(said)))


@pytest.fixture
def said(tmp_path: Path) -> Path:
    path = tmp_path / "said.txt"
    path.touch()
    return path


@pytest.fixture
def voice(tmp_path: Path, said: Path) -> RHVoice:
    return RHVoice(tmp_path / "prompts", dict.fromkeys(Language, program(said)))


async def test_media_names_two_files_without_their_ending(voice: RHVoice, tmp_path: Path) -> None:
    media = await voice.media(HELLO, Language.UKRAINIAN)
    assert voice.seconds(media) == len(sound(media) or b"") / 8000 > 0
    assert voice.seconds("sound:/gone") == 0
    assert media.startswith(f"sound:{tmp_path}/prompts/hello-")
    narrow, wide = sound(media) or b"", sound(media, ".sln16") or b""
    assert len(wide) == len(narrow) * 4
    assert len(narrow) == pytest.approx(8000 * 0.35, abs=200)


async def test_a_phrase_is_read_once_however_many_callers_ask(voice: RHVoice, said: Path) -> None:
    media = await asyncio.gather(*(voice.media(HELLO, Language.UKRAINIAN) for _ in range(20)))
    assert len(set(media)) == 1
    assert lines(said) == [HELLO.uk]


async def test_a_restarted_service_finds_what_was_made(voice: RHVoice, tmp_path: Path, said: Path) -> None:
    media = await voice.media(HELLO, Language.UKRAINIAN)
    again = RHVoice(tmp_path / "prompts", dict.fromkeys(Language, program(said)))
    assert await again.media(HELLO, Language.UKRAINIAN) == media
    assert len(lines(said)) == 1


@pytest.mark.parametrize("change", [{"name": "another"}, {"rate": 90}])
async def test_another_voice_or_pace_makes_new_files(
    voice: RHVoice, tmp_path: Path, said: Path, change: dict[str, str]
) -> None:
    other = replace(program(said), **change)
    changed = RHVoice(tmp_path / "prompts", dict.fromkeys(Language, other))
    assert await changed.media(HELLO, Language.ENGLISH) != await voice.media(HELLO, Language.ENGLISH)


async def test_a_stress_mark_reaches_the_voice_as_an_accent(voice: RHVoice, said: Path) -> None:
    await voice.media(CITY, Language.UKRAINIAN)
    assert lines(said) == ["Славу\u0301тич"]


def test_the_letters_choose_the_voice() -> None:
    assert language_of("For English, press nine.", Language.UKRAINIAN) is Language.ENGLISH
    assert language_of("Натисніть дев'ять.", Language.ENGLISH) is Language.UKRAINIAN
    assert language_of("Увімкніть Wi-Fi.", Language.ENGLISH) is Language.UKRAINIAN
    assert language_of("112", Language.UKRAINIAN) is Language.UKRAINIAN


async def test_preparation_tells_its_progress_and_goes_on_where_it_stopped(
    voice: RHVoice, said: Path
) -> None:
    told: list[tuple[int, int]] = []
    await voice.media(HELLO, Language.ENGLISH)
    await voice.prepare([HELLO, CITY], Language, lambda done, of: told.append((done, of)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert len(lines(said)) == 4


SAYS_EACH_LINE = """
import math, pathlib, struct, sys, wave
lines = [line for line in sys.stdin.read().splitlines() if line]
with pathlib.Path(sys.argv[1]).open("a") as said:
    print(len(lines), file=said)
with wave.open(sys.argv[-1], "wb") as wav:
    wav.setparams((1, 2, 24000, 0, "NONE", ""))
    for place, line in enumerate(lines):
        pitch, count = 5 + sum(line.encode()) % 31, 2400 + 24 * len(line)
        wav.writeframes(b"".join(struct.pack("<h", int(9000 * math.sin(n / pitch))) for n in range(count)))
"""
"""Reads each line as the same tone, however many there are."""
MANY = [Phrase(name=f"number-{n}", uk=f"Фраза {'а' * n}.", en=f"Phrase {'a' * n}.") for n in range(9)]
MANY.append(Phrase(name="unended", uk="Причина:", en="Reason:"))


async def test_phrases_read_together_sound_as_those_read_one_by_one(tmp_path: Path, said: Path) -> None:
    together = RHVoice(
        tmp_path / "together", {Language.UKRAINIAN: replace(program(said, SAYS_EACH_LINE), alike=True)}
    )
    await together.prepare(MANY, [Language.UKRAINIAN], lambda _done, _of: None)
    assert sorted(lines(said)) == [
        "1",
        "1",
        "17",
    ]  # with eight boundaries
    single = RHVoice(tmp_path / "single", {Language.UKRAINIAN: program(said, SAYS_EACH_LINE)})
    for phrase in MANY:
        await single.media(phrase, Language.UKRAINIAN)
    assert sorted(names(tmp_path / "together")) == sorted(names(tmp_path / "single"))
    for name in names(tmp_path / "single"):
        assert (tmp_path / "together" / name).read_bytes() == (tmp_path / "single" / name).read_bytes()


async def test_a_voice_that_never_says_the_same_twice_reads_each_by_itself(
    tmp_path: Path, said: Path
) -> None:
    differs = SAYS_EACH_LINE.replace("% 31", "% 31 + place")
    voice = RHVoice(tmp_path / "prompts", {Language.UKRAINIAN: replace(program(said, differs), alike=True)})
    await voice.prepare(MANY[:3], [Language.UKRAINIAN], lambda _done, _of: None)
    assert sorted(lines(said)) == ["1", "1", "1", "1", "5"]
    assert len(names(tmp_path / "prompts")) == 6


async def test_old_announcements_go_and_are_made_anew_when_wanted(voice: RHVoice, said: Path) -> None:
    kept, old = await voice.media(HELLO, Language.UKRAINIAN), await voice.media(CITY, Language.UKRAINIAN)
    soon = datetime.now(UTC) + timedelta(minutes=1)
    assert voice.forget(made_before=soon - timedelta(days=1), keep=[]) == 0
    assert voice.forget(made_before=soon, keep=[HELLO]) == 1
    assert sound(kept)
    assert not sound(old)
    assert await voice.media(CITY, Language.UKRAINIAN) == old
    assert len(lines(said)) == 3


BROKEN = [
    ("import sys; sys.exit('no such voice')", "no such voice"),
    ("pass", "wrote no sound"),
    ("import pathlib, sys; pathlib.Path(sys.argv[-1]).touch()", "wrote no sound"),
    (SPEAKS.replace("9000", "0"), "silent"),
]


@pytest.mark.parametrize(("source", "complaint"), BROKEN)
async def test_a_voice_that_fails_says_why_and_leaves_no_file(
    tmp_path: Path, said: Path, source: str, complaint: str
) -> None:
    voice = RHVoice(tmp_path / "prompts", dict.fromkeys(Language, program(said, source)))
    with pytest.raises(SynthesisError, match=complaint):
        await voice.media(HELLO, Language.UKRAINIAN)
    assert names(tmp_path / "prompts") == []


WAITS = """
import os, pathlib, sys, time
with pathlib.Path(sys.argv[1]).open("w") as pipe:
    pipe.write(str(os.getpid()))
time.sleep(60)
"""


async def test_a_caller_who_hangs_up_stops_the_reading_and_the_next_one_is_served(
    tmp_path: Path, said: Path
) -> None:
    pipe, folder = tmp_path / "pipe", tmp_path / "prompts"
    os.mkfifo(pipe)
    engines = dict.fromkeys(Language, program(pipe, WAITS))
    voice = RHVoice(folder, engines)
    reading = asyncio.create_task(voice.media(HELLO, Language.UKRAINIAN))
    reader = int(await asyncio.to_thread(pipe.read_text))
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    with pytest.raises(ProcessLookupError):
        os.kill(reader, 0)
    assert names(folder) == []
    engines[Language.UKRAINIAN] = program(said)
    assert sound(await voice.media(HELLO, Language.UKRAINIAN))


def test_a_city_without_a_voice_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(VoiceMissing, match="Natalia"):
        find_engines(tmp_path)


async def test_sound_that_cannot_be_kept_is_told_like_any_other_failure(tmp_path: Path, said: Path) -> None:
    (tmp_path / "prompts").write_text("a file where the folder should be", encoding="utf-8")
    voice = RHVoice(tmp_path / "prompts", dict.fromkeys(Language, program(said)))
    with pytest.raises(SynthesisError, match="cannot be kept"):
        await voice.media(Phrase(name="hello", uk="Вітаю", en="Hello"), Language.UKRAINIAN)


@pytest.mark.parametrize("suffixes", [(".alaw", ".sln16"), (".alaw",), (".sln16",)])
async def test_a_phrase_whose_files_were_deleted_under_a_running_service_is_not_silent(
    voice: RHVoice, said: Path, suffixes: tuple[str, ...]
) -> None:
    media = await voice.media(HELLO, Language.UKRAINIAN)
    for suffix in suffixes:
        Path(media.removeprefix("sound:") + suffix).unlink()
    assert await voice.media(HELLO, Language.UKRAINIAN) == media
    assert sound(media, ".alaw")
    assert sound(media, ".sln16")
    assert lines(said) == ["Добрий день!"] * 2
