"""Ports of the pages of quality."""

from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from aiohttp import web

from hotline.calls.history import History
from hotline.clock import Clock
from hotline.dialling.calling_out import Telephone
from hotline.line.line import Dispatchers, Line
from hotline.quality.assessments import Assessments
from hotline.quality.machine_facts import TalkStory
from hotline.quality.training import Trainings
from hotline.quality.trial_calls import TrialCalls
from hotline.speech.transcripts import Transcripts
from hotline.voice.speech import Voice


class TalkStories(Protocol):
    """What is on record of a call and of what came of it."""

    async def story(self, call_id: str) -> TalkStory: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class QualitySources:
    """Ports of the pages of quality; `timezone` is the city's."""

    assessments: Assessments
    stories: TalkStories
    trainings: Trainings
    history: History
    transcripts: Transcripts
    trials: TrialCalls
    telephone: Telephone
    voice: Voice
    line: Line
    dispatchers: Dispatchers
    clock: Clock
    timezone: ZoneInfo


QUALITY: web.AppKey[QualitySources] = web.AppKey("quality")
