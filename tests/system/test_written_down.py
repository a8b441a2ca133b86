"""What citizens and dispatchers say by telephone is written down after the call, whatever dies meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from hotline.calls.call import Recording, Step, VoiceMessage
from hotline.speech.hearing import Engine
from hotline.speech.transcripts import Speaker, Transcript
from hotline.speech.word_errors import words_in
from hotline.voice.speech import Language, Phrase
from service.node.listener import joined
from telephony.phone.g711 import RATE
from telephony.phone.sound import SILENCE, Sound, tone, wav
from telephony.voice.engines import find_engines
from telephony.voice.prompt_sound import wav_of_a_law
from telephony.voice.synthesis import RHVoice
from tests.fakes.toy_onnx import WORD, toy_model
from tests.system.hotline import PRIVATE_ROOT, Hotline
from tests.system.lending import Hotlines
from tests.system.people import CITIZEN, asks_for_a_dispatcher, in_talk, spoken

pytestmark = pytest.mark.system

BY_THE_CITIZEN = "Добрий день, у нас немає гарячої води"
BY_THE_DISPATCHER = "Слухаю вас, назвіть вашу адресу"
WRITTEN_WITHIN = 90.0


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy_model(tmp_path_factory.mktemp("models") / "toy")


@pytest.fixture
async def hearing(hotlines: Hotlines, toy: Path) -> AsyncIterator[Hotline]:
    """A hotline with a model that says one word for each loud stretch."""
    async with hotlines.lent(HOTLINE_SPEECH_MESSAGES_UK=str(toy)) as one:
        yield one


async def test_both_sides_of_a_talk_are_written_down_after_the_call(hearing: Hotline) -> None:
    call, talk = await in_talk(hearing, await hearing.desk("201"))
    call.say(SILENCE)
    talk.say(SILENCE)
    await call.hang_up()
    await talk.ended()
    caller, dispatcher = await both_sides(hearing)
    assert (caller.speaker, dispatcher.speaker) == (Speaker.CALLER, Speaker.DISPATCHER)
    for side in (caller, dispatcher):
        assert set(side.text.split()) == {WORD}
        assert (side.engine, side.model) == (Engine.ONNX, "toy")


async def test_a_message_left_by_telephone_is_written_down(hearing: Hotline) -> None:
    call = await hearing.citizen(sound=tone(CITIZEN))
    await call.answered()
    await call.press("3")
    await hearing.reached(Step.MESSAGE_LEFT)
    await spoken(hearing)
    await call.hang_up()
    await hearing.ended_call()
    (message,) = await hearing.storage.calls.messages()
    written = await written_of(hearing, message)
    assert set(written.text.split()) == {WORD}


async def test_who_refuses_the_recording_is_not_written_down(hearing: Hotline) -> None:
    desk = await hearing.desk("201")
    call = await hearing.citizen(sound=tone(CITIZEN))
    await call.answered()
    await call.press("*0")
    talk = await desk.next_call()
    await talk.answer(tone(CITIZEN))
    await call.heard_tone(CITIZEN)
    await call.hang_up()
    record = await hearing.ended_call()
    assert record.recording_refused
    assert await hearing.storage.transcripts.written([record.id]) == frozenset()


async def test_a_service_killed_while_it_writes_down_writes_all_of_it_down_once(
    hearing: Hotline, toy: Path
) -> None:
    call, talk = await in_talk(hearing, await hearing.desk("201"))
    await call.hang_up()
    await talk.ended()
    await hearing.until(lambda: hears(toy))
    await hearing.kill_service()
    await hearing.until(lambda: not hears(toy))  # the ear does not outlive who asked it
    assert len(await sides(hearing)) < 2
    await hearing.start_service()
    caller, dispatcher = await both_sides(hearing)
    assert caller.text
    assert dispatcher.text
    assert (caller.speaker, dispatcher.speaker) == (Speaker.CALLER, Speaker.DISPATCHER)


@pytest.mark.nightly
async def test_ukrainian_words_of_both_sides_are_written_down(hotlines: Hotlines, tmp_path: Path) -> None:
    model = tmp_path / "whisper-base"
    model.mkdir()
    joined(model)
    async with hotlines.lent(HOTLINE_SPEECH_MESSAGES_UK=str(model)) as hotline:
        desk = await hotline.desk("201")
        call = await asks_for_a_dispatcher(hotline)
        talk = await desk.next_call()
        await talk.answer(SILENCE)
        await hotline.reached(Step.TALK_STARTED)
        asked, said = [await aloud(hotline, tmp_path, text) for text in (BY_THE_DISPATCHER, BY_THE_CITIZEN)]
        await says(talk.say, asked)
        await says(call.say, said)
        await call.hang_up()
        await talk.ended()
        caller, dispatcher = await both_sides(hotline)
    assert len({*words_in(BY_THE_CITIZEN)} & {*words_in(caller.text)}) >= 4, caller.text
    assert len({*words_in(BY_THE_DISPATCHER)} & {*words_in(dispatcher.text)}) >= 3, dispatcher.text
    assert caller.words[0].begins > dispatcher.words[-1].begins


async def recording_of(hotline: Hotline) -> Recording:
    record = await hotline.ended_call()
    (one,) = await hotline.storage.calls.recordings(record.id)
    return one


async def sides(hotline: Hotline) -> list[Transcript]:
    one = await recording_of(hotline)
    return list((await hotline.storage.transcripts.of_talks([one.id])).get(one.id, ()))


async def both_sides(hotline: Hotline) -> list[Transcript]:
    async def written() -> bool:
        return len(await sides(hotline)) == 2

    await hotline.until(written, seconds=WRITTEN_WITHIN)
    return await sides(hotline)


async def written_of(hotline: Hotline, message: VoiceMessage) -> Transcript:
    async def written() -> bool:
        return message.id in await hotline.storage.transcripts.of([message.id])

    await hotline.until(written, seconds=WRITTEN_WITHIN)
    return (await hotline.storage.transcripts.of([message.id]))[message.id]


def hears(model: Path) -> bool:
    """Whether a process hears by this model."""
    asked = f"telephony.speech.listening\0{model}\0".encode()
    return any(asked in _command(one) for one in Path("/proc").glob("[0-9]*/cmdline"))


def _command(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
        return b""


async def aloud(hotline: Hotline, folder: Path, text: str) -> Sound:
    """The text as RHVoice says it at telephone quality."""
    voice = RHVoice(hotline.settings.folders.prompts, find_engines(PRIVATE_ROOT))
    media = await voice.media(Phrase(name="said-in-test", uk=text, en=""), Language.UKRAINIAN)
    file = folder / "aloud.wav"
    file.write_bytes(wav_of_a_law(Path(media.removeprefix("sound:") + ".alaw").read_bytes()))
    return wav(file)


async def says(say: Callable[[Sound], None], sound: Sound) -> None:
    """Say it to its end: that takes as long as it lasts."""
    say(sound)
    await asyncio.sleep(len(sound.samples) / RATE + 0.5)
