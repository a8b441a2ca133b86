"""Texts of `hotline citizen`, in Ukrainian and English."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.terminal_language import in_locale
from telephony.phone.timeline import End, EventKind, Who

_DIGIT_NAMES = {"*": "✱", "#": "#"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The texts of one language; braces name the values filled in."""

    kinds: Mapping[EventKind, str]
    ends: Mapping[Who, str]
    nobody: str
    sound: str
    key: str
    not_answered: str
    answered: str
    saved: str
    heard: str

    def event(self, at: float, kind: EventKind, detail: str) -> str:
        """One line of the timeline."""
        shown = _DIGIT_NAMES.get(detail, detail)
        return f"{at:7.2f}  " + self.kinds[kind].format(detail=shown).rstrip()

    def summary(self, end: End, seconds: float | None) -> str:
        ended = self.ends[end.who]
        if seconds is None:
            return self.not_answered.format(ended=ended, code=end.code, reason=end.reason)
        return self.answered.format(seconds=seconds, ended=ended)


UKRAINIAN = Words(
    kinds={
        EventKind.CALLED: "дзвонимо на {detail}",
        EventKind.RUNG: "дзвінок {detail}",
        EventKind.PROVISIONAL: "лінія: {detail}",
        EventKind.ANSWERED: "відповіли",
        EventKind.VOICE: "голос звучить",
        EventKind.PAUSE: "голос замовк",
        EventKind.PRESSED: "натиснуто {detail}",
        EventKind.DIGIT: "отримано цифру {detail}",
        EventKind.HELD: "поставлено на утримання",
        EventKind.RESUMED: "знято з утримання",
        EventKind.HELD_BY_PEER: "нас поставили на утримання {detail}",
        EventKind.RESUMED_BY_PEER: "нас зняли з утримання",
        EventKind.TRANSFERRED: "переведено на {detail}",
        EventKind.ASKED_TO_TRANSFER: "просять передзвонити на {detail}",
        EventKind.ENDED: "кінець розмови",
    },
    ends={Who.US: "поклали слухавку ми", Who.PEER: "завершила гаряча лінія", Who.NETWORK: "зв’язок зник"},
    nobody="Гаряча лінія не відповідає: чи запущено ./start?",
    not_answered="Не з’єднано: {ended} ({code} {reason}).",
    answered="Розмова тривала {seconds:.1f} с; {ended}.",
    saved="Почуте збережено: {path}",
    heard="Почуто: {text}",
    sound="Цей звук не можна відтворити: {error}",
    key="Невідома клавіша {key!r}: можна цифри, *, # і коми, що чекають на паузу голосу: 2,2600001#.",
)

ENGLISH = Words(
    kinds={
        EventKind.CALLED: "calling {detail}",
        EventKind.RUNG: "ringing {detail}",
        EventKind.PROVISIONAL: "line: {detail}",
        EventKind.ANSWERED: "answered",
        EventKind.VOICE: "voice is heard",
        EventKind.PAUSE: "voice has stopped",
        EventKind.PRESSED: "pressed {detail}",
        EventKind.DIGIT: "received digit {detail}",
        EventKind.HELD: "put on hold",
        EventKind.RESUMED: "taken off hold",
        EventKind.HELD_BY_PEER: "they put us on hold {detail}",
        EventKind.RESUMED_BY_PEER: "they took us off hold",
        EventKind.TRANSFERRED: "transferred to {detail}",
        EventKind.ASKED_TO_TRANSFER: "asked to call {detail}",
        EventKind.ENDED: "the call is over",
    },
    ends={Who.US: "we hung up", Who.PEER: "the hotline hung up", Who.NETWORK: "the connection was lost"},
    nobody="The hotline does not answer: is ./start running?",
    not_answered="Not connected: {ended} ({code} {reason}).",
    answered="The call lasted {seconds:.1f} s; {ended}.",
    saved="What was heard is in {path}",
    heard="Heard: {text}",
    sound="This sound cannot be played: {error}",
    key="Unknown key {key!r}: give digits, *, # and commas, which wait for the voice to pause.",
)


def words_for(locale: str) -> Words:
    return in_locale(locale, ukrainian=UKRAINIAN, english=ENGLISH)
