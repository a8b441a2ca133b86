"""A voice that has read everything aloud already."""

from hotline.voice.speech import Language, Phrase


class ReadAloud:
    """A `hotline.voice.speech.Voice` whose sounds are named after the phrases."""

    async def at_hand(self, phrase: Phrase, language: Language) -> str | None:
        return await self.media(phrase, language)

    async def media(self, phrase: Phrase, language: Language) -> str:
        return f"sound:{phrase.name}-{language.value}"

    def seconds(self, media: str) -> float:
        return float(len(media))
