"""A citizen's call, as flows see it (`hotline.calls.conversation.Call`), on an Asterisk channel."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from hotline.calls.call import CallLog, Scalar, Step
from hotline.calls.conversation import Arrival, Call, DigitTimeouts, Done, Held, Spoken, TalkEnd
from hotline.calls.interpreters import NO_INTERPRETERS, Interpreters
from hotline.calls.skills import Skill
from hotline.city.addresses import Address
from hotline.clock import Clock
from hotline.contact.numbers import as_shown, e164
from hotline.errors import CallGone
from hotline.speech.hearing import NO_HINTS, Heard, Hints
from hotline.speech.masking import without_secrets
from hotline.voice.speech import Language, Phrase, Voice
from telephony.ari.actions import Ari
from telephony.ari.errors import AriRefused
from telephony.ari.messages import Channel, Event
from telephony.calls.channel import FollowedChannel
from telephony.calls.contact_talk import UNHEARD_SECONDS, ContactTalks
from telephony.calls.dead_air import DeadAir, WaitWords
from telephony.calls.hearing import Hearing
from telephony.calls.journey import Journey
from telephony.calls.leg import Leg
from telephony.calls.playing import Playing, names
from telephony.calls.taking_down import TakingDown
from telephony.calls.talk import Talks
from telephony.ids import is_outgoing, place_kept
from telephony.speech.talk_ears import Listening

Converse = Callable[[Call, Arrival], Awaitable[None]]
"""The conversation: `ivr_flows.routing.converse`."""

WAITING = "waiting"
"""The journey's name for a key pressed outside of a question."""
HIDDEN = "***"
"""The journey's text for secret keys: not even their number."""
GIVE_WAY_SECONDS = 0.005
"""A pause before the first announcement: a caller who can be served at once is offered to a dispatcher
first."""
ACKNOWLEDGED_WITHIN_SECONDS = 66.0
"""By this time after our answer Asterisk has ended every call that the other side never acknowledged. It
repeats the answer for 32 s (RFC 3261, 13.3.1.4), then sends BYE and waits as long for a reply."""
HEARD_LOOK_SECONDS = 1.0
MISUNDERSTOOD_BORNE = 3
"""After this number of answers in a row that nobody could understand the call goes by keys alone."""
ANSWERED_LATE_SECONDS = 3.0
"""How much longer than the longest answer an ear may take with it, before it counts as hanging."""
CANCEL_SECONDS = 1.0
"""How long the news of a hang-up may come after Asterisk refused to answer the call for it."""


