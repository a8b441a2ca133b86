"""A citizen's call as the city remembers it: the call, the steps of its journey, how it ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeAlias

from hotline.voice.speech import Language

Scalar: TypeAlias = str | int | float | bool | None


class Direction(StrEnum):
    """The direction of a call."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"
    TRIAL = "trial"
    """A dispatcher talks with the demo citizen, to learn: no figure counts it."""


TRIAL_PREFIX = "out-trial-"
"""Begins the id of each trial call, so that the id tells what it is."""


def is_trial(call_id: str | None) -> bool:
    """Tell whether this is a trial call of training; None: no call at all."""
    return call_id is not None and call_id.startswith(TRIAL_PREFIX)


MEANWHILE = "meanwhile"
"""In the detail of `Step.HEARD`: said only because something took long, and no part of the conversation."""


class Step(StrEnum):
    """Steps of a call; its journey is a list of these with times."""

    ARRIVED = "arrived"
    FROM_WEB = "from-web"
    """By the browser, from our page; detail: `page`, its path, and the `appeal` or `outage` that it shows."""
    INTERPRETED = "interpreted"
    """By an interpreter of sign language, for somebody else; detail: `number`, the interpreter's."""
    FOR_NEIGHBOUR = "for-neighbour"
    """Another city's number was dialled; detail: `agreement` by which we answer it, and the city's `name`."""
    CALLED_OUT = "called-out"
    """A dispatcher placed this call; detail: `user`, `dispatcher`, and `missed`, the call that it answers.

    Of a trial call: `trial`, the code of its scenario.
    """
    CALLED_BY_ITSELF = "called-by-itself"
    """The hotline placed this call by itself; detail: the `source` and number of its `job`."""
    LIKE_A_MACHINE = "like-a-machine"
    """The first words may have been an answering machine's greeting; detail: `seconds`. Only a hint."""
    RANG = "rang"
    NOT_CONNECTED = "not-connected"
    """The one we called did not come to the telephone; detail: `outcome`, and Asterisk's `cause`."""
    ANSWERED = "answered"
    HEARD = "heard"
    PRESSED = "pressed"
    WRONG_KEY = "wrong-key"
    SILENT = "silent"
    SAID = "said"
    """They answered aloud; detail: `words` (none: nothing was made out), `confidence`, `engine`, `asked`."""
    LANGUAGE_CHOSEN = "language-chosen"
    RECORDING_REFUSED = "recording-refused"
    RECORDING_CUT = "recording-cut"
    """The disk had no room for all of it."""
    NOT_RECORDED = "not-recorded"
    """Asterisk's own queue left no file of the talk, though nobody had refused that; detail: `dispatcher`."""
    RECORDING_PAUSED = "recording-paused"
    """For personal data; detail: `dispatcher`, `recording`, and `seconds`, after which it ends by itself."""
    RECORDING_RESUMED = "recording-resumed"
    """Detail: `dispatcher`, `recording`, and `by` what. A pause that ends with its talk has no such step."""
    INFORMED = "informed"
    """The machine itself gave the answer: an outage (detail: `outage`, its id), the state of an appeal."""
    PLACE_SAID = "place-said"
    """They answered where they are; detail: `place`."""
    ASKED_TO_BE_TOLD = "asked-to-be-told"
    """The caller asked for a notice of the outage's end; detail: `outage`, its id, and `by`, the channel."""
    REPORTED_OFF = "reported-off"
    """They say that something is off; detail: `utility`, and `place`."""
    APPEAL_ASKED = "appeal-asked"
    """The caller asked for the state of an appeal; detail: `appeal`, its number, and `theirs`."""
    APPEAL_ANSWERED = "appeal-answered"
    """The applicant acted on it by key; detail: `appeal`, and `act`, as its history calls it."""
    CHAT_TAKEN_ALONG = "chat-taken-along"
    """The caller goes on with what they began in writing; detail: `chat`, its number."""
    SENT_IN_WRITING = "sent-in-writing"
    """A link was sent by which the caller goes on in a chat."""
    MESSAGE_LEFT = "message-left"
    """The recording of a message began: it is on record even if the call ends at once."""
    MESSAGE_EMPTY = "message-empty"
    """Nobody spoke in it."""
    CALLBACK_WANTED = "callback-wanted"
    """The caller asked for a person while nobody was free, and is owed a call-back."""
    CODE_PRESSED = "code-pressed"
    """A personal code was pressed; detail: `result`. The keys themselves are kept nowhere."""
    CITY_MESSAGE = "city-message"
    """The message to the whole city was switched; detail: `act`, `message`."""
    JOINED_LINE = "joined-line"
    DISPATCHER_OFFERED = "dispatcher-offered"
    OFFER_MISSED = "offer-missed"
    TALK_STARTED = "talk-started"
    """Detail: `dispatcher`; in the calls of a citizen and a duty contact `contact`, or `with`: the other."""
    TALK_ENDED = "talk-ended"
    HOLD_BEGAN = "hold-began"
    """The dispatcher's telephone put the citizen on hold, who hears music; detail: `dispatcher`."""
    HOLD_ENDED = "hold-ended"
    """Detail: `dispatcher`. A hold that ends with its talk has no such step."""
    TRANSFERRED = "transferred"
    THIRD_CALLED = "third-called"
    """The dispatcher rang a third (detail: `number`) while the citizen heard music."""
    THIRD_MISSED = "third-missed"
    CONFERENCE = "conference"
    """All three heard one another."""
    THIRD_LEFT = "third-left"
    SUPERVISOR_JOINED = "supervisor-joined"
    """A supervisor spoke with both from then on; detail: `dispatcher`, their desk."""
    LEFT_TOGETHER = "left-together"
    """The dispatcher left the citizen and the third talking."""
    RETURNED_TO_LINE = "returned-to-line"
    LEFT_LINE = "left-line"
    """Nobody was on duty, and they were told so."""
    PLACE_KEPT = "place-kept"
    """They would not wait: they are called back when it is their turn; detail: `to`, the last digits."""
    CUT_OFF = "cut-off"
    """A fault of ours ended the call, and we call back at once; detail: `was`, what it was in the middle of
    (`hotline.line.cut_off.CutFrom`), the `dispatcher` who is kept free, and the `node` that calls back in
    the stead of the call's own, which is gone."""
    WENT_ON = "went-on"
    """It was taken for lost with its node or its Asterisk, and lives: what `CUT_OFF` and the end said of it
    holds no more."""
    SERVICE_RESUMED = "service-resumed"
    FELL_BACK = "fell-back"
    ENDED = "ended"


