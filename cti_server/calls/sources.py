"""What the pages on past calls rest on, and where they are reached."""

from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from hotline.callbacks import Callbacks
from hotline.calling_out import CallingRules
from hotline.calls import CallLog
from hotline.history import History
from hotline.line import Dispatchers
from hotline.registering import Registry
from hotline.scheduled_callbacks import ScheduledCallbacks


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCalls:
    """`recordings` and `messages` are the folders out of which sound may be played, and no others."""

    history: History
    callbacks: Callbacks
    scheduled: ScheduledCallbacks
    rules: CallingRules
    registry: Registry
    log: CallLog
    dispatchers: Dispatchers
    recordings: Path
    messages: Path


PAST_CALLS: web.AppKey[PastCalls] = web.AppKey("past_calls")
