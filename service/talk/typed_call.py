"""A call without telephony (`hotline.calls.conversation.Call`): cues for keys, a transcript for the voice.

Keys behave as on the telephone: one that is typed ahead answers the next question, whose words are not said
then; one that cuts in stops the voice where a key stops it.
"""

from collections import deque
from collections.abc import Awaitable, Iterable, Sequence
from enum import Enum
from typing import Protocol

from hotline.calls.call import Scalar, Step
from hotline.calls.conversation import DigitTimeouts, Done, Held, Spoken, TalkEnd
from hotline.calls.skills import Skill
from hotline.city.addresses import Address
from hotline.errors import CallGone
from hotline.speech.hearing import NO_HINTS, Heard, Hints, typed
from hotline.speech.masking import without_secrets
from hotline.voice.speech import Language, Phrase
from service.talk.clock import TalkClock
from service.talk.cues import HANG_UP, KEYS, SPEECH, Cue
from service.talk.transcript import Transcript

CALL_ID = "talk"
MESSAGE_SECONDS = 4.0
LETTERS_A_SECOND = 15.0
"""About how fast the city's voice reads."""
HIDDEN = "***"
"""Stands in the journey for secret keys."""
WAITING = "waiting"
UNSURE_SIGN, UNSURE = "?", 0.3
"""The sign behind words that an ear is not sure of, and its confidence."""
UNSAID = "-unsaid"
"""Ends the name of a dictation in which nothing was said."""


class Asking(Enum):
    """The kinds of answer that a caller is asked for."""

    KEY = "key"
    """A question: they answer it by keys."""
    PATIENCE = "patience"
    """Music: they wait, or press a key that is offered."""
    SPEECH = "speech"
    """A beep: they speak."""


class Caller(Protocol):
    """Where cues come from: a script, or somebody at the terminal."""

    @property
    def shown(self) -> bool:
        """Whether what they type can be seen without being told."""
        ...

    def next(self, asking: Asking) -> Sequence[Cue]:
        """Give what they do now that they are asked: one cue at least."""
        ...

    def cutting_in(self, phrases: str, *, question: bool) -> Sequence[Cue]:
        """Give what they do while the hotline says these phrases, by their names; empty: they listen.

        `question`: the phrases ask for a key, so that `next` follows.
        """
        ...


class Desk(Protocol):
    """Dispatchers and duty contacts, who come for a caller who holds."""

    async def joined(self, call_id: str) -> None:
        """Ring somebody for a caller who has come into the line, if anybody is free for them at once."""
        ...

    async def comes(self, call_id: str) -> str | None:
        """Serve the line once: the name of the dispatcher who has answered this caller; None: nobody."""
        ...

    async def contact(self) -> bool:
        """Whether a duty contact has come for them."""
        ...

    async def talked(self, call_id: str, end: TalkEnd) -> None:
        """End the talk in the line as telephony does, so that the caller stands where it puts them."""
        ...