class Outcome(StrEnum):
    """How a call ended, seen by the citizen."""

    TALKED = "talked"
    """With a dispatcher."""
    TALKED_WITH_CONTACT = "talked-with-contact"
    """No dispatcher was there for an emergency, and the citizen and the enterprise's duty contact spoke."""
    ANSWERED_BY_MACHINE = "answered-by-machine"
    MESSAGE_LEFT = "message-left"
    MESSAGE_EMPTY = "message-empty"
    """Asked for a message, the caller said nothing."""
    ABANDONED_IN_LINE = "abandoned-in-line"
    NOBODY_ON_DUTY = "nobody-on-duty"
    """The caller asked for a dispatcher and heard that nobody is on duty: there was no wait to give up."""
    HUNG_UP_IN_MENU = "hung-up-in-menu"
    CALLBACK_PROMISED = "callback-promised"
    """They would not wait in the line, and are called when it is their turn."""
    LOST = "lost"
    """Asterisk itself died under the call, or was shut down."""
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    REFUSED = "refused"
    NOT_IN_USE = "not-in-use"
    """No telephone has the number that we called."""
    FAILED = "failed"
    TOLD = "told"
    """We called by ourselves, and the person did by a key what the call asked for."""
    NOT_HEARD_OUT = "not-heard-out"
    """We called by ourselves, and the person or machine that answered pressed no key."""
    CALLBACK_WANTED = "callback-wanted"
    """We called by ourselves, they asked for a person, and spoke with none: somebody calls them back."""
    GIVEN_UP = "given-up"
    """Before anybody answered our own dispatcher hung up, did not come to the phone, or the service died."""


TALKS = frozenset({Outcome.TALKED, Outcome.TALKED_WITH_CONTACT})
"""How a call ends in which somebody of the city spoke with the citizen."""


LINES = frozenset({Step.JOINED_LINE, Step.FELL_BACK})
"""Steps by which a caller comes into a line: Asterisk's own queue is one, too."""


