"""The head on the telephone: one code is right, and what is dictated becomes a message."""

from dataclasses import dataclass, field

from hotline.access.phone_codes import CodeRefused
from hotline.access.users import User
from hotline.informing.city_messages import CityMessage, CityMessages, MessageBy, NewMessage
from hotline.voice.speech import Language, Phrase
from hotline.voice.voice_recordings import SoundFault, SoundRefused

RIGHT = "482615"


@dataclass
class HeadsPhone:
    """A `hotline.access.phone_codes.PhoneCodes`; the fourth wrong code and all later ones are too many."""

    head: User
    messages: CityMessages
    silent: bool = False
    said_by_people: set[str] = field(default_factory=set)
    """Names of the phrases that somebody has recorded in Ukrainian."""
    numbers: frozenset[str] = frozenset()
    """The head's telephones."""
    wrong: int = 0
    asked: list[tuple[str | None, str]] = field(default_factory=list)

    async def asked_of(self, number: str) -> bool:
        return number in self.numbers

    async def whose(self, code: str, *, number: str | None, call_id: str) -> User | CodeRefused:
        self.asked.append((number, call_id))
        if self.wrong >= 3:
            return CodeRefused.TOO_MANY
        if code == RIGHT:
            return self.head
        self.wrong += 1
        return CodeRefused.WRONG

    async def recorded(self, phrase: Phrase, language: Language) -> bool:
        return language is Language.UKRAINIAN and phrase.name in self.said_by_people

    async def dictated(self, name: str, by: MessageBy) -> CityMessage:
        if self.silent:
            raise SoundRefused(SoundFault.SILENT)
        return await self.messages.enter(NewMessage(title=name), by)
