"""What `hotline citizen` prints, in Ukrainian and English: one place for all of its words."""

from collections.abc import Mapping
from dataclasses import dataclass

from telephony.phone.timeline import End, Kind, Who

_DIGIT_NAMES = {"*": "✱", "#": "#"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language's words; the braces name what is put in."""

    kinds: Mapping[Kind, str]
    ends: Mapping[Who, str]
    nobody: str
    sound: str
    key: str
    not_answered: str
    answered: str
    saved: str

    def event(self, at: float, kind: Kind, detail: str) -> str:
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
        Kind.CALLED: "дзвонимо на {detail}",
        Kind.RUNG: "дзвінок {detail}",
        Kind.PROVISIONAL: "лінія: {detail}",
        Kind.ANSWERED: "відповіли",
        Kind.VOICE: "голос звучить",
        Kind.PAUSE: "голос замовк",
        Kind.PRESSED: "натиснуто {detail}",
        Kind.DIGIT: "отримано цифру {detail}",
        Kind.HELD: "поставлено на утримання",
        Kind.RESUMED: "знято з утримання",
        Kind.HELD_BY_PEER: "нас поставили на утримання {detail}",
        Kind.RESUMED_BY_PEER: "нас зняли з утримання",
        Kind.TRANSFERRED: "переведено на {detail}",
        Kind.ASKED_TO_TRANSFER: "просять передзвонити на {detail}",
        Kind.ENDED: "кінець розмови",
    },
    ends={Who.US: "поклали слухавку ми", Who.PEER: "завершила гаряча лінія", Who.NETWORK: "зв’язок зник"},
    nobody="Гаряча лінія не відповідає: чи запущено ./start?",
    not_answered="Не з’єднано: {ended} ({code} {reason}).",
    answered="Розмова тривала {seconds:.1f} с; {ended}.",
    saved="Почуте збережено: {path}",
    sound="Цей звук не можна відтворити: {error}",
    key="Невідома клавіша {key!r}: можна цифри, *, #, «,» (секунда паузи) і «w» (дочекатися кінця фрази).",
)

ENGLISH = Words(
    kinds={
        Kind.CALLED: "calling {detail}",
        Kind.RUNG: "ringing {detail}",
        Kind.PROVISIONAL: "line: {detail}",
        Kind.ANSWERED: "answered",
        Kind.VOICE: "voice is heard",
        Kind.PAUSE: "voice has stopped",
        Kind.PRESSED: "pressed {detail}",
        Kind.DIGIT: "received digit {detail}",
        Kind.HELD: "put on hold",
        Kind.RESUMED: "taken off hold",
        Kind.HELD_BY_PEER: "they put us on hold {detail}",
        Kind.RESUMED_BY_PEER: "they took us off hold",
        Kind.TRANSFERRED: "transferred to {detail}",
        Kind.ASKED_TO_TRANSFER: "asked to call {detail}",
        Kind.ENDED: "the call is over",
    },
    ends={Who.US: "we hung up", Who.PEER: "the hotline hung up", Who.NETWORK: "the connection was lost"},
    nobody="The hotline does not answer: is ./start running?",
    not_answered="Not connected: {ended} ({code} {reason}).",
    answered="The call lasted {seconds:.1f} s; {ended}.",
    saved="What was heard is in {path}",
    sound="This sound cannot be played: {error}",
    key="Unknown key {key!r}: give digits, *, #, `,` (a second's pause) and `w` (wait for the voice to end).",
)


def words_for(locale: str) -> Words:
    """Choose by a POSIX locale such as `uk_UA.UTF-8`: Ukrainian unless it names English."""
    return ENGLISH if locale.lower().startswith("en") else UKRAINIAN
