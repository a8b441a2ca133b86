"""Ports of the applicants' page."""

from dataclasses import dataclass, field

from aiohttp import web

from cti_server.auth.rates import Rates, TokenLimits, WrongTokens
from hotline.appeals.handling import Handling
from hotline.appeals.registering import Registry
from hotline.city.city_rules import CityRules
from hotline.clock import Clock
from hotline.delivery.answering import AnswerLinks
from hotline.delivery.outbox import Outbox
from hotline.enterprises.executors import Executors
from hotline.portal.follow_codes import FollowCodes
from hotline.portal.public_texts import PublicTexts

FREE_WRONG = 10
"""Links that nobody signed, from one address within an hour, before it has to wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSources:
    """`number` is the one to ring; `rules` say how long a yes and a no can be taken back."""

    links: AnswerLinks
    outbox: Outbox
    registry: Registry
    handling: Handling
    executors: Executors
    clock: Clock
    number: str
    rules: CityRules
    codes: FollowCodes
    public_texts: PublicTexts
    rates: Rates = field(default_factory=lambda: Rates(TokenLimits(per_second=0.2, at_once=30)))
    photo_rates: Rates = field(default_factory=lambda: Rates(TokenLimits(per_second=1.0, at_once=60)))
    wrong: WrongTokens = field(default_factory=lambda: WrongTokens(FREE_WRONG))


ANSWERS: web.AppKey[AnswerSources] = web.AppKey("answers")
