"""Ports of the pages of surveys."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web

from hotline.clock import Clock
from hotline.dialling.calling_out import CallingRules, Pace
from hotline.dialling.jobs import CallJobs
from hotline.enterprises.executors import Executors
from hotline.surveys.completion import Surveys
from hotline.surveys.forms import Forms
from hotline.surveys.results import SurveyResults


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveySources:
    """Ports of the survey pages. `rules` limit the numbers of a trial, `pace` its frequency.

    `timezone` is the city's.
    """

    forms: Forms
    surveys: Surveys
    jobs: CallJobs
    results: SurveyResults
    executors: Executors
    rules: CallingRules
    pace: Pace
    clock: Clock
    timezone: ZoneInfo


SURVEYS: web.AppKey[SurveySources] = web.AppKey("surveys")