class AsteriskCall:
    """One citizen on the line. Its verbs are called by one task, its flow's; events come by `take`."""

    def __init__(
        self,
        channel: Channel,
        *,
        ari: Ari,
        voice: Voice,
        log: CallLog,
        journey: Journey,
        talks: Talks,
        contact_talks: ContactTalks,
        clock: Clock,
        line_changed: asyncio.Event,
        language: Language = Language.UKRAINIAN,
        recording_refused: bool = False,
        messages: Path,
        wait_words: WaitWords,
        leave: Callable[[], Awaitable[None]],
        tasks: asyncio.TaskGroup,
        others: "Mapping[str, AsteriskCall]",
        timeouts: DigitTimeouts | None = None,
        hearing: Hearing | None = None,
        interpreters: Interpreters = NO_INTERPRETERS,
    ) -> None:
        self.id = channel.id
        self.outgoing = is_outgoing(channel.id)
        self.shown = as_shown(channel.caller.number)
        self.number = e164(self.shown)
        self.interpreter = self.number if interpreters.theirs(self.number) else None
        """The number of an interpreter who calls for somebody else."""
        if not self.outgoing:  # one that we placed has it in its record already
            self.number, self.shown = interpreters.own(self.number, self.shown)
        self.arrived_at = channel.creationtime
        self.dialled: Sequence[str] = ()
        """The numbers that brought them here: what was dialled, and where it was forwarded from."""
        self.recording_refused = recording_refused
        self.addresses: Sequence[Address] | None = None
        self.topic: Skill | None = None
        self.said_in_menu: Heard | None = None
        self.knows_menu = False
        self.channel = FollowedChannel(channel.id, channel.name)
        self.journey = journey
        self.leg: Leg | None = None
        self.contact: AsteriskCall | None = None
        """A duty contact who has come for them."""
        self._ari = ari
        self._clock = clock
        self._talks = talks
        self._contact_talks = contact_talks
        self._line_changed = line_changed
        self._others = others
        self._timeouts = timeouts or DigitTimeouts()
        self._hearing = hearing
        self._misunderstood = 0
        self._said_last: Sequence[str] = ()
        """Of this caller: a number of theirs may go on in their next answer."""
        self._answered_at: float | None = None
        """By the event loop's clock; None: before we followed the call."""
        self._announced = ""
        self._rung_for = False
        self._stops_at = 0
        self._playing = Playing(
            self.channel,
            ari=ari,
            voice=voice,
            journey=journey,
            language=language,
        )
        self._dead_air = DeadAir(
            channel=self.channel,
            playing=self._playing,
            journey=journey,
            words=wait_words,
            tasks=tasks,
            leave=leave,
            awaited=lambda: self._awaited,
            coming=lambda: self._rung_for,
            outgoing=self.outgoing,
            urgent=journey.urgent(wait_words.key),
        )
        self._taking_down = TakingDown(
            self.channel,
            number=self.number,
            ari=ari,
            log=log,
            journey=journey,
            talks=talks,
            clock=clock,
            folder=messages,
            goes_on=self._goes_on,
        )

    def take(self, event: Event) -> None:
        self.channel.take(event)

    async def answer(self) -> None:
        try:
            await self._ari.answer(self.id)
        except AriRefused:
            await self.channel.until(lambda: False, CANCEL_SECONDS)  # CallGone when they had just hung up
            raise
        self._answered_at = asyncio.get_running_loop().time()
        self._dead_air.begin()
        await self.note(Step.ANSWERED)

    def watched(self, *, from_now: bool) -> AbstractContextManager[None]:
        """Watch that they do not wait in silence while they are served (`DeadAir.watched`)."""
        return self._dead_air.watched(from_now=from_now)

    async def waits_no_more(self) -> None:
        """End the words that they hear only because they wait: somebody else has them, or they are gone."""
        await self._dead_air.end()

    @property
    def urgent(self) -> bool:
        return self._dead_air.urgent

    async def set_urgent(self, *, urgent: bool) -> None:
        if urgent == self.urgent:
            return
        self._dead_air.urgent = urgent
        self._dead_air.begin()
        with suppress(CallGone, AriRefused):
            await self._ari.mark_emergency(self.id, waits=urgent)

    async def _goes_on(self) -> None:
        """End the words and the music that they heard while they waited."""
        await self._dead_air.over()
        await self._playing.quiet_music()

    async def _say(self, phrases: tuple[Phrase, ...]) -> None:
        """Begin to say the phrases as soon as they are at hand."""
        sounds = await self._playing.made(phrases)
        await self._dead_air.over()
        await self._playing.sound(phrases, sounds)

    @property
    def language(self) -> Language:
        return self._playing.language

    async def speak(self, language: Language) -> None:
        self._playing.language = language
        await self.note(Step.LANGUAGE_CHOSEN, language=language.value)

    async def refuse_recording(self) -> None:
        self.recording_refused = True
        await self.note(Step.RECORDING_REFUSED)  # first: whatever becomes of Asterisk, they have said it
        with suppress(CallGone, AriRefused):
            await self._ari.refuse_recording(self.id)

    async def play(self, *phrases: Phrase, cut_by: str = "") -> None:
        await self._say(phrases)
        await self._playing.until_said(lambda: self._awaited or self._pressed(cut_by) is not None)
        await self._playing.hush()

    async def announce(self, *phrases: Phrase, insist: bool = False) -> bool:
        self._announced = names(phrases)
        before = len(self.channel.keys) if insist else 0
        self._stops_at = before
        if len(self.channel.keys) > before:
            return False
        await self._say(phrases)
        await self._playing.until_said(lambda: len(self.channel.keys) > before or self._left_alone)
        if self.channel.gone:  # a hang-up ends the playback too
            raise CallGone(f"{self.id} hung up")
        heard = self._playing.silent
        if not heard:
            self._playing.hush_beside()
        return heard

    async def stopped_by(self, key: str) -> bool:
        if list(self.channel.keys)[self._stops_at :][:1] != [key]:
            return False
        self.channel.keys.clear()
        await self.note(Step.PRESSED, key=key, asked=self._announced)
        return True

    async def choose(self, *phrases: Phrase, keys: str) -> str | None:
        return await self._noted(phrases, keys, await self._key_after(phrases))

    async def _noted(self, phrases: tuple[Phrase, ...], keys: str, key: str | None) -> str | None:
        """Put the answer to a question on record, and give it."""
        self._dead_air.asked = True
        if key is None:
            await self.note(Step.SILENT, asked=names(phrases))
        elif key in keys:
            await self.note(Step.PRESSED, key=key, asked=names(phrases))
        else:
            await self.note(Step.WRONG_KEY, key=key, asked=names(phrases))
        return key

    @property
    def hears(self) -> bool:
        understood = self._misunderstood < MISUNDERSTOOD_BORNE
        return understood and self._hearing is not None and self._hearing.hears(self.language)

    async def listen(
        self, *phrases: Phrase, keys: str, hints: Hints = NO_HINTS, most_seconds: float = 8.0
    ) -> str | Heard | None:
        hearing = self._hearing if self.hears and not self.channel.keys else None
        if hearing is None:
            return await self.choose(*phrases, keys=keys)
        await self._say(phrases)
        listening = hearing.begin(self.channel, self.language, hints, most_seconds)
        if listening is None:
            return await self._noted(phrases, keys, await self._key_during(self._timeouts.first))
        try:
            await self._key_or_words(listening, most_seconds)
        finally:
            listening.end()
        if not self.channel.keys and listening.spoke:
            return await self._said(phrases, listening.answer)
        seconds = self._timeouts.first if listening.lost else 0
        return await self._noted(phrases, keys, await self._key_during(seconds))

    async def _key_or_words(self, listening: Listening, most_seconds: float) -> None:
        """Say the phrases to their end, a key or a voice; then wait for a key, what they say, or silence."""
        pressed = self.channel.keys
        await self._playing.until_said(lambda: bool(pressed) or listening.spoke or listening.lost)
        if pressed or listening.spoke:
            self._playing.hush_beside()
        elif listening.lost:
            return
        first = self._timeouts.first
        await self.channel.until(lambda: bool(pressed) or listening.spoke or listening.over, first)
        late = most_seconds + ANSWERED_LATE_SECONDS
        over = await self.channel.until(lambda: bool(pressed) or listening.over or not listening.spoke, late)
        if not over:
            listening.end(hangs=True)

    async def _said(self, phrases: tuple[Phrase, ...], heard: Heard) -> Heard:
        """Put words on record, without numbers of cards and papers.

        Who is not understood again and again is listened to no more.
        """
        self._misunderstood = 0 if heard.is_sure else self._misunderstood + 1
        words = [word.text for word in heard.words]
        # In a thread: the words for numbers may have to be read first.
        kept = await asyncio.to_thread(without_secrets, words, self._said_last)
        self._said_last = words
        told: dict[str, Scalar] = {"words": kept, "confidence": round(heard.confidence, 3)}
        await self.note(Step.SAID, **told, engine=heard.engine.value, asked=names(phrases))
        return heard

    async def digits(self, *phrases: Phrase, most: int, end: str = "#", secret: bool = False) -> str | None:
        number = ""
        key = await self._key_after(phrases, self._timeouts.first_digit)
        while key is not None and key != end:
            number += key
            if len(number) == most:
                await self.channel.swallow(end)
                break
            key = await self._next_key(self._timeouts.between)
        self._dead_air.asked = True
        if key is None and not number:
            await self.note(Step.SILENT, asked=names(phrases))
            return None
        await self.note(Step.PRESSED, key=HIDDEN if secret else number, asked=names(phrases))
        return number

    @property
    def place_kept(self) -> str | None:
        return place_kept(self.id)

    @property
    def perhaps_a_machine(self) -> bool:
        return self.channel.greeting.lasted(self._clock.now()) is not None

    @property
    def answered_for(self) -> int | None:
        """The agreement by which it is answered in another city's name; None: in ours."""
        found = self.journey.detail(Step.FOR_NEIGHBOUR).get("agreement")
        return found if isinstance(found, int) else None

    @property
    def asked_about(self) -> str | None:
        return self.journey.asked_about

    def was_told(self, phrase: Phrase) -> bool:
        return self.journey.told(phrase.told_as(self.language))

    async def record(self, *, most_seconds: int, **detail: Scalar) -> Spoken:
        return await self._taking_down.message(most_seconds, **detail)

    async def dictate(self, *, most_seconds: int) -> Spoken:
        return await self._taking_down.words(most_seconds)

    async def hold(self, seconds: float, *, keys: str = "") -> Held | str:
        self._line_changed.set()
        await self._dead_air.over()
        await self._playing.start_music()
        await self.channel.until(lambda: self._awaited or self._pressed(keys) is not None, seconds)
        pressed = self._pressed(keys)
        if pressed is not None:  # on record also where the talk goes before what they wish for
            await self.note(Step.PRESSED, key=pressed, asked=WAITING)
        if self.leg is not None:
            return Held.ANSWERED
        if self.contact is not None:
            return Held.CONTACT
        if pressed is None:
            return Held.ELAPSED
        self.channel.keys.clear()
        return pressed

    def has_pressed(self, key: str) -> bool:
        return key in self.channel.keys

    async def until_heard_from(self) -> None:
        if self._answered_at is None or self.outgoing:
            return
        await self._dead_air.over()
        until, clock = self._answered_at + ACKNOWLEDGED_WITHIN_SECONDS, asyncio.get_running_loop().time
        while not self.channel.pressed and clock() < until and not await self._sends_sound():
            await self._playing.start_music()
            await self.channel.until(lambda: self.channel.pressed, HEARD_LOOK_SECONDS)

    async def _sends_sound(self) -> bool:
        try:
            return (await self._ari.rtp_statistics(self.id)).rxcount > 0
        except CallGone:  # no sound was agreed upon; if it is the caller who is gone, the next verb tells
            return False

    def _pressed(self, keys: str) -> str | None:
        """Find which of these keys was pressed first; None: none of them."""
        return next((key for key in self.channel.keys if key in keys), None)

    async def meanwhile(self, work: Awaitable[Done]) -> Done:
        """Do the work of a talk that is over for them; they are in no bridge any more."""
        return await self._dead_air.meanwhile(work)

    async def unless_somebody_comes(self, look_up: Awaitable[Done], otherwise: Done) -> Done:
        looking = asyncio.ensure_future(look_up)
        looking.add_done_callback(lambda _: self.channel.changed())
        try:
            await self.channel.until(lambda: looking.done() or self._awaited, beside=True)
            return looking.result() if looking.done() else otherwise
        finally:
            looking.cancel()

    async def talk(self) -> TalkEnd:
        await self._goes_on()
        with self._dead_air.in_company():
            return await self._talk()

    async def _talk(self) -> TalkEnd:
        leg, contact = self.leg, self.contact
        if leg is not None:
            return await self._talks.talk(self, leg)
        if contact is None:
            raise CallGone(f"{self.id} has nobody to talk to")
        try:
            return await self._contact_talks.talk(self, contact)
        finally:
            self.part_from(contact)

    async def meet(self, call_id: str) -> bool:
        await self._goes_on()
        caller = self._others.get(call_id)
        if caller is None or not await caller.alone() or caller.channel.gone or caller.leg is not None:
            return False
        caller.contact = self
        caller.channel.changed()
        try:
            await self.channel.until(lambda: caller.contact is not self)
        finally:
            caller.part_from(self)
        return True

    async def alone(self) -> bool:
        """Whether no contact is with them, or only one who hangs up before a word is said."""
        try:
            return await self.channel.until(lambda: self.contact is None, UNHEARD_SECONDS)
        except CallGone:
            return False

    def part_from(self, contact: "AsteriskCall") -> None:
        """Be alone again, unless another contact has come in this very moment."""
        if self.contact is contact:
            self.contact = None
            contact.channel.changed()
            self.channel.changed()

    @contextmanager
    def rung_for(self) -> Iterator[None]:
        """Keep them here while a desk is rung for them: somebody may come in the next moment."""
        self._rung_for = True
        try:
            yield
        finally:
            self._rung_for = False
            self.channel.changed()

    async def hand_over(self, leg: Leg) -> None:
        """A dispatcher has answered: stop what the caller hears, and let `hold` return."""
        leg.caller = self.channel
        self.leg = leg
        self.channel.changed()

    async def note(self, step: Step, **detail: Scalar) -> None:
        await self.journey.note(step, detail)
        if step in {Step.JOINED_LINE, Step.RETURNED_TO_LINE}:
            self._line_changed.set()
            await asyncio.sleep(GIVE_WAY_SECONDS)

    async def _key_after(self, phrases: tuple[Phrase, ...], seconds: float | None = None) -> str | None:
        """The first key during the phrases or after them; a key ends the voice at once."""
        seconds = self._timeouts.first if seconds is None else seconds
        if self.channel.keys:
            await self._goes_on()
            return await self._next_key(seconds)
        await self._say(phrases)
        return await self._key_during(seconds)

    async def _key_during(self, seconds: float) -> str | None:
        """The first key while the voice speaks, or within these seconds after it."""
        await self._playing.until_said(lambda: bool(self.channel.keys))
        if self.channel.keys:
            self._playing.hush_beside()
        return await self._next_key(seconds)

    async def _next_key(self, seconds: float) -> str | None:
        pressed = await self.channel.until(lambda: bool(self.channel.keys), seconds)
        return self.channel.keys.popleft() if pressed else None

    async def hush_left_behind(self) -> None:
        """Stop prompts and recordings of before a restart, which would hold up a new prompt."""
        await self._taking_down.end_left_behind()
        await self._playing.hush_left_behind()

    def hears_music(self) -> None:
        """Take note that they hear music already."""
        self._playing.music = True

    async def keep_first_prompt(self) -> None:
        """Store when the first prompt began to sound, as soon as Asterisk has told."""
        await self._playing.keep_first_prompt()

    @property
    def _awaited(self) -> bool:
        """Whether somebody has come for them."""
        return self.leg is not None or self.contact is not None

    @property
    def _left_alone(self) -> bool:
        """The side that was to talk with them has gone already."""
        return self.leg is not None and self.leg.gone
