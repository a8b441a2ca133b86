"""Ports of the pages of tasks."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web

from hotline.city.search_terms import Lemmas
from hotline.clock import Clock
from hotline.enterprises.executors import Executors
from hotline.signatures.paper_signatures import SignatureCheck
from hotline.tasks.directives import Directives
from hotline.tasks.record_files import RecordFiles
from hotline.tasks.task import Tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSources:
    """Ports of the pages of tasks; `timezone` is the city's."""

    tasks: Tasks
    directives: Directives
    files: RecordFiles
    signatures: SignatureCheck
    executors: Executors
    lemmas: Lemmas
    clock: Clock
    timezone: ZoneInfo


TASKS: web.AppKey[TaskSources] = web.AppKey("tasks")
