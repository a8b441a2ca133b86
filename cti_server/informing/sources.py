"""Ports of the pages of orders."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web

from hotline.city.addresses import Streets
from hotline.city.search_terms import Lemmas
from hotline.clock import Clock
from hotline.dialling.calling_out import CallingRules, Pace
from hotline.dialling.campaigns import Campaigns
from hotline.informing.orders import InformingOrders
from hotline.informing.reach import Prices
from hotline.people.do_not_call import DoNotCall
from hotline.voice.voice_recordings import Studio, VoiceRecordings


@dataclass(frozen=True, slots=True, kw_only=True)
class InformingSources:
    """`timezone` is the city's: moments are typed and shown in it.

    `rules` say who may be called, `pace` how often somebody may have themselves called to try an order out.
    `at_once` is how many calls go on together.
    """

    orders: InformingOrders
    streets: Streets
    lemmas: Lemmas
    rules: CallingRules
    pace: Pace
    campaigns: Campaigns
    do_not_call: DoNotCall
    at_once: int
    prices: Prices
    recordings: VoiceRecordings
    studio: Studio
    clock: Clock
    timezone: ZoneInfo


INFORMING: web.AppKey[InformingSources] = web.AppKey("informing")
