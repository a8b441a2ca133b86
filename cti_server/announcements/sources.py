"""Ports of the pages of announcements."""

from dataclasses import dataclass

from aiohttp import web

from hotline.clock import Clock
from hotline.informing.city_messages import CityMessages
from hotline.voice.voice_recordings import PhraseBook, Studio, VoiceRecordings


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcing:
    """The messages, all phrases, who has recorded which of them, and where that is done."""

    messages: CityMessages
    book: PhraseBook
    recordings: VoiceRecordings
    studio: Studio
    clock: Clock


ANNOUNCING: web.AppKey[Announcing] = web.AppKey("announcing")
