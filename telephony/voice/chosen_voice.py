"""Chooses the voice of a phrase: a person's recording of its present words, else the synthesis."""

from pathlib import Path

from hotline.voice.speech import Language, Phrase, Voice
from hotline.voice.voice_recordings import InUse, VoiceRecordings
from telephony.voice.engines import SynthesisError

_IN_ORDER = {first: (first, *(other for other in Language if other is not first)) for first in Language}
"""The languages in which a phrase may be said, the caller's own first."""


class HumanVoice:
    """A `hotline.voice.speech.Voice` of recordings in a folder, and of the synthesis for all the rest."""

    def __init__(self, recordings: VoiceRecordings, folder: Path, synthesis: Voice) -> None:
        self._recordings = recordings
        self._folder = folder.absolute()
        self._synthesis = synthesis

    async def at_hand(self, phrase: Phrase, language: Language) -> str | None:
        match await self._source(phrase, language):
            case Language() as synthesised:
                return await self._synthesis.at_hand(phrase, synthesised)
            case recorded:
                return recorded

    async def media(self, phrase: Phrase, language: Language) -> str:
        """Give the media URI; raises SynthesisError for a phrase with neither words nor a voice."""
        match await self._source(phrase, language):
            case Language() as synthesised:
                return await self._synthesis.media(phrase, synthesised)
            case None:
                raise SynthesisError(f"{phrase.name} has neither words nor a voice.")
            case recorded:
                return recorded

    async def _source(self, phrase: Phrase, language: Language) -> str | Language | None:
        """Give the person's recording, or the language of the words to synthesise.

        A phrase without words in this language is said in the other one.
        """
        in_use = await self._recordings.in_use()
        for spoken in _IN_ORDER[language]:
            if (phrase.name, spoken) in in_use and (recorded := self._recorded(in_use, phrase, spoken)):
                return recorded
            if phrase.text(spoken):
                return spoken
        return None

    async def recorded(self, phrase: Phrase, language: Language) -> bool:
        """Tell whether a person says in this language what the phrase says now."""
        return self._recorded(await self._recordings.in_use(), phrase, language) is not None

    def _recorded(self, in_use: InUse, phrase: Phrase, language: Language) -> str | None:
        recording = in_use.get((phrase.name, language))
        if recording is None or not recording.speaks(phrase):
            return None
        file = self._folder / recording.stem
        return f"sound:{file}" if file.with_name(f"{file.name}.alaw").is_file() else None

    def seconds(self, media: str) -> float:
        return self._synthesis.seconds(media)