class TypedCall:
    """One conversation. `steps` are what its journey would keep."""

    def __init__(
        self,
        caller: Caller,
        transcript: Transcript,
        clock: TalkClock,
        desk: Desk,
        *,
        number: str | None,
        language: Language = Language.UKRAINIAN,
        outgoing: bool = False,
        place_kept: str | None = None,
        asked_about: str | None = None,
        recording_refused: bool = False,
        hears: bool = False,
        talks: Iterable[TalkEnd] = (),
    ) -> None:
        self.id = CALL_ID
        self.number = number
        self.language = language
        self.outgoing = outgoing
        self.place_kept = place_kept
        self.perhaps_a_machine = False
        self.asked_about = asked_about
        self.answered_for: int | None = None
        self.recording_refused = recording_refused
        self.hears = hears
        self.addresses: Sequence[Address] | None = None
        self.topic: Skill | None = None
        self.said_in_menu: Heard | None = None
        self.knows_menu = False
        self.urgent = False
        self.steps: list[tuple[Step, dict[str, Scalar]]] = []
        self.said: list[tuple[Phrase, Language]] = []
        self._caller = caller
        self._transcript = transcript
        self._clock = clock
        self._desk = desk
        self._talks = deque(talks)
        self._timeouts = DigitTimeouts()
        self._cues: deque[Cue] = deque()
        self._keys: deque[str] = deque()
        self._announced = ""
        self._stops_at = 0
        self._told: set[str] = set()
        self._words = ""
        self._messages = 0
        self._talks_with = ""
        self._contact = False
        self._gone = False

    async def answer(self) -> None:
        self._still_there()
        await self.note(Step.ANSWERED)

    async def speak(self, language: Language) -> None:
        self._still_there()
        self.language = language
        await self.note(Step.LANGUAGE_CHOSEN, language=language.value)

    async def set_urgent(self, *, urgent: bool) -> None:
        self.urgent = urgent

    async def refuse_recording(self) -> None:
        self._still_there()
        self.recording_refused = True
        await self.note(Step.RECORDING_REFUSED)

    async def play(self, *phrases: Phrase, cut_by: str = "") -> None:
        self._still_there()
        await self._say(phrases, cut_by=cut_by)

    async def announce(self, *phrases: Phrase, insist: bool = False) -> bool:
        self._still_there()
        self._announced = _names(phrases)
        self._stops_at = len(self._keys) if insist else 0
        if len(self._keys) > self._stops_at:
            return False
        return not await self._say(phrases, cut_by=KEYS)

    async def stopped_by(self, key: str) -> bool:
        if list(self._keys)[self._stops_at :][:1] != [key]:
            return False
        self._keys.clear()
        await self.note(Step.PRESSED, key=key, asked=self._announced)
        return True

    async def choose(self, *phrases: Phrase, keys: str) -> str | None:
        self._still_there()
        return await self._noted(phrases, keys, await self._key_after(phrases))

    async def _noted(self, phrases: Sequence[Phrase], keys: str, key: str | None) -> str | None:
        if key is None:
            await self.note(Step.SILENT, asked=_names(phrases))
        else:
            step = Step.PRESSED if key in keys else Step.WRONG_KEY
            await self.note(step, key=key, asked=_names(phrases))
        return key

    async def listen(
        self,
        *phrases: Phrase,
        keys: str,
        hints: Hints = NO_HINTS,  # noqa: ARG002 - what is typed is heard as it is
        most_seconds: float = 8.0,  # noqa: ARG002
    ) -> str | Heard | None:
        if not self.hears or self._keys:
            return await self.choose(*phrases, keys=keys)
        self._still_there()
        self._words = ""
        key = await self._key_after(phrases)
        if key is not None or not self._words:
            return await self._noted(phrases, keys, key)
        heard = _heard(self._words, self.language)
        told: dict[str, Scalar] = {
            "words": without_secrets([word.text for word in heard.words]),
            "confidence": heard.confidence,
        }
        await self.note(Step.SAID, **told, engine=heard.engine.value, asked=_names(phrases))
        return heard

    async def digits(self, *phrases: Phrase, most: int, end: str = "#", secret: bool = False) -> str | None:
        self._still_there()
        number = ""
        key = await self._key_after(phrases)
        while key is not None and key != end:
            number += key
            if len(number) == most:
                self._swallow(end)
                break
            key = self._keys.popleft() if self._keys else None  # a pause ends the number
        if key is None and not number:
            await self.note(Step.SILENT, asked=_names(phrases))
            return None
        await self.note(Step.PRESSED, key=HIDDEN if secret else number, asked=_names(phrases))
        return number

    async def record(self, *, most_seconds: int, **detail: Scalar) -> Spoken:
        self._still_there()
        self._messages += 1
        message = f"{self.id}-message-{self._messages}"
        await self.note(Step.MESSAGE_LEFT, message=message, **detail)
        seconds = self._speaks(most_seconds)
        if not seconds:
            await self.note(Step.MESSAGE_EMPTY, message=message)
        return Spoken(message=message, seconds=seconds)

    async def dictate(self, *, most_seconds: int) -> Spoken:
        self._still_there()
        self._messages += 1
        seconds = self._speaks(most_seconds)
        self._still_there()
        name = f"{self.id}-dictated-{self._messages}"
        return Spoken(message=name if seconds else f"{name}{UNSAID}", seconds=seconds)

    async def until_heard_from(self) -> None:
        """Return at once: a caller at the terminal is there."""
        self._still_there()

    async def hold(self, seconds: float, *, keys: str = "") -> Held | str:
        self._still_there()
        dispatcher = await self._desk.comes(self.id)
        if dispatcher is not None:
            self._talks_with, self._contact = dispatcher, False
            return Held.ANSWERED
        if await self._desk.contact():
            self._talks_with, self._contact = self._transcript.words.contact, True
            return Held.CONTACT
        if not self._pressed(keys):
            self._transcript.happened(self._transcript.words.music.format(seconds=round(seconds)))
            self._press(self._next_cues(Asking.PATIENCE))
        pressed = self._pressed(keys)
        if pressed is None:
            self._clock.pass_by(seconds)
            return Held.ELAPSED
        self._keys.clear()
        await self.note(Step.PRESSED, key=pressed, asked=WAITING)
        return pressed

    def has_pressed(self, key: str) -> bool:
        return key in self._keys

    async def unless_somebody_comes(self, look_up: Awaitable[Done], otherwise: Done) -> Done:
        del otherwise
        return await look_up

    def was_told(self, phrase: Phrase) -> bool:
        return phrase.told_as(self.language) in self._told

    async def talk(self) -> TalkEnd:
        self._still_there()
        words = self._transcript.words
        end = self._talks.popleft() if self._talks else TalkEnd.OVER
        await self.note(Step.TALK_STARTED, **({"contact": True} if self._contact else {}))
        who = self._talks_with or words.dispatcher
        self._transcript.happened(words.talk.format(who=who, end=words.ends[end]))
        if end is TalkEnd.PASSED_ON:
            await self.note(Step.TRANSFERRED)
        await self.note(Step.TALK_ENDED)
        self._keys.clear()
        await self._desk.talked(self.id, end)
        return end

    async def meet(self, call_id: str) -> bool:
        self._still_there()
        await self.note(Step.TALK_STARTED, **{"with": call_id})
        self._transcript.happened(self._transcript.words.meets.format(call=call_id))
        await self.note(Step.TALK_ENDED)
        return True

    async def note(self, step: Step, **detail: Scalar) -> None:
        self.steps.append((step, detail))
        self._transcript.noted(step, detail)
        if step in {Step.JOINED_LINE, Step.RETURNED_TO_LINE}:
            await self._desk.joined(self.id)

    async def _say(self, phrases: Sequence[Phrase], *, cut_by: str, question: bool = False) -> bool:
        """Say the phrases; True: a key of `cut_by` stopped them. All keys pressed meanwhile are kept."""
        once = " ".join(phrase.told_as(self.language) for phrase in phrases if phrase.once)
        self._told |= set(once.split())
        await self.note(Step.HEARD, phrases=_names(phrases), **({"once": once} if once else {}))
        typed = [] if self._cues else self._caller.cutting_in(_names(phrases), question=question)
        self._cues.extend(typed)
        meanwhile = self._taken() if self._cues and self._cues[0].cuts_in else []
        cut = any(cue.sign in cut_by + HANG_UP for cue in meanwhile)
        heard = phrases[:1] if cut else phrases
        self._transcript.said(heard, self.language, cut=cut)
        self.said += [(phrase, self.language) for phrase in heard]
        self._clock.pass_by(sum(len(phrase.text(self.language)) for phrase in heard) / LETTERS_A_SECOND)
        if typed:
            self._transcript.did(typed, shown=self._caller.shown)
        self._press(meanwhile)
        return cut

    async def _key_after(self, phrases: Sequence[Phrase]) -> str | None:
        """The first key during the phrases or after them; after one pressed before they are not said."""
        if not self._keys and phrases:
            await self._say(phrases, cut_by=KEYS, question=True)
        if not self._keys:
            self._press(self._next_cues(Asking.KEY))
        if self._keys:
            return self._keys.popleft()
        self._clock.pass_by(self._timeouts.first)
        return None

    def _next_cues(self, asking: Asking) -> Sequence[Cue]:
        """Take what is typed already, up to a silence, or else ask for more."""
        if not self._cues:
            typed = self._caller.next(asking)
            self._cues.extend(typed)
            self._transcript.did(typed, shown=self._caller.shown)
        return self._taken()

    def _taken(self) -> Sequence[Cue]:
        """Take one cue, and all keys that follow a key."""
        taken = [self._cues.popleft()]
        while taken[-1].is_key and self._cues and self._cues[0].is_key:
            taken.append(self._cues.popleft())
        return taken

    def _press(self, cues: Sequence[Cue]) -> None:
        """Press the keys; raises CallGone where they hang up."""
        for cue in cues:
            if cue.sign == HANG_UP:
                self._gone = True
            elif cue.is_key:
                self._keys.append(cue.sign)
            elif cue.says:
                self._words = cue.says
        self._still_there()

    def _pressed(self, keys: str) -> str | None:
        return next((key for key in self._keys if key in keys), None)

    def _swallow(self, end: str) -> None:
        """Take the key that ends a number which was complete without it."""
        if self._keys and self._keys[0] == end:
            self._keys.popleft()

    def _speaks(self, most_seconds: int) -> float:
        """Let the caller speak after the beep; returns how long.

        A caller who hangs up has said it all the same.
        """
        self._transcript.happened(self._transcript.words.beep.format(seconds=most_seconds))
        cue = self._next_cues(Asking.SPEECH)[0]
        self._keys.clear()
        self._gone = cue.sign == HANG_UP
        if cue.sign not in {SPEECH, HANG_UP, "#"}:
            return 0.0
        seconds = min(MESSAGE_SECONDS, most_seconds)
        self._clock.pass_by(seconds)
        return seconds

    def _still_there(self) -> None:
        if self._gone:
            raise CallGone(f"{self.id} hung up")


def _names(phrases: Sequence[Phrase]) -> str:
    return " ".join(phrase.name for phrase in phrases)


def _heard(words: str, language: Language) -> Heard:
    """Give what an ear would give for these words; UNSURE_SIGN behind them: it is not sure."""
    confidence = UNSURE if words.endswith(UNSURE_SIGN) else 1.0
    return typed(words.rstrip(UNSURE_SIGN), language, confidence=confidence)
