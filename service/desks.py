"""What the dispatchers' desks rest on, taken from the storage."""

from zoneinfo import ZoneInfo

from cti_server.appeals.list_sources import ListSources
from cti_server.appeals.sources import AppealSources
from cti_server.control.sources import ControlSources
from cti_server.desk.sources import Sources
from cti_server.enterprises.sources import ExecutorSources
from cti_server.handling.sources import HandlingSources
from cti_server.rules.sources import RuleSources
from cti_server.screens import Screens
from cti_server.surveys.sources import SurveySources
from hotline.calling_out import CallingRules, Pace
from hotline.city_rules import CityRules
from hotline.clock import SystemClock
from hotline.events import Events
from storage.store import Storage


def desk_sources(storage: Storage, screens: Screens) -> Sources:
    return Sources(
        callers=storage.callers,
        calls=storage.calls,
        callbacks=storage.callbacks,
        scheduled=storage.scheduled_callbacks,
        drafts=storage.drafts,
        forms=storage.forms,
        line=storage.line,
        dispatchers=storage.dispatchers,
        outages=storage.outages,
        alerts=storage.outage_alerts,
        known_places=storage.known_places,
        clock=SystemClock(),
        screens=screens,
    )


def appeal_sources(storage: Storage, timezone: ZoneInfo, events: Events) -> AppealSources:
    return AppealSources(
        registry=storage.registry,
        executors=storage.executors,
        handling=storage.handling,
        citizens=storage.citizens,
        streets=storage.streets,
        calls=storage.calls,
        drafts=storage.drafts,
        forms=storage.forms,
        outages=storage.outages,
        reports=storage.outage_reports,
        events=events,
        clock=SystemClock(),
        timezone=timezone,
    )


def handling_sources(storage: Storage, city: CityRules) -> HandlingSources:
    return HandlingSources(
        registry=storage.registry,
        handling=storage.handling,
        executors=storage.executors,
        rules=storage.rules,
        citizens=storage.citizens,
        streets=storage.streets,
        calls=storage.calls,
        past_calls=storage.history,
        control=storage.control,
        outages=storage.outages,
        reports=storage.outage_reports,
        city=city,
        clock=SystemClock(),
    )


def executor_sources(storage: Storage, timezone: ZoneInfo) -> ExecutorSources:
    return ExecutorSources(executors=storage.executors, clock=SystemClock(), timezone=timezone)


def rule_sources(storage: Storage, timezone: ZoneInfo) -> RuleSources:
    return RuleSources(
        rules=storage.rules,
        executors=storage.executors,
        lists=storage.appeal_lists,
        streets=storage.streets,
        clock=SystemClock(),
        timezone=timezone,
    )


def survey_sources(storage: Storage, rules: CallingRules, timezone: ZoneInfo) -> SurveySources:
    return SurveySources(
        forms=storage.survey_forms,
        surveys=storage.surveys,
        results=storage.survey_results,
        executors=storage.executors,
        rules=rules,
        pace=Pace(rules),
        clock=SystemClock(),
        timezone=timezone,
    )


def control_sources(storage: Storage, city: CityRules) -> ControlSources:
    return ControlSources(
        control=storage.control,
        outbox=storage.outbox,
        outages=storage.outages,
        alerts=storage.outage_alerts,
        executors=storage.executors,
        city=city,
        clock=SystemClock(),
    )


def list_sources(storage: Storage, timezone: ZoneInfo) -> ListSources:
    return ListSources(
        lists=storage.appeal_lists,
        views=storage.views,
        streets=storage.streets,
        executors=storage.executors,
        handling=storage.handling,
        clock=SystemClock(),
        timezone=timezone,
    )
