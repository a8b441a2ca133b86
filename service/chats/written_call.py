"""A call in writing (`hotline.calls.conversation.Call`): phrases become messages, and messages answers.

It is held anew at each message: what was answered since its station is given again, in order, and what the
flow did then is not done a second time. Behind the last answer it goes on, up to the next question.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from enum import Enum
from typing import Any

from hotline.calls.call import Scalar, Step
from hotline.calls.conversation import Done, Held, Next, Spoken, TalkEnd
from hotline.calls.skills import Skill
from hotline.chats.chats import Button, LineKind, Medium, NewLine
from hotline.city.addresses import Address
from hotline.errors import CallGone
from hotline.speech.hearing import NO_HINTS, Heard, Hints, typed
from hotline.speech.topics import Topic
from hotline.voice.speech import Language, Phrase
from ivr_flows.in_chat import SILENCE, Message

KEYS = "0123456789*#"
NO_KEY = "?"
"""Stands for words that are none of the choices: flows take it for a key that is not offered."""
PERSON_KEY = "0"
SECRET = "secret"  # noqa: S105 - a detail's name
MASK = "••••"
MOST_WORDS = 60
"""Words of an answer that are understood, more than anybody says on the telephone; the whole text is kept."""
_DIGITS = "0123456789"


class Stop(Enum):
    """Reasons for which a flow stops before its end."""

    ASKED = "asked"
    """The resident has not answered its question yet."""
    CHANGED = "changed"
    """Replayed, the flow asks another question than it did then: the city has changed meanwhile."""


class WrittenCall:
    """One conversation, from its station on. `pending` are the lines that it adds."""

    outgoing = False
    place_kept: str | None = None
    perhaps_a_machine = False
    recording_refused = False
    knows_menu = False
    urgent = False

    def __init__(
        self,
        call_id: str,
        *,
        number: str | None,
        language: Language,
        past: Sequence[NewLine],
        save: Callable[[Sequence[NewLine]], Awaitable[None]],
        ends: bool = False,
        hears: bool = True,
        answers: Callable[[NewLine], Awaitable[NewLine]] | None = None,
        medium: Medium = Medium.WEB,
        address: str = "",
    ) -> None:
        """`past`: the lines since the station, that of the station first; `save` keeps lines at once.

        `ends`: they have gone. The question that waits is answered by hanging up. `answers` gives the answer
        to a question where it is at hand; else the flow is left there. `hears`: own words are understood.
        """
        self.id = call_id
        self.asked_about: str | None = None
        self.answered_for: int | None = None
        self.medium = medium
        self.address = address
        self.number = number
        self.language = language
        self.addresses: Sequence[Address] | None = None
        self.topic: Skill | None = None
        self.said_in_menu: Heard | None = None
        self.steps: list[tuple[Step, dict[str, Scalar]]] = []
        self.said: list[tuple[Phrase, Language]] = []
        self.pending: list[NewLine] = []
        self.message = Message()
        self.left_message = False
        self.stopped: asyncio.Future[Stop] = asyncio.get_running_loop().create_future()
        self._past = deque(one for one in past if one.kind is not LineKind.STATION)
        self._save = save
        self._ends = ends
        self._answers = answers
        self.hears = hears
        self._keys = ""
        self._told: set[str] = set()
        self._messages = 0
        self.taken_up = len(past) > 1
        """Whether something was said from its station on before it is held now."""
        self._taken_up = bool(past) and past[0].kind is LineKind.STATION
        if self._taken_up:
            self._begin(past[0].detail)

    def _begin(self, station: Any) -> None:
        self.language = Language(station.get("language", self.language))
        self.topic = Skill(station["topic"]) if station.get("topic") else None
        self._told = set(station.get("told", ()))
        self.asked_about = station.get("about")
        if heard := station.get("heard"):
            self.said_in_menu = typed(heard, self.language)

    async def arrive(self, going: Next | None) -> None:
        """Reach a station, or the greeting (None): from here on it is taken up again."""
        if self._taken_up:
            self._taken_up = False
            return
        if self._past:
            await self._stop(Stop.CHANGED)
        self.pending.append(
            NewLine(
                kind=LineKind.STATION,
                detail={
                    "next": going.value if going else "",
                    "language": self.language.value,
                    "topic": self.topic.value if self.topic else "",
                    "heard": self.said_in_menu.text if self.said_in_menu else "",
                    "told": sorted(self._told),
                    **({"about": self.asked_about} if self.asked_about else {}),
                },
            )
        )

    async def once(
        self, name: str, work: Callable[[], Awaitable[Done]], before: Callable[[], Awaitable[Done]]
    ) -> Done:
        """Do what must be done once; where it was done before, give what is so by now."""
        if self._past:
            line = self._past.popleft()
            if line.kind is not LineKind.DID or line.text != name:
                await self._stop(Stop.CHANGED)
            return await before()
        done = await work()
        await self._save([*self.pending, NewLine(kind=LineKind.DID, text=name)])
        self.pending.clear()
        return done

    async def word(self, name: str, work: Callable[[], Awaitable[str]]) -> str:
        """Do once what gives a word, and give the word of then where it was done before."""
        if self._past:
            line = self._past.popleft()
            if line.kind is not LineKind.DID or not line.text.startswith(f"{name} "):
                await self._stop(Stop.CHANGED)
            return line.text.removeprefix(f"{name} ")
        word = await work()
        await self._save([*self.pending, NewLine(kind=LineKind.DID, text=f"{name} {word}")])
        self.pending.clear()
        return word

    def will_do(self, name: str) -> bool:
        """Tell whether the flow did this then, behind the place to which it is held anew by now."""
        return any(one.kind is LineKind.DID and one.text == name for one in self._past)

    def decided(self, name: str, decide: Callable[[], bool]) -> bool:
        """Decide by what is not kept, such as a code, or give what was decided then."""
        if self._past and self._past[0].kind is LineKind.DID:
            return self._past.popleft().text == f"{name}-yes"
        found = decide()
        self.pending.append(NewLine(kind=LineKind.DID, text=f"{name}-{'yes' if found else 'no'}"))
        return found

    async def answer(self) -> None:
        await self.note(Step.ANSWERED)

    async def speak(self, language: Language) -> None:
        self.language = language
        await self.note(Step.LANGUAGE_CHOSEN, language=language.value)

    async def set_urgent(self, *, urgent: bool) -> None:
        self.urgent = urgent

    async def refuse_recording(self) -> None:
        await self.note(Step.RECORDING_REFUSED)

    async def play(self, *phrases: Phrase, cut_by: str = "") -> None:  # noqa: ARG002 - it is read
        await self._say(phrases)

    async def announce(self, *phrases: Phrase, insist: bool = False) -> bool:  # noqa: ARG002
        await self._say(phrases)
        return True

    async def stopped_by(self, key: str) -> bool:  # noqa: ARG002 - nobody presses on in a chat
        return False

    async def choose(self, *phrases: Phrase, keys: str) -> str | None:
        told = await self._ask(phrases, keys)
        key = self._key(told)
        if key is None and told.detail.get("topic") == Topic.PERSON and PERSON_KEY in keys:
            key = PERSON_KEY
        return await self._noted(phrases, keys, NO_KEY if key is None else key)

    async def listen(
        self,
        *phrases: Phrase,
        keys: str,
        hints: Hints = NO_HINTS,  # noqa: ARG002 - what is typed is read as it is
        most_seconds: float = 8.0,  # noqa: ARG002
    ) -> str | Heard | None:
        told = await self._ask(phrases, keys)
        key = self._key(told)
        written = "".join(told.text.split())
        if key is None and written.isdecimal() and set(_DIGITS) <= set(keys):
            self._keys, key = written[1:], written[0]
        if key is not None:
            return await self._noted(phrases, keys, key)
        heard = typed(" ".join(told.text.split()[:MOST_WORDS]), self.language)
        await self.note(Step.SAID, words=told.text, asked=_names(phrases))
        return heard

    async def digits(self, *phrases: Phrase, most: int, end: str = "#", secret: bool = False) -> str | None:
        if not phrases and self._keys:  # the rest of a number that was written whole
            rest, self._keys = self._keys, ""
            return rest[:most]
        if not phrases:
            return None
        told = await self._ask(phrases, _DIGITS + end, secret=secret)
        key = self._key(told)
        if key == SILENCE:
            await self.note(Step.SILENT, asked=_names(phrases))
            return None
        number = "" if key == end else "".join(filter(str.isdecimal, told.text))[:most]
        if key is not None and key in _DIGITS and not number:  # a choice was pressed
            number = key
        if secret and told.text == MASK:
            number = MASK  # what it was is not kept, and what came of it is
        await self.note(Step.PRESSED, key="***" if secret else number, asked=_names(phrases))
        return number

    async def record(self, *, most_seconds: int, **detail: Scalar) -> Spoken:  # noqa: ARG002 - it is read
        told = await self._ask((), "")
        self._messages += 1
        name = f"{self.id}-message-{self._messages}"
        if self._key(told) is not None:
            return Spoken(message=name, seconds=0.0)
        self.left_message = not detail  # what belongs to an appeal goes there, and waits for no dispatcher
        return Spoken(message=name, seconds=0.0, words=told.text)

    async def write(self, *phrases: Phrase, keys: str) -> str:
        """Ask for words: give them whole, or one of the keys."""
        told = await self._ask(phrases, keys)
        key = self._key(told)
        if key is not None and (key in keys or key == SILENCE):
            await self._noted(phrases, keys, key)
            return key
        await self.note(Step.SAID, words=told.text, asked=_names(phrases))
        return told.text

    async def until_heard_from(self) -> None:
        """Return at once: who writes is there."""

    async def hold(self, seconds: float, *, keys: str = "") -> Held | str:
        raise NotImplementedError("No flow of a chat waits in the line.")

    def has_pressed(self, key: str) -> bool:  # noqa: ARG002
        return False

    async def unless_somebody_comes(self, look_up: Awaitable[Done], otherwise: Done) -> Done:
        del otherwise
        return await look_up

    async def dictate(self, *, most_seconds: int) -> Spoken:
        raise NotImplementedError("No flow of a chat dictates for others.")

    def was_told(self, phrase: Phrase) -> bool:
        return phrase.told_as(self.language) in self._told

    async def talk(self) -> TalkEnd:
        raise NotImplementedError("No flow of a chat talks.")

    async def meet(self, call_id: str) -> bool:
        raise NotImplementedError("No flow of a chat meets a caller.")

    async def note(self, step: Step, **detail: Scalar) -> None:
        self.steps.append((step, detail))

    async def _say(self, phrases: Sequence[Phrase]) -> None:
        self._told |= {phrase.told_as(self.language) for phrase in phrases if phrase.once}
        self.said += [(phrase, self.language) for phrase in phrases]
        if not self._past:
            self.message.say(phrases, self.language)
        await self.note(Step.HEARD, phrases=_names(phrases))

    async def _ask(self, phrases: Sequence[Phrase], keys: str, *, secret: bool = False) -> NewLine:
        """Give the answer to the question: the one that was given then, or wait for it."""
        self._keys = ""
        asked = f"{_names(phrases)} {keys}".strip()
        if not self._past:
            await self._say(phrases)
            question = NewLine(
                kind=LineKind.ASKED,
                text=self.message.text,
                asked=asked,
                buttons=self.message.buttons,
                detail={SECRET: True} if secret else {},
            )
            self.pending.append(question)
            if self._answers is None:
                await self._stop(Stop.ASKED)
            else:
                self._past += [question, await self._answers(question)]
                self.message = Message()
        line = self._past.popleft()
        if line.kind is not LineKind.ASKED or line.asked != asked:
            await self._stop(Stop.CHANGED)
        if not self._past:
            if self._ends:
                raise CallGone(f"{self.id} is over")
            await self._stop(Stop.ASKED)
        self._told |= {phrase.told_as(self.language) for phrase in phrases if phrase.once}
        self.said += [(phrase, self.language) for phrase in phrases]
        answer = self._past.popleft()
        if answer.kind is not LineKind.ANSWERED:
            await self._stop(Stop.CHANGED)
        return NewLine(kind=LineKind.ANSWERED, text=answer.text, buttons=line.buttons, detail=answer.detail)

    def _key(self, told: NewLine) -> str | None:
        return key_meant(told.text, told.buttons)

    async def _noted(self, phrases: Sequence[Phrase], keys: str, key: str) -> str | None:
        if key == SILENCE:
            await self.note(Step.SILENT, asked=_names(phrases))
            return None
        step = Step.PRESSED if key in keys else Step.WRONG_KEY
        await self.note(step, key=key, asked=_names(phrases))
        return key

    async def _stop(self, why: Stop) -> None:
        """Leave the flow here for good: who holds it cancels it."""
        if not self.stopped.done():
            self.stopped.set_result(why)
        await asyncio.get_running_loop().create_future()


def key_meant(text: str, buttons: Sequence[Button]) -> str | None:
    """Give the key that was meant: the sign, the choice's words, or their beginning where it is one's."""
    said = text.strip().rstrip(".!").casefold()
    if len(said) == 1 and (said in KEYS or said == SILENCE):
        return said
    return key_of(said, buttons)


def key_of(said: str, buttons: Sequence[Button]) -> str | None:
    """Give the key of the choice with these words, or of the only one that begins with them."""
    labels = {one.key: one.label.rstrip(".!").casefold() for one in buttons}
    same = [key for key, label in labels.items() if label == said]
    begin = [key for key, label in labels.items() if said and label.startswith(said)]
    found = same or begin
    return found[0] if len(found) == 1 else None


def _names(phrases: Sequence[Phrase]) -> str:
    return " ".join(phrase.name for phrase in phrases)
