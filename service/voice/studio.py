"""The studio: records and plays people's voices, with telephony's sounds and storage's list."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from attrs import define

from hotline.clock import Clock
from hotline.errors import NotFound
from hotline.informing.city_messages import CityMessage, CityMessages, MessageBy, NewMessage
from hotline.voice.speech import Language, Phrase, Voice
from hotline.voice.voice_recordings import (
    NewRecording,
    Origin,
    Reading,
    Sample,
    SoundFault,
    SoundRefused,
    VoiceRecording,
    VoiceRecordings,
)
from telephony.voice.recorded_sound import keep_sound
from telephony.voice.synthesis import words_read


@define(eq=False, repr=False)
class VoiceStudio:
    """Implements `hotline.voice.voice_recordings.Studio` on a folder of recordings."""

    _recordings: VoiceRecordings
    _folder: Path
    _voice: Voice

    async def sample(self, phrase: Phrase, language: Language) -> Sample:
        media = await self._voice.media(phrase, language)
        file = Path(media.removeprefix("sound:") + ".alaw")
        return Sample(wav=await asyncio.to_thread(_wav, file), seconds=self._voice.seconds(media))

    async def reading(self, phrases: Sequence[Phrase], language: Language) -> Reading:
        media = [await self._voice.media(one, language) for one in phrases]
        files = [Path(one.removeprefix("sound:") + ".alaw") for one in media]
        return Reading(
            wav=await asyncio.to_thread(_wav, *files),
            seconds=sum(map(self._voice.seconds, media)),
            words=await asyncio.to_thread(_words, phrases, language),
        )

    async def kept(self, recording: VoiceRecording) -> Sample:
        file = self._folder / f"{recording.stem}.alaw"
        if not await asyncio.to_thread(file.is_file):
            raise NotFound("There is no recording %(number)s.", number=recording.id)
        return Sample(wav=await asyncio.to_thread(_wav, file), seconds=recording.seconds)

    async def take(
        self, sound: Path, phrase: Phrase, language: Language, *, origin: Origin, user_id: int
    ) -> VoiceRecording:
        kept = await keep_sound(sound, self._folder, phrase.name)
        return await self._recordings.keep(
            NewRecording(
                phrase=phrase.name,
                language=language,
                basis=phrase.basis(language),
                stem=kept.stem,
                seconds=kept.seconds,
                origin=origin,
                user_id=user_id,
            )
        )


def _wav(*files: Path) -> bytes:
    from telephony.voice.prompt_sound import (  # noqa: PLC0415 - numpy costs memory that only a listener needs
        wav_of_a_law,
    )

    return wav_of_a_law(b"".join(file.read_bytes() for file in files))


def _words(phrases: Sequence[Phrase], language: Language) -> str:
    return " ".join(words_read(one.written(language), language) for one in phrases)


def dictated(
    messages: CityMessages, studio: VoiceStudio, spool: Path, clock: Clock, timezone: ZoneInfo
) -> Callable[[str, MessageBy], Awaitable[CityMessage]]:
    """Make what turns a dictation in Asterisk's spool folder into a prepared message."""

    async def prepared(name: str, by: MessageBy) -> CityMessage:
        sound = spool / f"{name}.wav"
        if not await asyncio.to_thread(sound.is_file):
            raise SoundRefused(SoundFault.SILENT)
        title = f"Телефоном {clock.now().astimezone(timezone):%d.%m.%Y %H:%M}"
        message = await messages.enter(NewMessage(title=title), by)
        try:
            await studio.take(
                sound, message.phrase, Language.UKRAINIAN, origin=Origin.TELEPHONE, user_id=by.user_id
            )
        except SoundRefused:
            await messages.remove(message.id, by)
            raise
        finally:
            await asyncio.to_thread(sound.unlink, missing_ok=True)
        return message

    return prepared
