"""What callers will hear is read aloud before they call."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hotline.city.addresses import Address, Area, Side
from hotline.city.classifier import Utility
from hotline.outages.outage import By, NewOutage, OutageKind
from hotline.power.reading import read_told
from hotline.voice.speech import Language, Phrase
from ivr_flows.asking_where import lists_of_streets
from ivr_flows.outage_phrases import announcement, where_choices
from service.informing.announcements import Announcements
from storage.store import Storage
from telephony.voice.synthesis import RHVoice
from tests.fakes.clock import SetClock
from tests.fakes.databases import fresh_storage
from tests.fakes.power import published

KYIV = ZoneInfo("Europe/Kyiv")
VILNIUS, ATOMNYKIV = "Вільнюський квартал", "вулиця Атомників"


@dataclass
class Read:
    """Implements `hotline.voice.speech.Voice` and remembers what it was asked to read."""

    texts: set[tuple[str, Language]] = field(default_factory=set)

    async def at_hand(self, phrase: Phrase, language: Language) -> str | None:
        """Nothing is made twice here."""

    async def media(self, phrase: Phrase, language: Language) -> str:
        self.texts.add((phrase.text(language), language))
        return f"sound:{phrase.name}"

    def seconds(self, media: str) -> float:
        return float(len(media))

    def power(self) -> str:
        """Give the Ukrainian texts of power by schedule, as people read them."""
        told = [text.replace("+", "") for text, language in self.texts if language is Language.UKRAINIAN]
        return " ".join(one for one in told if "світл" in one or "Ці дані" in one)


def announcements(storage: Storage, clock: SetClock, read: Read, folder: Path) -> Announcements:
    async def nothing() -> None:
        """Asterisk's own dialplan says what it said."""

    return Announcements(
        synthesis=RHVoice(folder, {}),
        voice=read,
        outages=storage.outages,
        messages=storage.city_messages,
        articles=storage.articles,
        orders=storage.standing_orders,
        power=storage.power,
        fallback=nothing,
        clock=clock,
        timezone=KYIV,
    )


async def test_every_part_of_an_outage_and_every_choice_is_read_ahead_in_both_languages(
    tmp_path: Path,
) -> None:
    clock, read = SetClock(), Read()
    async with fresh_storage(clock) as storage:
        entered = NewOutage(
            utility=Utility.WATER,
            kind=OutageKind.REPAIR,
            starts_at=clock.now() - timedelta(hours=1),
            areas=(Area(street=VILNIUS, first=1, last=9, side=Side.ODD), Area(street=ATOMNYKIV)),
            reason="Заміна труби.",
        )
        outage = await storage.outages.enter(entered, By())
        ahead = announcements(storage, clock, read, tmp_path)
        await ahead.once()
        homes = [Address(street=VILNIUS, house="5"), Address(street=ATOMNYKIV, house="2")]
        for theirs in ([homes[0]], [homes[1]], homes):
            for phrase in announcement(outage, theirs, KYIV, now=clock.now()):
                for language in Language:
                    assert (phrase.text(language), language) in read.texts
        (choices,) = lists_of_streets([outage])
        for phrase in where_choices(choices, more=False):
            assert (phrase.uk, Language.UKRAINIAN) in read.texts

        moved = replace(outage, expected_end=clock.now() + timedelta(days=2))
        outage = await storage.outages.change(outage, moved, By())
        await ahead.once()
        for phrase in announcement(outage, homes, KYIV, now=clock.now()):
            assert (phrase.uk, Language.UKRAINIAN) in read.texts


async def test_what_callers_hear_of_power_is_read_ahead_and_follows_the_schedule_and_the_clock(
    tmp_path: Path,
) -> None:
    clock, read = SetClock(), Read()
    async with fresh_storage(clock) as storage:
        day, ahead = clock.now().astimezone(KYIV).date(), announcements(storage, clock, read, tmp_path)

        async def hear(hours: dict[int, str]) -> None:
            told = read_told(published(day, {"4.1": hours}), heard_at=clock.now(), zone=KYIV)
            await storage.power.take(told, source="file", by=None)
            await ahead.once()

        await hear({19: "no", 20: "no"})
        assert "від вісімнадцятої до двадцятої" in read.power()
        await hear({19: "no"})
        assert "від вісімнадцятої до дев'ятнадцятої" in read.power()
        assert "Ці дані" not in read.power()
        clock.pass_by(timedelta(hours=2, minutes=1).total_seconds())
        await ahead.once()
        assert "Ці дані" in read.power()
