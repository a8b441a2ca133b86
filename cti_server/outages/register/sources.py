"""Ports of the register's pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from aiohttp import web

from hotline.city.addresses import Streets
from hotline.city.search_terms import Lemmas
from hotline.clock import Clock
from hotline.enterprises.executors import Executors
from hotline.outages.answers import OutageAnswers
from hotline.outages.outage import Outage, Outages
from hotline.outages.watchers import OutageWatch
from hotline.voice.speech import Language, Phrase


class Heard(Protocol):
    """The announcement that callers will hear of an outage."""

    def __call__(self, outage: Outage, *, now: datetime) -> Sequence[Phrase]:
        """Give its phrases. Of one that is to come: as on its first minute, for nobody hears it before."""
        ...


def as_read(phrases: Sequence[Phrase], language: str) -> str:
    """Write down what is heard, without marks for the voice; `language` is such as `uk`."""
    return " ".join(one.written(Language(language)) for one in phrases)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageSources:
    """`timezone` is the city's: moments are typed and shown in it."""

    outages: Outages
    executors: Executors
    streets: Streets
    lemmas: Lemmas
    watch: OutageWatch
    answers: OutageAnswers
    heard: Heard
    clock: Clock
    timezone: ZoneInfo


OUTAGES: web.AppKey[OutageSources] = web.AppKey("outages")
