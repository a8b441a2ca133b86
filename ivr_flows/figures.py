"""Numbers, days and times in figures, for chats: `ivr_flows.languages.Words`, read and not heard."""

from collections.abc import Mapping
from datetime import date, time
from types import ModuleType

from attrs import frozen

from hotline.voice import ukrainian
from hotline.voice.speech import Language
from ivr_flows import english


@frozen(kw_only=True, eq=False)
class Figures:
    """The figures of one language; what is no figure it takes from that language's words."""

    LANGUAGE: Language
    _words: ModuleType
    _months: tuple[str, ...]
    _on: str
    """Stands before a day that is neither today nor tomorrow."""
    _at: str
    _until: str
    _between: str

    def cardinal(self, number: int, /) -> str:
        return str(number)

    def people(self, number: int, /) -> str:
        return str(self._words.people(number))

    def about_minutes(self, minutes: int, /) -> str:
        return str(self._words.about_minutes(minutes))

    def digits(self, number: str, /) -> str:
        return number

    def key(self, key: str, /) -> str:
        return key

    def day(self, when: date, /) -> str:
        return f"{when.day} {self._months[when.month - 1]}"

    def near_day(self, when: date, today: date, /) -> str:
        far = 2
        near = abs((when - today).days) < far
        return str(self._words.near_day(when, today)) if near else f"{self._on}{self.day(when)}"

    def at(self, moment: time, /) -> str:
        return f"{self._at} {moment:%H:%M}"

    def until(self, moment: time, /) -> str:
        return f"{self._until} {_end(moment)}"

    def between(self, since: time, until: time, /) -> str:
        return self._between.format(since=f"{since:%H:%M}", until=_end(until))


def _end(moment: time) -> str:
    """Midnight ends a day."""
    return f"{moment:%H:%M}" if moment != time(0) else "24:00"


FIGURES: Mapping[Language, Figures] = {
    Language.UKRAINIAN: Figures(
        LANGUAGE=Language.UKRAINIAN,
        words=ukrainian,
        months=ukrainian.MONTHS,
        on="",
        at="о",
        until="до",
        between="з {since} до {until}",
    ),
    Language.ENGLISH: Figures(
        LANGUAGE=Language.ENGLISH,
        words=english,
        months=english.MONTHS,
        on="on ",
        at="at",
        until="by",
        between="from {since} to {until}",
    ),
}