CALLED_IN_VAIN = frozenset(
    {
        *(Outcome.BUSY, Outcome.NO_ANSWER, Outcome.REFUSED, Outcome.NOT_IN_USE),
        *(Outcome.FAILED, Outcome.GIVEN_UP),
    }
)
"""How a call of ours ends that nobody talked in."""


_BEST: Sequence[tuple[Step, Outcome]] = (
    (Step.MESSAGE_LEFT, Outcome.MESSAGE_LEFT),
    (Step.PLACE_KEPT, Outcome.CALLBACK_PROMISED),
    (Step.LEFT_LINE, Outcome.NOBODY_ON_DUTY),
    (Step.JOINED_LINE, Outcome.ABANDONED_IN_LINE),
    (Step.FELL_BACK, Outcome.ABANDONED_IN_LINE),
    (Step.APPEAL_ANSWERED, Outcome.ANSWERED_BY_MACHINE),
    (Step.REPORTED_OFF, Outcome.ANSWERED_BY_MACHINE),
    (Step.INFORMED, Outcome.ANSWERED_BY_MACHINE),
    (Step.CITY_MESSAGE, Outcome.ANSWERED_BY_MACHINE),
    (Step.MESSAGE_EMPTY, Outcome.MESSAGE_EMPTY),
)
"""Outcomes of a call without a talk, the best first."""


def outcome_of(steps: Sequence["JourneyStep"]) -> Outcome:
    """How a call that has ended went, judged by its journey: the best thing that happened counts."""
    happened = {step.step for step in steps if not _is_remark(step)}
    if is_cut_off(steps):
        return Outcome.LOST
    if Step.TALK_STARTED in happened:
        return Outcome.TALKED_WITH_CONTACT if _only_contacts(steps) else Outcome.TALKED
    if Step.CALLED_OUT in happened or Step.CALLED_BY_ITSELF in happened:
        return _in_vain(steps)
    if Step.MESSAGE_EMPTY in happened:
        happened.discard(Step.MESSAGE_LEFT)
    return next((outcome for step, outcome in _BEST if step in happened), Outcome.HUNG_UP_IN_MENU)


def is_cut_off(steps: Sequence["JourneyStep"]) -> bool:
    """Tell whether a fault of ours ended the call, and it has not proved to go on since."""
    told = [step.step for step in steps if step.step in {Step.CUT_OFF, Step.WENT_ON}]
    return bool(told) and told[-1] is Step.CUT_OFF


def _only_contacts(steps: Sequence["JourneyStep"]) -> bool:
    """Whether all talks were of a citizen and a duty contact; each of their two calls names the other."""
    talks = [step.detail for step in steps if step.step is Step.TALK_STARTED]
    return not any(map(is_dispatchers_talk, talks))


def is_dispatchers_talk(talk: Mapping[str, Scalar]) -> bool:
    """Whether the detail of TALK_STARTED tells of a talk with a dispatcher, and not with a duty contact."""
    return "contact" not in talk and "with" not in talk


def _is_remark(step: "JourneyStep") -> bool:
    """Whether the recording is a remark on an appeal, and no message to the dispatchers."""
    return step.step is Step.MESSAGE_LEFT and "appeal" in step.detail


