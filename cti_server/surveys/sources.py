"""What the pages of surveys read and change."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web

from hotline.clock import Clock
from hotline.dialling.calling_out import CallingRules, Pace
from hotline.enterprises.executors import Executors
from hotline.surveys.completion import Surveys
from hotline.surveys.forms import Forms
from hotline.surveys.results import SurveyResults


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveySources:
    """`rules` say whom a trial may call, `pace` how often; `timezone` is the city's."""

    forms: Forms
    surveys: Surveys
    results: SurveyResults
    executors: Executors
    rules: CallingRules
    pace: Pace
    clock: Clock
    timezone: ZoneInfo


SURVEYS: web.AppKey[SurveySources] = web.AppKey("surveys")
