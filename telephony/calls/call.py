"""A citizen's call, as flows see it (`hotline.calls.conversation.Call`), on an Asterisk channel."""

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from hotline.calls.call import MEANWHILE, CallLog, Scalar, Step, VoiceMessage
from hotline.calls.conversation import Arrival, Call, DigitTimeouts, Done, Held, Spoken, TalkEnd
from hotline.calls.skills import Skill
from hotline.city.addresses import Address
from hotline.clock import Clock
from hotline.contact.numbers import as_shown, e164
from hotline.errors import CallGone
from hotline.voice.speech import Language, Phrase, Voice
from telephony.ari.actions import Ari
from telephony.ari.errors import AriRefused
from telephony.ari.messages import Channel, Event
from telephony.calls.channel import FollowedChannel
from telephony.calls.contact_talk import UNHEARD_SECONDS, ContactTalks
from telephony.calls.journey import Journey
from telephony.calls.leg import Leg
from telephony.calls.talk import DIALPLAN_SECONDS, Talks
from telephony.ids import TRUNK, is_outgoing, place_kept
from telephony.voice.audio import spoken_seconds
from telephony.voice.engines import SynthesisError

log = logging.getLogger(__name__)

Converse = Callable[[Call, Arrival], Awaitable[None]]
"""The conversation: `ivr_flows.routing.converse`."""