def _in_vain(steps: Sequence["JourneyStep"]) -> Outcome:
    """How a call of ours went in which nobody talked."""
    told = [step.detail.get("outcome") for step in steps if step.step is Step.NOT_CONNECTED]
    happened = {step.step for step in steps}
    if Step.ANSWERED not in happened:
        left = Outcome.GIVEN_UP if Step.SERVICE_RESUMED in happened else Outcome.FAILED
        return next((one for one in CALLED_IN_VAIN if one.value in told), left)
    if Step.CALLED_BY_ITSELF in happened and {Step.CALLBACK_WANTED, Step.JOINED_LINE} & happened:
        return Outcome.CALLBACK_WANTED
    if Step.CALLED_BY_ITSELF in happened:
        return Outcome.TOLD if Step.INFORMED in happened else Outcome.NOT_HEARD_OUT
    return next((one for one in CALLED_IN_VAIN if one.value in told), Outcome.GIVEN_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyStep:
    """One step of a call's journey. `(call_id, number)` names it once and for all."""

    call_id: str
    number: int
    at: datetime
    step: Step
    detail: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One call as stored. `id` is Asterisk's linked id; times are aware UTC."""

    id: str
    number: str | None
    shown: str
    arrived_at: datetime
    language: Language = Language.UKRAINIAN
    answered_at: datetime | None = None
    first_prompt_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    recording_refused: bool = False
    direction: Direction = Direction.INCOMING
    joined_at: datetime | None = None
    """When the caller first came into a line, ours or Asterisk's own queue."""
    talked_at: datetime | None = None
    """When a dispatcher first spoke with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """The recording of one talk: a mono file for each speaker, equally long, until both are in the master.

    A talk with a duty contact has one file for both speakers; both fields name it.
    """

    id: str
    call_id: str
    dispatcher_id: int | None
    """None: a duty contact spoke with a caller for whom there was no dispatcher."""
    started_at: datetime
    caller_file: str
    dispatcher_file: str
    listening_file: str | None = None
    """The listening copy: None until it is made; empty when neither side left any sound."""
    seconds: float | None = None
    master_file: str | None = None
    """Both speakers in one file without loss, from `mastered_at` on."""
    mastered_at: datetime | None = None
    sides_gone_at: datetime | None = None
    """When the files of the two sides were deleted: the master has every sample of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueTalk:
    """A talk that Asterisk's own queue connected, as CEL reports it: its begin, or its end."""

    call_id: str
    dispatcher_id: int
    began_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceMessage:
    """A voice message of a citizen. The row is written before the recording begins."""

    id: str
    call_id: str
    number: str | None
    file: str
    began_at: datetime
    seconds: float | None = None
    heard_at: datetime | None = None


HEARS_MENU = timedelta(seconds=20)
"""The shortest call whose caller counts as one who has heard the menu."""


class CallLog(Protocol):
    """The log of calls: journeys, recordings and messages.

    A step is written once, however often it is repeated.
    """

    async def open(self, call: CallRecord) -> None:
        """Remember a new call; a call already on record stays as it is."""
        ...

    async def note(self, step: JourneyStep) -> None:
        """Add a step; ANSWERED, LANGUAGE_CHOSEN, RECORDING_REFUSED and ENDED also show on the call itself."""
        ...

    async def heard_first(self, call_id: str, at: datetime) -> None:
        """Remember when the first prompt began to sound."""
        ...

    async def close(self, call_id: str, outcome: Outcome, at: datetime) -> None:
        """End the call; only the first ending counts."""
        ...

    async def went_on(self, call_id: str) -> None:
        """Take back the end of a call that was lost on record and lives."""
        ...

    async def find(self, call_id: str) -> CallRecord | None: ...

    async def refuses_recording(self, number: str) -> bool:
        """Whether this number's latest call that has ended was one in which recording was refused."""
        ...

    async def heard_menu(self, number: str, since: datetime) -> bool:
        """Tell whether a call from this number has come since then and was long enough to hear the menu."""
        ...

    async def journey(self, call_id: str) -> Sequence[JourneyStep]: ...

    async def so_far(self, call_id: str) -> Sequence[JourneyStep]:
        """Tell the journey of a call that goes on, or did so lately: a dispatcher waits for it."""
        ...

    async def recent(self, limit: int = 50) -> Sequence[CallRecord]:
        """Give the latest calls, newest first."""
        ...

    async def unended(self) -> Sequence[CallRecord]:
        """Give the calls without an ending, oldest first: alive, or to be reconciled with Asterisk's CEL."""
        ...

    async def flush(self) -> None:
        """Wait until everything noted so far is on disk."""
        ...

    async def keep_recording(self, recording: Recording) -> None:
        """Insert the recording, or replace the row of the same id."""
        ...

    async def recordings(self, call_id: str) -> Sequence[Recording]: ...

    async def unfinished_recordings(self) -> Sequence[Recording]:
        """Give the recordings that cannot be listened to yet, oldest first."""
        ...

    async def keep_message(self, message: VoiceMessage) -> None:
        """Insert the message, or replace the row of the same id; one of 0 seconds is none: its row goes."""
        ...

    async def messages(self) -> Sequence[VoiceMessage]:
        """Give all messages, newest first."""
        ...

    async def unfinished_messages(self) -> Sequence[VoiceMessage]:
        """Messages of unknown length: being recorded now, or cut off by the death of the service."""
        ...
