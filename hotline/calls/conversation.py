"""The verbs that a flow has in a call. Flows use these verbs and know no Asterisk."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

from hotline.calls.call import Scalar, Step
from hotline.calls.skills import Skill
from hotline.city.addresses import Address
from hotline.speech.hearing import NO_HINTS, Heard, Hints
from hotline.voice.speech import Language, Phrase

Done = TypeVar("Done")


class EmergencySaid(Exception):  # noqa: N818 - reads as what happened
    """The caller spoke of an emergency where something else was asked, or pressed its key while they waited.

    Nothing goes before it.
    """


class Next(StrEnum):
    """The next station of a caller when a flow returns."""

    MENU = "menu"
    OUTAGES = "outages"
    APPEAL_STATE = "appeal-state"
    MESSAGE = "message"
    QUESTIONS = "questions"
    REPORT = "report"
    """Of chats alone: a report is registered without a dispatcher."""
    THEIR_OUTAGES = "their-outages"
    """Of chats alone: who has proven their number is told what holds at their address, as in the greeting."""
    SURVEY = "survey"
    """Of chats alone: who reported in writing is asked there whether it was done."""
    CHAT = "chat"
    """Of calls alone: the conversation goes on that they began in writing."""
    DISPATCHER = "dispatcher"
    EMERGENCY = "emergency"
    CITY_MESSAGE = "city-message"
    GOODBYE = "goodbye"
    HANG_UP = "hang-up"


class Arrival(StrEnum):
    """How a caller comes to us."""

    NEW = "new"
    IN_MENU = "in-menu"
    """Was listening or choosing when the service went away for a moment."""
    IN_LINE = "in-line"
    """Was waiting for a dispatcher, in our line or in Asterisk's own."""
    IN_TALK = "in-talk"
    """Is talking with a dispatcher; the talk went on without us."""
    ANSWERED = "answered"
    """A dispatcher has answered for them, and they do not hear each other yet."""
    CALLED = "called"
    """Was called by a dispatcher, and has just answered."""
    CALLED_BACK = "called-back"
    """Did not want to wait in the line, was called when it was their turn, and has just answered."""
    LEFT_BEHIND = "left-behind"
    """We called them, and the side that wanted to speak with them is gone: nothing is left to say."""


class Held(StrEnum):
    """How a hold ended."""

    ELAPSED = "time"
    ANSWERED = "answered"
    """A dispatcher has answered for this caller."""
    CONTACT = "contact"
    """A duty contact whom we have called is there for them."""


