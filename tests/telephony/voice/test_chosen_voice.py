"""A person's voice where there is one for the present words, and the synthesis everywhere else."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hotline.voice.speech import Language, Phrase
from hotline.voice.voice_recordings import InUse, Origin, VoiceRecording, VoiceRecordings
from telephony.voice.chosen_voice import HumanVoice
from telephony.voice.engines import SynthesisError
from telephony.voice.fallback_prompts import FallbackPrompts

UK, EN = Language
MENU = Phrase(name="menu", uk="Натисніть нуль.", en="Press zero.")


class Synthesis:
    """Implements `hotline.voice.speech.Voice`: each text is a file of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def at_hand(self, phrase: Phrase, language: Language) -> str | None:
        return await self.media(phrase, language)

    async def media(self, phrase: Phrase, language: Language) -> str:
        file = self._folder / f"{phrase.name}-{language}-{len(phrase.text(language))}"
        for suffix in (".alaw", ".sln16"):
            file.with_name(file.name + suffix).write_bytes(phrase.text(language).encode())
        return f"sound:{file}"

    def seconds(self, media: str) -> float:
        return len(media)


class Kept(VoiceRecordings):
    """The recordings that a test says are in use."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, Language], VoiceRecording] = {}

    async def in_use(self) -> InUse:
        return self.kept


def recording(phrase: Phrase, language: Language, stem: str) -> VoiceRecording:
    return VoiceRecording(
        id=1,
        phrase=phrase.name,
        language=language,
        basis=phrase.basis(language),
        stem=stem,
        seconds=1.0,
        origin=Origin.FILE,
        user_id=1,
        made_at=datetime(2026, 3, 2, tzinfo=UTC),
    )


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    (tmp_path / "menu-1.alaw").write_bytes(b"\xd5" * 800)
    (tmp_path / "menu-1.sln16").write_bytes(bytes(3200))
    return Kept()


@pytest.fixture
def voice(kept: Kept, tmp_path: Path) -> HumanVoice:
    return HumanVoice(kept, tmp_path, Synthesis(tmp_path))


async def test_a_recording_speaks_in_its_language_alone(
    voice: HumanVoice, kept: Kept, tmp_path: Path
) -> None:
    kept.kept[("menu", UK)] = recording(MENU, UK, "menu-1")
    assert await voice.media(MENU, UK) == f"sound:{tmp_path}/menu-1"
    assert (await voice.media(MENU, EN)).endswith("menu-en-11")


async def test_new_words_are_synthesised_whatever_was_recorded(voice: HumanVoice, kept: Kept) -> None:
    kept.kept[("menu", UK)] = recording(MENU, UK, "menu-1")
    assert (await voice.media(replace(MENU, uk="Натисніть один."), UK)).endswith("menu-uk-15")


async def test_words_that_change_by_themselves_keep_their_recording(
    voice: HumanVoice, kept: Kept, tmp_path: Path
) -> None:
    today = Phrase(name="menu", uk="Сьогодні.", en="Today.", made_of="version 1")
    kept.kept[("menu", UK)] = recording(today, UK, "menu-1")
    assert await voice.media(replace(today, uk="Вчора."), UK) == f"sound:{tmp_path}/menu-1"
    assert await voice.media(replace(today, made_of="version 2"), UK) != f"sound:{tmp_path}/menu-1"


async def test_a_recording_whose_file_is_gone_is_synthesised(voice: HumanVoice, kept: Kept) -> None:
    kept.kept[("menu", UK)] = recording(MENU, UK, "lost")
    assert (await voice.media(MENU, UK)).endswith("menu-uk-15")


async def test_without_words_in_a_language_the_other_ones_voice_is_heard(
    voice: HumanVoice, kept: Kept, tmp_path: Path
) -> None:
    dictated = Phrase(name="menu", uk="", en="")
    with pytest.raises(SynthesisError):
        await voice.media(dictated, EN)
    kept.kept[("menu", UK)] = recording(dictated, UK, "menu-1")
    assert await voice.media(dictated, EN) == f"sound:{tmp_path}/menu-1"
    assert (await voice.media(replace(dictated, name="x", uk="Увага."), EN)).endswith("x-uk-6")


async def test_the_fallback_says_what_the_service_would_and_silence_for_nothing(
    voice: HumanVoice, kept: Kept, tmp_path: Path
) -> None:
    fallback = FallbackPrompts(voice, tmp_path / "prompts")
    copy = tmp_path / "prompts" / "menu.alaw"
    await fallback.keep([MENU], UK)
    assert copy.read_text() == MENU.uk
    kept.kept[("menu", UK)] = recording(MENU, UK, "menu-1")
    await fallback.keep([MENU], UK)
    assert copy.read_bytes() == (tmp_path / "menu-1.alaw").read_bytes()
    await fallback.keep_as("message", [], UK)
    assert (tmp_path / "prompts" / "message.alaw").read_bytes() == b"\xd5" * 800
    assert (tmp_path / "prompts" / "message.sln16").stat().st_size == 3200
