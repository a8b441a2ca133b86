"""A citizen on the line who does what a script says and remembers what they heard."""

from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence

from hotline.calls.call import Scalar, Step
from hotline.calls.conversation import Done, Held, Spoken, TalkEnd
from hotline.calls.skills import Skill
from hotline.city.addresses import Address
from hotline.errors import CallGone
from hotline.speech.hearing import NO_HINTS, Heard, Hints
from hotline.voice.speech import Language, Phrase
from tests.fakes.said import heard

SILENCE = "_"


def aloud(words: str, confidence: float = 1.0) -> Heard:
    """Give what a caller says in the place of a key; no words: something that nobody could make out."""
    return heard(words, confidence)


async def nobody_comes(_seconds: float) -> bool:
    """A hold that ends without a dispatcher."""
    return False


async def to_nobody(_call_id: str) -> None:
    """A passing on that puts the caller nowhere."""


class FakeCall:
    """A `hotline.calls.conversation.Call`. `keys` are pressed when asked for; `_` and the end are silence.

    Among the keys may be words said `aloud`: where nobody listens for them they are silence. An ear is there
    when something is said, or by `hears`; `listened_for` has the words that each question listened for.

    An impatient caller presses as soon as a voice begins, so that announcements are cut short.
    `hang_up_at` ends the call at that verb, counted from 1; whatever is asked afterwards ends it again.
    """

    def __init__(
        self,
        keys: Iterable[str | Heard] = "",
        *,
        hears: bool | None = None,
        impatient: bool = False,
        hang_up_at: int | None = None,
        hold: Callable[[float], Awaitable[bool]] = nobody_comes,
        talks: Iterable[TalkEnd] = (),
        pass_on: Callable[[str], Awaitable[None]] = to_nobody,
        message_seconds: float = 4.0,
        asked_about: str | None = None,
        call_id: str = "call-1",
        number: str | None = "+380457900001",
        outgoing: bool = False,
        place_kept: str | None = None,
        meets: bool = True,
        contact_comes: bool = False,
    ) -> None:
        self.id = call_id
        self.number = number
        self.language = Language.UKRAINIAN
        self.recording_refused = False
        self.addresses: Sequence[Address] | None = None
        self.topic: Skill | None = None
        self.said_in_menu: Heard | None = None
        self.knows_menu = False
        self.urgent = False
        self.outgoing = outgoing
        self.place_kept = place_kept
        self.perhaps_a_machine = False
        self.asked_about = asked_about
        self.answered_for: int | None = None
        self.listened_for: list[Hints] = []
        self.heard: list[str] = []
        self.said: list[str] = []
        self.notes: list[tuple[Step, dict[str, Scalar]]] = []
        self.verbs: list[str] = []
        self.messages = 0
        self._told_once: set[str] = set()
        self._keys = deque(keys)
        self.hears = any(not isinstance(one, str) for one in self._keys) if hears is None else hears
        self._impatient = impatient
        self._hang_up_at = hang_up_at
        self._hold = hold
        self._talks = deque(talks)
        self._pass_on = pass_on
        self._message_seconds = message_seconds
        self._meets = meets
        self._contact_comes = contact_comes

    @property
    def steps(self) -> list[Step]:
        return [step for step, _ in self.notes]

    async def answer(self) -> None:
        self._do("answer")

    async def speak(self, language: Language) -> None:
        self._do("speak")
        self.language = language

    async def set_urgent(self, *, urgent: bool) -> None:
        self.urgent = urgent

    async def refuse_recording(self) -> None:
        self._do("refuse_recording")
        self.recording_refused = True

    async def play(self, *phrases: Phrase, cut_by: str = "") -> None:  # noqa: ARG002 - nothing takes time here
        self._do("play")
        self._hear(phrases)

    async def announce(self, *phrases: Phrase, insist: bool = False) -> bool:
        self._do("announce insisting" if insist else "announce")
        self._hear(phrases)
        return not (self._impatient and self._keys and self._keys[0] != SILENCE)

    async def stopped_by(self, key: str) -> bool:
        if not self._impatient or not self._keys or self._keys[0] != key:
            return False
        self._keys.clear()
        await self.note(Step.PRESSED, key=key)
        return True

    async def choose(self, *phrases: Phrase, keys: str) -> str | None:
        self._do("choose")
        assert keys
        if phrases:
            self._hear(phrases)
        return self._next_key()

    async def listen(
        self,
        *phrases: Phrase,
        keys: str,
        hints: Hints = NO_HINTS,
        most_seconds: float = 8.0,  # noqa: ARG002 - nothing takes time here
    ) -> str | Heard | None:
        self.listened_for.append(hints)
        said = self._keys[0] if self._keys else SILENCE
        if isinstance(said, str) or not self.hears:
            return await self.choose(*phrases, keys=keys)
        self._do("listen")
        if phrases:
            self._hear(phrases)
        self._keys.popleft()
        await self.note(Step.SAID, words=said.text, confidence=said.confidence, engine=said.engine.value)
        return said

    async def digits(self, *phrases: Phrase, most: int, end: str = "#", secret: bool = False) -> str | None:
        self._do("secret digits" if secret else "digits")
        if phrases:
            self._hear(phrases)
        number = ""
        key = self._next_key()
        if key is None:
            return None
        while key is not None and key != end:
            number += key
            if len(number) == most:
                break
            key = self._next_key()
        return number

    async def record(self, *, most_seconds: int, **detail: Scalar) -> Spoken:
        """Whoever hangs up while recording has left a message; the next verb ends the call."""
        self.messages += 1
        self._do("record", hung_up_later=True)
        message = f"{self.id}-message-{self.messages}"
        await self.note(Step.MESSAGE_LEFT, message=message, **detail)
        return Spoken(message=message, seconds=min(self._message_seconds, most_seconds))

    async def dictate(self, *, most_seconds: int) -> Spoken:
        self.messages += 1
        self._do("dictate")
        seconds = min(self._message_seconds, most_seconds)
        return Spoken(message=f"{self.id}-dictated-{self.messages}", seconds=seconds)

    def was_told(self, phrase: Phrase) -> bool:
        return phrase.told_as(self.language) in self._told_once

    async def until_heard_from(self) -> None:
        self._do("until_heard_from")

    async def hold(self, seconds: float, *, keys: str = "") -> Held | str:
        self._do("hold")
        if await self._hold(seconds):
            return Held.ANSWERED
        if self._contact_comes:
            return Held.CONTACT
        pressed = self._keys[0] if self._keys else SILENCE
        if isinstance(pressed, str) and pressed in keys:
            self._keys.popleft()
            return pressed
        if pressed == SILENCE and self._keys:
            self._keys.popleft()
        return Held.ELAPSED

    def has_pressed(self, key: str) -> bool:
        return list(self._keys)[:1] == [key]

    async def unless_somebody_comes(self, look_up: Awaitable[Done], otherwise: Done) -> Done:
        del otherwise
        return await look_up

    async def meet(self, call_id: str) -> bool:
        self._do(f"meet {call_id}")
        return self._meets

    async def talk(self) -> TalkEnd:
        self._do("talk")
        end = self._talks.popleft() if self._talks else TalkEnd.OVER
        if end in {TalkEnd.PASSED_ON, TalkEnd.INTERRUPTED}:
            await self._pass_on(self.id)
        return end

    async def note(self, step: Step, **detail: Scalar) -> None:
        self.notes.append((step, detail))

    def _do(self, verb: str, *, hung_up_later: bool = False) -> None:
        at = self._hang_up_at
        if at is None or len(self.verbs) < at:
            self.verbs.append(verb)
        if at is not None and len(self.verbs) >= at and not hung_up_later:
            raise CallGone(f"{self.id} hung up at {verb}")

    def _hear(self, phrases: tuple[Phrase, ...]) -> None:
        assert phrases, "silence was played"
        self.heard += [phrase.name for phrase in phrases]
        self._told_once |= {phrase.told_as(self.language) for phrase in phrases if phrase.once}
        self.said += [phrase.text(self.language) for phrase in phrases]

    def _next_key(self) -> str | None:
        key = self._keys.popleft() if self._keys else SILENCE
        return key if isinstance(key, str) and key != SILENCE else None