class TalkEnd(StrEnum):
    """How a talk with a dispatcher ended while the caller is still there."""

    OVER = "over"
    """The dispatcher hung up: what had to be said is said."""
    BROKEN = "broken"
    """The dispatcher's phone died: the caller goes back to the head of the line."""
    INTERRUPTED = "interrupted"
    """The dispatcher's browser went away and may be back in a moment: the caller is at the head of the line
    already, and that dispatcher is asked first."""
    PASSED_ON = "passed-on"
    """The dispatcher passed the caller on to a colleague; the caller now waits for that colleague."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitTimeouts:
    """How long we wait for keys, in seconds."""

    first: float = 6.0
    """From the end of the prompt to the first key."""
    first_digit: float = 10.0
    """From the end of the prompt to the first key of a number: a paper has to be found."""
    between: float = 8.0
    """Between two keys of one number, which is read off paper; `#` ends it at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A message that a caller left: the id of the recording; 0 `seconds` when they said nothing.

    Who writes in a chat leaves `words`, and no recording.
    """

    message: str
    seconds: float
    words: str = ""


class Call(Protocol):
    """One citizen on the line. Every verb raises CallGone when they hang up; for silence it gives None.

    A flow may take its time between two verbs: its caller is asked to wait meanwhile, and hears music. When
    they press the emergency's key then, the next verb raises EmergencySaid.
    """

    @property
    def id(self) -> str: ...

    @property
    def number(self) -> str | None:
        """The caller's number, in E.164; None for anonymous callers."""
        ...

    addresses: Sequence[Address] | None
    """The known addresses of the caller; None: not looked up, or one was added."""

    topic: Skill | None
    """What they chose by key last; None: nothing that dispatchers differ in."""

    said_in_menu: Heard | None
    """What they want in their own words, until the conversation to which these have led takes them up."""

    knows_menu: bool
    """A call from their number, lately, was long enough to hear the menu: its short form is offered."""

    @property
    def language(self) -> Language: ...

    @property
    def urgent(self) -> bool:
        """They wait for a person with an emergency: where that stands still, they go where it does not."""
        ...

    @property
    def outgoing(self) -> bool:
        """Whether we called them, not they us."""
        ...

    @property
    def place_kept(self) -> str | None:
        """The call whose place in the line was kept, where this call is its call-back."""
        ...

    @property
    def perhaps_a_machine(self) -> bool:
        """True when the person called spoke at first as long as a machine does, which is no proof of one."""
        ...

    @property
    def recording_refused(self) -> bool: ...

    @property
    def answered_for(self) -> int | None:
        """The agreement by which it is answered in another city's name; None: in ours."""
        ...

    @property
    def asked_about(self) -> str | None:
        """The number of the appeal that they were being told of last, before any menu; None: of none."""
        ...

    async def answer(self) -> None: ...

    async def speak(self, language: Language) -> None:
        """Go on in this language; the choice is stored."""
        ...

    async def refuse_recording(self) -> None:
        """Stop recording this citizen, as they wish; the choice is stored."""
        ...

    async def set_urgent(self, *, urgent: bool) -> None:
        """Take note that they wait with an emergency, or no longer; Asterisk's own queue is told, too."""
        ...

    async def play(self, *phrases: Phrase, cut_by: str = "") -> None:
        """Say the phrases to their end; keys pressed meanwhile are kept for the next question.

        Only a key of `cut_by` ends them at once.
        """
        ...

    async def announce(self, *phrases: Phrase, insist: bool = False) -> bool:
        """Say the phrases unless the caller presses on: a key stops them and is kept for the next question.

        With `insist` a key pressed before does not keep them back; only a new one stops them. True when they
        were heard to the end.
        """
        ...

    async def stopped_by(self, key: str) -> bool:
        """Whether this key prevented or stopped the last announcement; then it is consumed.

        Keys pressed before it are dropped with it: the caller wants this option at once.
        """
        ...

    async def choose(self, *phrases: Phrase, keys: str) -> str | None:
        """Say the phrases and wait for one of `keys`; any key stops the voice (barge-in).

        A key that is not offered is returned as well: the flow decides on the reply. None is silence.
        """
        ...

    @property
    def hears(self) -> bool:
        """Whether words would be heard now: a question that invites the caller to speak asks this first."""
        ...

    async def listen(
        self, *phrases: Phrase, keys: str, hints: Hints = NO_HINTS, most_seconds: float = 8.0
    ) -> str | Heard | None:
        """As `choose`, but the caller may also say it: a key, what was heard, or None for silence.

        `hints`: what they may say (none: free speech), for `most_seconds` of speech. Without an ear, or
        while none is free, it is `choose`. A voice stops the phrases as a key does; a key always wins. Who
        spoke and was not understood is Heard without words; after the third time all goes by keys alone.

        An engine that is bound to words takes any other word for one of them, and is sure of it: nothing is
        changed on a heard word without a key, or a read-back that is confirmed.
        """
        ...

    async def digits(self, *phrases: Phrase, most: int, end: str = "#", secret: bool = False) -> str | None:
        """Say the phrases, collect up to `most` digits, ended by `end` or by silence. None: no key at all.

        `secret`: the journey tells that something was pressed, and not what.
        """
        ...

    async def record(self, *, most_seconds: int, **detail: Scalar) -> Spoken:
        """Record a message after a beep until `#`, silence or hang-up; `detail` goes into the journey.

        A caller who hangs up has left the message all the same: only the next verb raises CallGone.
        """
        ...

    async def until_heard_from(self) -> None:
        """Wait, with music, until a key or any sound has come from the caller, but not for ever.

        A call that the other side never acknowledged is silent, and ends by itself: nobody is rung for it.
        """
        ...

    async def hold(self, seconds: float, *, keys: str = "") -> Held | str:
        """Play music for `seconds`, until somebody comes for this caller or they press one of `keys`.

        Keys pressed before it are forgotten once it is pressed: the next question is for new ones.
        """
        ...

    def has_pressed(self, key: str) -> bool:
        """Tell whether the caller has pressed this key and no question has used it up yet."""
        ...

    async def unless_somebody_comes(self, look_up: Awaitable[Done], otherwise: Done) -> Done:
        """Give what is looked up, or `otherwise` as soon as somebody has come for them."""
        ...

    async def dictate(self, *, most_seconds: int) -> Spoken:
        """Record a text for others, after a beep until `#` or silence; it is no message to dispatchers."""
        ...

    def was_told(self, phrase: Phrase) -> bool:
        """Whether this call has heard the phrase (one said `once`) in its present words, or its beginning."""
        ...

    async def talk(self) -> "TalkEnd":
        """Connect the caller with the person who has come (as `hold` returned) until the talk ends.

        Keys pressed before its end answer no later question.
        """
        ...

    async def meet(self, call_id: str) -> bool:
        """Come for a caller who holds, and speak with them until either hangs up.

        False: they are gone, or somebody else has come.
        """
        ...

    async def note(self, step: Step, **detail: Scalar) -> None:
        """Add a step to the call's journey."""
        ...