MESSAGE_SILENCE_SECONDS = 6
MESSAGE_END_SECONDS = 5.0
UNWRITTEN_VOICES = 3
"""The most prompts that can have begun without being on record when the service was killed."""
MESSAGE_CLOSED_SECONDS = 2.0
"""How long Asterisk may take to close the file of a caller who hung up."""
END_KEY_SECONDS = 1.0
WAITING = "waiting"
"""The journey's name for a key pressed outside of a question."""
HIDDEN = "***"
"""The journey's text for secret keys: not even their number."""
SAID_LATE_SECONDS = 5.0
"""How much longer than its sound a playback may last before the caller is led on without its end."""
GIVE_WAY_SECONDS = 0.005
"""A pause before the first announcement: a caller who can be served at once is offered to a dispatcher
first."""
ACKNOWLEDGED_WITHIN_SECONDS = 66.0
"""By this time after our answer Asterisk has ended every call that the other side never acknowledged. It
repeats the answer for 32 s (RFC 3261, 13.3.1.4), then sends BYE and waits as long for a reply."""
HEARD_LOOK_SECONDS = 1.0
MOMENT_SECONDS = 1.0
"""Silence of that length is nothing to a caller: longer waits have a word, and music."""
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
        tasks: asyncio.TaskGroup,
        language: Language = Language.UKRAINIAN,
        recording_refused: bool = False,
        messages: Path,
        one_moment: Phrase,
        others: "Mapping[str, AsteriskCall]",
        timeouts: DigitTimeouts | None = None,
    ) -> None:
        self.id = channel.id
        self.shown = as_shown(channel.caller.number)
        self.number = e164(self.shown)
        self.outgoing = is_outgoing(channel.id)
        self.arrived_at = channel.creationtime
        self.language = language
        self.recording_refused = recording_refused
        self.addresses: Sequence[Address] | None = None
        self.topic: Skill | None = None
        self.knows_menu = False
        self.channel = FollowedChannel(channel.id, channel.name)
        self.journey = journey
        self.leg: Leg | None = None
        self.contact: AsteriskCall | None = None
        """A duty contact who has come for them."""
        self._ari = ari
        self._voice = voice
        self._log = log
        self._talks = talks
        self._contact_talks = contact_talks
        self._clock = clock
        self._line_changed = line_changed
        self._tasks = tasks
        self._messages = messages
        self._one_moment = one_moment
        self._others = others
        self._timeouts = timeouts or DigitTimeouts()
        self._music = False
        self._out_of_dialling = False
        self._answered_at: float | None = None
        """By the event loop's clock; None: before we followed the call."""
        self._playing = ""
        self._announced = ""
        self._stops_at = 0
        self._said_within = SAID_LATE_SECONDS
        self._voices = journey.voices

    def take(self, event: Event) -> None:
        self.channel.take(event)

    async def answer(self) -> None:
        try:
            await self._ari.answer(self.id)
        except AriRefused:
            await self.channel.until(lambda: False, CANCEL_SECONDS)  # CallGone when they had just hung up
            raise
        self._answered_at = asyncio.get_running_loop().time()
        await self.note(Step.ANSWERED)

    async def speak(self, language: Language) -> None:
        self.language = language
        await self.note(Step.LANGUAGE_CHOSEN, language=language.value)

    async def refuse_recording(self) -> None:
        self.recording_refused = True
        await self.note(Step.RECORDING_REFUSED)

    async def play(self, *phrases: Phrase, cut_by: str = "") -> None:
        await self._start(phrases)
        await self._until_said(lambda: self._awaited or self._pressed(cut_by) is not None)
        await self._hush()

    async def announce(self, *phrases: Phrase, insist: bool = False) -> bool:
        self._announced = _names(phrases)
        before = len(self.channel.keys) if insist else 0
        self._stops_at = before
        if len(self.channel.keys) > before:
            return False
        await self._start(phrases)
        await self._until_said(lambda: len(self.channel.keys) > before or self._left_alone)
        if self.channel.gone:  # a hang-up ends the playback too
            raise CallGone(f"{self.id} hung up")
        heard = self._silent
        if not heard:
            self._stop_beside()
        return heard

    async def stopped_by(self, key: str) -> bool:
        if list(self.channel.keys)[self._stops_at :][:1] != [key]:
            return False
        self.channel.keys.clear()
        await self.note(Step.PRESSED, key=key, asked=self._announced)
        return True

    async def choose(self, *phrases: Phrase, keys: str) -> str | None:
        key = await self._key_after(phrases)
        if key is None:
            await self.note(Step.SILENT, asked=_names(phrases))
        elif key in keys:
            await self.note(Step.PRESSED, key=key, asked=_names(phrases))
        else:
            await self.note(Step.WRONG_KEY, key=key, asked=_names(phrases))
        return key

    async def digits(self, *phrases: Phrase, most: int, end: str = "#", secret: bool = False) -> str | None:
        number = ""
        key = await self._key_after(phrases, self._timeouts.first_digit)
        while key is not None and key != end:
            number += key
            if len(number) == most:
                await self._swallow(end)
                break
            key = await self._next_key(self._timeouts.between)
        if key is None and not number:
            await self.note(Step.SILENT, asked=_names(phrases))
            return None
        await self.note(Step.PRESSED, key=HIDDEN if secret else number, asked=_names(phrases))
        return number

    async def _swallow(self, end: str) -> None:
        """Take the key that ends a number which was complete without it, so that it answers nothing else."""
        await self.channel.until(lambda: bool(self.channel.keys), END_KEY_SECONDS)
        if self.channel.keys and self.channel.keys[0] == end:
            self.channel.keys.popleft()

    @property
    def place_kept(self) -> str | None:
        return place_kept(self.id)

    @property
    def asked_about(self) -> str | None:
        return self.journey.asked_about

    def was_told(self, phrase: Phrase) -> bool:
        return self.journey.told(phrase.told_as(self.language))

    async def record(self, *, most_seconds: int, **detail: Scalar) -> Spoken:
        name = f"{self.id}-{uuid.uuid4().hex[:8]}"
        file = self._messages / f"{name}.wav"
        message = VoiceMessage(
            id=name, call_id=self.id, number=self.number, file=str(file), began_at=self._clock.now()
        )
        await self._log.keep_message(message)
        await self._leave_dialling()
        await self._ari.record(self.id, name, most_seconds=most_seconds, most_silence=MESSAGE_SILENCE_SECONDS)
        await self.note(Step.MESSAGE_LEFT, message=name, **detail)
        try:
            await self._recorded(name, most_seconds)
        except CallGone:
            await self.channel.finished(name, MESSAGE_CLOSED_SECONDS)
        return Spoken(message=name, seconds=await self._kept(message))

    async def dictate(self, *, most_seconds: int) -> Spoken:
        name = f"{self.id}-{uuid.uuid4().hex[:8]}-dictated"
        await self._leave_dialling()
        await self._ari.record(self.id, name, most_seconds=most_seconds, most_silence=MESSAGE_SILENCE_SECONDS)
        await self._recorded(name, most_seconds)
        file = self._messages / f"{name}.wav"
        return Spoken(message=name, seconds=await asyncio.to_thread(spoken_seconds, file))

    async def _recorded(self, name: str, most_seconds: int) -> None:
        """Wait for the recording's end; keys pressed in it answer no question, also the one that ended it."""
        await self.channel.until(lambda: self.channel.has_finished(name), most_seconds + MESSAGE_END_SECONDS)
        await self._swallow("#")
        self.channel.keys.clear()

    async def _leave_dialling(self) -> None:
        """Take a call of ours out of the bridge in which Asterisk dialled it: there it records nothing."""
        if not self.outgoing or self._out_of_dialling:
            return
        self.channel.in_dialplan = True
        await self._ari.leave_to(self.id, TRUNK)
        if not await self.channel.until(lambda: not self.channel.in_dialplan, DIALPLAN_SECONDS):
            raise CallGone(f"{self.id} did not come back from the dialplan")
        self._out_of_dialling = True

    async def _kept(self, message: VoiceMessage) -> float:
        """Tell how long the message is, and take back that one was left when nobody spoke."""
        seconds = await self._talks.message_kept(message)
        if not seconds:
            await self.note(Step.MESSAGE_EMPTY, message=message.id)
        return seconds

    async def hold(self, seconds: float, *, keys: str = "") -> Held | str:
        self._line_changed.set()
        await self._start_music()
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
        until, clock = self._answered_at + ACKNOWLEDGED_WITHIN_SECONDS, asyncio.get_running_loop().time
        while not self.channel.pressed and clock() < until and not await self._sends_sound():
            await self._start_music()
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
        doing = asyncio.ensure_future(work)
        try:
            if not (await asyncio.wait({doing}, timeout=MOMENT_SECONDS))[0]:
                # Of a caller who is gone the work tells: what it began is known, and ended in any case.
                with contextlib.suppress(CallGone, SynthesisError):
                    await self._bridge_over(doing)
            return await doing
        finally:
            doing.cancel()

    async def _bridge_over(self, doing: "asyncio.Future[Done]") -> None:
        """Ask the caller for a moment; music follows until it is done."""
        if not self._music:
            media = await self._voice.media(self._one_moment, self.language)
            await self._sound((self._one_moment,), [media], **{MEANWHILE: True})
            await self._until_said(doing.cancelled)
        if not doing.done():
            await self._start_music()

    async def _start_music(self) -> None:
        if not self._music:
            await self._ari.start_music(self.id)
            self._music = True

    async def talk(self) -> TalkEnd:
        try:
            await self._quiet_music()
            return await self._talk()
        finally:
            self.channel.keys.clear()

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
        if not self.channel.keys:
            await self._start(phrases)
            await self._until_said(lambda: bool(self.channel.keys))
            if self.channel.keys:
                self._stop_beside()
        return await self._next_key(self._timeouts.first if seconds is None else seconds)

    async def _next_key(self, seconds: float) -> str | None:
        pressed = await self.channel.until(lambda: bool(self.channel.keys), seconds)
        return self.channel.keys.popleft() if pressed else None

    async def hush_left_behind(self) -> None:
        """Stop prompts and recordings of before a restart, which would hold up a new prompt."""
        for message in await self._log.unfinished_messages():
            if message.call_id == self.id:
                with contextlib.suppress(CallGone):  # it ended by itself
                    await self._ari.stop_recording(message.id)
        first, self._voices = self._voices, self._voices + UNWRITTEN_VOICES
        for number in range(first, self._voices + 1):
            with contextlib.suppress(CallGone):  # most of them ended long ago, or never were
                await self._ari.stop_playback(self._voice_id(number))

    def _voice_id(self, number: int) -> str:
        """Name a playback so that a recovering service can stop it."""
        return f"voice-{self.id}-{number}"

    @property
    def _awaited(self) -> bool:
        """Whether somebody has come for them."""
        return self.leg is not None or self.contact is not None

    @property
    def _left_alone(self) -> bool:
        """The side that was to talk with them has gone already."""
        return self.leg is not None and self.leg.gone

    @property
    def _silent(self) -> bool:
        return self.channel.has_finished(self._playing)

    async def _start(self, phrases: tuple[Phrase, ...]) -> None:
        """Begin to say the phrases; a caller who has to wait for their synthesis is asked for a moment."""
        media = [await self._voice.at_hand(phrase, self.language) for phrase in phrases]
        sounds = [sound for sound in media if sound is not None]
        if len(sounds) < len(media):
            sounds = await self.meanwhile(self._made(phrases))
        await self._sound(phrases, sounds)

    async def _sound(self, phrases: tuple[Phrase, ...], media: list[str], **told: Scalar) -> None:
        await self._quiet_music()
        self._voices += 1  # the playback's id is chosen before, so that its end cannot be missed
        self._playing = self._voice_id(self._voices)
        self._said_within = sum(map(self._voice.seconds, media)) + SAID_LATE_SECONDS
        await self._ari.play(self.id, self._playing, media)
        if once := " ".join(phrase.told_as(self.language) for phrase in phrases if phrase.once):
            told["once"] = once
        await self.note(Step.HEARD, phrases=_names(phrases), voice=self._voices, **told)
        await self.keep_first_prompt()

    async def _until_said(self, ready: Callable[[], bool]) -> None:
        """Wait until the prompt ends or is cut short, but not for an end that Asterisk never reports."""
        if not await self.channel.until(lambda: ready() or self._silent, self._said_within):
            log.warning("playback not told of call_id=%s playback=%s", self.id, self._playing)

    async def _made(self, phrases: tuple[Phrase, ...]) -> list[str]:
        """Have them read aloud side by side, without those that cannot be.

        Raises SynthesisError when that is all there is to say.
        """
        spoken = (self._voice.media(phrase, self.language) for phrase in phrases)
        media, failed = [], None
        for phrase, one in zip(phrases, await asyncio.gather(*spoken, return_exceptions=True), strict=True):
            match one:
                case str():
                    media.append(one)
                case SynthesisError():
                    failed = one
                    log.warning("phrase left out call_id=%s phrase=%s reason=%s", self.id, phrase.name, one)
                case _:
                    raise one
        if failed is not None and not media:
            raise failed
        return media

    async def keep_first_prompt(self) -> None:
        """Store when the first prompt began to sound, as soon as Asterisk has told."""
        if self.channel.sounding_since is not None:
            await self.journey.sounding(self.channel.sounding_since)

    def _stop_beside(self) -> None:
        """Stop the prompt without waiting: the next one is played after this one's end."""
        self._tasks.create_task(self._stop(self._playing))

    async def _hush(self) -> None:
        if await self._stop(self._playing):
            await self.channel.until(lambda: self._silent, SAID_LATE_SECONDS)

    async def _stop(self, playing: str) -> bool:
        """Have Asterisk stop a playback; False when there is nothing that would tell of its end."""
        if not playing or self.channel.has_finished(playing):
            return False
        try:
            await self._ari.stop_playback(playing)
        except CallGone:
            return False  # it ended by itself meanwhile; a caller who is gone shows at the next verb
        return True

    async def _quiet_music(self) -> None:
        if self._music:
            self._music = False
            await self._ari.stop_music(self.id)


def _names(phrases: tuple[Phrase, ...]) -> str:
    return " ".join(phrase.name for phrase in phrases)
