"""Wires the API with the storage and the settings."""

from cti_server.api.feed import Feed
from cti_server.api.missed import Missed
from cti_server.api.sources import ApiSources
from cti_server.auth.bearer import bearers
from cti_server.auth.rates import TokenLimits
from hotline.city.house_places import HousePlaces
from hotline.clock import SystemClock
from hotline.events import Events
from hotline.line.phones import CanRing
from hotline.portal.follow_codes import FollowCodes
from service.settings.settings import Settings
from service.wiring.delivery import answer_links
from storage.store import Storage


def feed(storage: Storage) -> Feed:
    return Feed(storage.dispatchers, storage.callers, SystemClock())


def api_sources(
    settings: Settings, storage: Storage, events: Events, stream: Feed, can_ring: CanRing
) -> ApiSources:
    return ApiSources(
        bearers=bearers(storage.tokens, TokenLimits(per_second=settings.api_per_second)),
        requests=storage.keyed_requests,
        history=storage.history,
        calls=storage.calls,
        callers=storage.callers,
        citizens=storage.citizens,
        cards=storage.citizen_cards,
        registry=storage.registry,
        appeal_lists=storage.appeal_lists,
        change_log=storage.change_log,
        handling=storage.handling,
        work=storage.executor_work,
        executors=storage.executors,
        streets=storage.streets,
        places=HousePlaces(storage.city_maps, storage.streets),
        outages=storage.outages,
        power=storage.power,
        documents=storage.city_documents,
        dispatchers=storage.dispatchers,
        events=events,
        feed=stream,
        missed=Missed(
            appeals=storage.change_log,
            lists=storage.appeal_lists,
            outages=storage.outage_log,
            presence=storage.presence_changes,
            clock=SystemClock(),
        ),
        clock=SystemClock(),
        city=settings.city,
        codes=FollowCodes(answer_links(settings).key),
        agreements=storage.agreements,
        messages=storage.city_messages,
        can_ring=can_ring,
    )
