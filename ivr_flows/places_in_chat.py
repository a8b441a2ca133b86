"""Places as chats show them: streets by their names, houses in figures."""

from collections.abc import Mapping
from types import ModuleType

from attrs import frozen

from hotline.city.addresses import Area, Side
from hotline.voice.speech import without_stress
from ivr_flows import english_places, ukrainian_places


@frozen(kw_only=True)
class PlacesInChat:
    """The places of one language (`ivr_flows.outage_phrases.Places`)."""

    _aloud: ModuleType
    _latin: bool
    _house: str
    _houses: str
    _since: str
    _until: str
    _sides: Mapping[Side, str]

    def name(self, street: str, /) -> str:
        return str(self._aloud.name(street)) if self._latin else street

    def at(self, street: str, /) -> str:
        return without_stress(self._aloud.at(street))

    def letter(self, letter: str, /) -> str:
        return letter

    def houses(self, area: Area, /) -> str:
        """Write which houses of the street: `будинки 1–9`; nothing of a whole street."""
        if area.whole:
            return ""
        if area.letter or (area.first is not None and area.first == area.last):
            return f"{self._house} {area.first or ''}{area.letter.upper()}"
        return f"{self._sides[area.side]}{self._houses} {self._range(area.first, area.last)}"

    def _range(self, first: int | None, last: int | None) -> str:
        if first is not None and last is not None:
            return f"{first}–{last}"
        return f"{self._since} {first}" if last is None else f"{self._until} {last}"


UKRAINIAN = PlacesInChat(
    aloud=ukrainian_places,
    latin=False,
    house="будинок",
    houses="будинки",
    since="від",
    until="до",
    sides={Side.ODD: "непарні ", Side.EVEN: "парні ", Side.BOTH: ""},
)
ENGLISH = PlacesInChat(
    aloud=english_places,
    latin=True,
    house="house",
    houses="houses",
    since="from",
    until="up to",
    sides={Side.ODD: "odd ", Side.EVEN: "even ", Side.BOTH: ""},
)
