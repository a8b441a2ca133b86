"""Plays prompts to one caller, one after another, and music between them."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence

from hotline.calls.call import Scalar, Step
from hotline.errors import CallGone
from hotline.voice.speech import Language, Phrase, Voice
from telephony.ari.actions import Ari
from telephony.calls.channel import FollowedChannel
from telephony.calls.journey import Journey
from telephony.voice.engines import SynthesisError

log = logging.getLogger(__name__)

UNWRITTEN_VOICES = 3
"""The most prompts that can have begun without being on record when the service was killed."""
SAID_LATE_SECONDS = 5.0
"""How much longer than its sound a playback may last before the caller is led on without its end."""


class Playing:
    """Prompts and music on one channel, played by the task of the call's flow."""

    def __init__(
        self,
        channel: FollowedChannel,
        *,
        ari: Ari,
        voice: Voice,
        journey: Journey,
        language: Language,
    ) -> None:
        self.language = language
        self._channel = channel
        self._ari = ari
        self._voice = voice
        self._journey = journey
        self.music = False
        """Whether they hear music."""
        self._playing = ""
        self._said_within = SAID_LATE_SECONDS
        self._voices = journey.voices

    @property
    def silent(self) -> bool:
        """Whether the prompt begun last has ended."""
        return self._channel.has_finished(self._playing)

    async def made(self, phrases: tuple[Phrase, ...]) -> list[str]:
        """Give the sounds of the phrases; those that are not at hand are read aloud now.

        Raises SynthesisError.
        """
        media = [await self._voice.at_hand(phrase, self.language) for phrase in phrases]
        sounds = [sound for sound in media if sound is not None]
        return sounds if len(sounds) == len(media) else await self._made(phrases)

    async def sound(self, phrases: tuple[Phrase, ...], media: Sequence[str], **told: Scalar) -> None:
        """Begin to say the phrases, whose sounds these are; `told` goes into the journey."""
        await self.quiet_music()
        self._voices += 1  # the playback's id is chosen before, so that its end cannot be missed
        self._playing = self._id_of(self._voices)
        self._said_within = sum(map(self._voice.seconds, media)) + SAID_LATE_SECONDS
        await self._ari.play(self._channel.id, self._playing, media)
        if once := " ".join(phrase.told_as(self.language) for phrase in phrases if phrase.once):
            told["once"] = once
        heard = {"phrases": names(phrases), "voice": self._voices, **told}
        await self._journey.note(Step.HEARD, heard)
        await self.keep_first_prompt()

    async def until_said(self, ready: Callable[[], bool]) -> None:
        """Wait until the prompt ends or is cut short, but not for an end that Asterisk never reports."""
        if not await self._channel.until(lambda: ready() or self.silent, self._said_within):
            log.warning("playback not told of call_id=%s playback=%s", self._channel.id, self._playing)

    async def hush(self) -> None:
        """Stop the prompt, and wait for its end."""
        if await self._stop(self._playing):
            await self._channel.until(lambda: self.silent, SAID_LATE_SECONDS)

    def hush_beside(self) -> None:
        """Stop the prompt without waiting: the next one is played after this one's end."""
        if self._playing and not self.silent:
            self._ari.stop_playback_beside(self._playing)

    async def hush_left_behind(self) -> None:
        """Stop prompts of before a restart, which would hold up a new prompt."""
        first, self._voices = self._voices, self._voices + UNWRITTEN_VOICES
        for number in range(first, self._voices + 1):
            with contextlib.suppress(CallGone):  # most of them ended long ago, or never were
                await self._ari.stop_playback(self._id_of(number))

    async def start_music(self) -> None:
        if not self.music:
            await self._ari.start_music(self._channel.id)
            self.music = True

    async def quiet_music(self) -> None:
        if self.music:
            self.music = False
            await self._ari.stop_music(self._channel.id)

    async def keep_first_prompt(self) -> None:
        """Store when the first prompt began to sound, as soon as Asterisk has told."""
        if self._channel.sounding_since is not None:
            await self._journey.sounding(self._channel.sounding_since)

    def _id_of(self, number: int) -> str:
        """Name a playback so that a recovering service can stop it."""
        return f"voice-{self._channel.id}-{number}"

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
                    channel = self._channel.id
                    log.warning("phrase left out call_id=%s phrase=%s reason=%s", channel, phrase.name, one)
                case _:
                    raise one
        if failed is not None and not media:
            raise failed
        return media

    async def _stop(self, playing: str) -> bool:
        """Have Asterisk stop a playback; False when there is nothing that would tell of its end."""
        if not playing or self._channel.has_finished(playing):
            return False
        try:
            await self._ari.stop_playback(playing)
        except CallGone:
            return False  # it ended by itself meanwhile; a caller who is gone shows at the next verb
        return True


def names(phrases: tuple[Phrase, ...]) -> str:
    """List the phrases as a journey has them."""
    return " ".join(phrase.name for phrase in phrases)
