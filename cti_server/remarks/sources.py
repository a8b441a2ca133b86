"""What the spoken remarks rest on."""

from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from hotline.appeals.handling import ExecutorWork, Handling
from hotline.calls.history import History


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkSources:
    """The histories that name remarks, the messages, and the only folder out of which they are played."""

    handling: Handling
    work: ExecutorWork
    history: History
    messages: Path


REMARKS: web.AppKey[RemarkSources] = web.AppKey("remarks")
