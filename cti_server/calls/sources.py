"""Ports of the pages on past calls, and where they are reached."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aiohttp import web

from hotline.appeals.registering import Registry
from hotline.calls.call import CallLog, Recording, VoiceMessage
from hotline.calls.history import History
from hotline.calls.recordings import Figures
from hotline.calls.sound_store import Sound, SoundStore
from hotline.city.search_terms import Lemmas
from hotline.dialling.calling_out import CallingRules
from hotline.errors import NotFound
from hotline.knowledge.uses import ArticleUses
from hotline.line.callbacks import Callbacks
from hotline.line.line import Dispatchers
from hotline.line.scheduled_callbacks import ScheduledCallbacks
from hotline.people.citizens import Citizens
from hotline.speech.shown_words import Span
from hotline.speech.transcripts import Transcripts
from hotline.supervision.threats import Threats

Mask = Callable[[Sound, Sequence[Span]], Awaitable[Sound]]
"""Gives a sound in which these seconds are bleeped; with none of them, the sound itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCalls:
    """Ports of the pages on past calls."""

    history: History
    citizens: Citizens
    callbacks: Callbacks
    scheduled: ScheduledCallbacks
    rules: CallingRules
    registry: Registry
    log: CallLog
    transcripts: Transcripts
    lemmas: Lemmas
    dispatchers: Dispatchers
    mask: Mask
    figures: Figures
    uses: ArticleUses
    threats: Threats
    make_copy: Callable[[Recording], Awaitable[Recording]]
    """Makes a copy to listen to anew that was deleted for lack of room; returns the recording with it."""
    sounds: SoundStore


PAST_CALLS: web.AppKey[PastCalls] = web.AppKey("past_calls")


async def recording_in_path(request: web.Request) -> Recording:
    """Find the recording that the path names; raises NotFound for one of another call."""
    found = await request.app[PAST_CALLS].history.recording(request.match_info["id"])
    if found is None or found.call_id != request.match_info["call"]:
        raise NotFound("The call has no such recording.")
    return found


async def message_in_path(request: web.Request) -> VoiceMessage:
    """Find the message that the path names; raises NotFound for one of another call."""
    found = await request.app[PAST_CALLS].history.message(request.match_info["id"])
    if found is None or found.call_id != request.match_info["call"]:
        raise NotFound("The call has no such message.")
    return found
