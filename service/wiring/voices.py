"""Wires the voices: the synthesis, people's recordings, and the studio."""

from dataclasses import dataclass
from datetime import timedelta

from cti_server.announcements.sources import Announcing
from hotline.clock import Clock, SystemClock
from hotline.informing.orders import Way
from hotline.informing.standing_orders import for_part
from hotline.voice.speech import Language
from hotline.voice.voice_recordings import Studio
from ivr_flows import prompts
from service.settings.settings import Settings
from service.voice.ahead import SpokenAhead
from service.voice.phrase_book import StoredPhraseBook
from service.voice.studio import VoiceStudio
from storage.store import Storage
from telephony.voice.chosen_voice import HumanVoice
from telephony.voice.engines import find_engines
from telephony.voice.fallback_prompts import FallbackPrompts
from telephony.voice.synthesis import RHVoice

FALLBACK_MESSAGE = "fallback-city-message"
"""The file that Asterisk's own dialplan plays behind its greeting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """`voice` is what callers hear; `synthesis` alone does what recordings do not."""

    synthesis: RHVoice
    voice: HumanVoice
    studio: VoiceStudio
    fallback: FallbackPrompts
    ahead: SpokenAhead

    def forget(self) -> int:
        """Delete what was said to somebody once, an hour ago or earlier; what all hear stays. How much."""
        before = SystemClock().now() - timedelta(hours=1)
        return self.synthesis.forget(made_before=before, keep=list(prompts.every_phrase()))


def voices(settings: Settings, storage: Storage) -> Voices:
    """Make them on the settings' folders."""
    folders = settings.folders
    synthesis = RHVoice(folders.prompts, find_engines(folders.private_root))
    voice = HumanVoice(storage.voice_recordings, folders.voices, synthesis)
    return Voices(
        synthesis=synthesis,
        voice=voice,
        studio=VoiceStudio(storage.voice_recordings, folders.voices, voice),
        fallback=FallbackPrompts(voice, folders.prompts),
        ahead=SpokenAhead(voice),
    )


def announcing(settings: Settings, storage: Storage, studio: Studio) -> Announcing:
    """Make the sources of the pages of announcements."""
    clock = SystemClock()
    return Announcing(
        messages=storage.city_messages,
        book=StoredPhraseBook(storage.outages, storage.city_messages, clock, settings.timezone),
        recordings=storage.voice_recordings,
        studio=studio,
        clock=clock,
    )


async def keep_fallback(storage: Storage, fallback: FallbackPrompts, clock: Clock) -> None:
    """Have Asterisk's own dialplan say what the service would; raises SynthesisError."""
    await fallback.keep(prompts.FALLBACK, Language.UKRAINIAN)
    now = clock.now()
    message = await storage.city_messages.on(now)
    orders = await storage.standing_orders.by(Way.IVR, now)
    said = [*([message] if message else ()), *(one for one in orders if not for_part(one))]
    await fallback.keep_as(FALLBACK_MESSAGE, [one.phrase for one in said], Language.UKRAINIAN)
