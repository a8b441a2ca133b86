"""The city's own data of air-raid alerts: whose are ours, what residents are told, what the centre does."""

from collections.abc import Sequence
from dataclasses import dataclass

from hotline.documents.document import DocumentKind
from hotline.documents.in_force import InForce
from hotline.documents.reading import document_of, note_doubled


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Something that changes in the centre while an alert holds."""

    uk: str
    en: str

    def said(self, language: str) -> str:
        return self.en if language == "en" and self.en else self.uk


@dataclass(frozen=True, slots=True, kw_only=True)
class AirRaidRules:
    """Locations by name or code as the source has them; `residents` is what public pages say."""

    locations: Sequence[str]
    residents: Measure
    measures: Sequence[Measure]


def read_air_raid(text: str, _version: int) -> AirRaidRules:
    """Read them; raises DocumentFaults."""
    document = document_of(text)
    locations = [(row, row.text("name")) for row in document.rows("location", needed=False)]
    note_doubled(locations, "name")
    measures = [
        (row, row.text("uk"), row.text("en", needed=False)) for row in document.rows("measure", needed=False)
    ]
    note_doubled(((row, uk) for row, uk, _ in measures), "uk")
    made = AirRaidRules(
        locations=[name for _, name in locations],
        residents=Measure(
            uk=document.text("residents_uk", needed=False), en=document.text("residents_en", needed=False)
        ),
        measures=[Measure(uk=uk, en=en) for _, uk, en in measures],
    )
    document.end()
    return made


AIR_RAID = InForce(DocumentKind.AIR_RAID, read_air_raid)


def air_raid_rules() -> AirRaidRules:
    """Give the rules in force."""
    return AIR_RAID.get()
