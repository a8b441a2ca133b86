"""Background rounds besides calls and pages, for the life of the service, isolated from one another."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from hotline.air_raid.alarm import AirRaid
from hotline.calls.sound_store import SoundStore
from hotline.clock import Clock, SystemClock
from hotline.events import Events
from hotline.isolation import Job, repeat, run_isolated
from hotline.line.closed_days import DaysKeeper
from hotline.outages.alerts import Threshold
from hotline.outages.late_entries import OutageEntries
from hotline.outages.mass_reports import MassReports
from hotline.outages.subscribers import EVERY_SECONDS, OutageSubscribers
from hotline.power.queues import power_queues
from hotline.power.reported import ReportedPower
from hotline.power.subscribers import TellsOfPower
from hotline.quality.sampling import Sampler
from hotline.reports.making import EVERY_SECONDS as PAPERS_EVERY
from hotline.retention.room import Room
from hotline.speech.hearing import Use
from service.air_raid.fetching import AirRaidFetching
from service.calls.encrypting import Encrypting
from service.calls.masters import SIDES_KEPT, MasterMaker, Masters, Running
from service.calls.reconciliation import Reconciliation
from service.informing.informing import Informing
from service.node.bus import Bus
from service.node.proving import clear_left
from service.node.proving_round import ProvingRound, prove_by_process
from service.outages.telling import OutageTelling
from service.power.fetching import Fetching
from service.processes.among import Exchange, together
from service.retention.asterisk_logs import LONGEST, AsteriskLogs
from service.retention.disk import Disk
from service.retention.files import FileSweep
from service.retention.sweep import Sweep
from service.settings.settings import Settings
from service.speech.masked_copies import MaskedCopies
from service.speech.models import usable
from service.speech.transcribing import Transcribing, ears, kept_in
from service.wiring.neighbours import keep_copying
from service.wiring.open311 import keep_reading_open311
from service.wiring.portal import closings_publisher
from service.wiring.reports import built_reports, paper_maker
from service.wiring.telephony import ari_address
from service.wiring.webhooks import feeding
from storage.core.fresh import FRESH_SECONDS
from storage.sounds.store import KeptSounds
from storage.store import Storage
from telephony.ari.client import reading

RENEWED_EVERY = FRESH_SECONDS * 0.8
_NOT_RENEWED = "what every call reads not renewed"
PROPOSALS_RENEWED_EVERY = 600.0
"""In seconds: what citizens report changes in hours, and ten thousand appeals are read."""


Rounds = Mapping[str, Coroutine[Any, Any, None]]
"""Rounds by their names; each runs until it is cancelled."""


def fresh(storage: Storage) -> Rounds:
    """Give those that keep at hand what calls and pages read again and again."""
    renewed = (
        storage.articles.renew,
        storage.city_documents.renew,
        storage.city_messages.renew,
        storage.standing_orders.renew,
        storage.outages.renew,
        storage.power.renew,
        storage.streets.renew,
        storage.voice_recordings.renew,
    )
    return {
        "fresh": repeat(partial(_renewed, renewed), every=RENEWED_EVERY, failure=_NOT_RENEWED),
        "fresh-proposals": repeat(
            storage.proposals.renew,
            every=PROPOSALS_RENEWED_EVERY,
            failure="words of past appeals not counted",
        ),
    }


def telephony_rounds(settings: Settings, storage: Storage, exchange: Exchange) -> Rounds:
    """Give those beside Asterisk, over its own files."""
    return {
        "asterisk-logs": asterisk_logs(settings, SystemClock()).keep(),
        "cel": _reconciliation(settings, storage, exchange).keep(),
    }


def scheduler_rounds(settings: Settings, storage: Storage, *, events: Bus, sounds: KeptSounds) -> Rounds:
    """Give those that do what is due at a time."""
    clock = SystemClock()
    sms = settings.delivery.sms_settings.prefixes
    rounds = {
        "informing": Informing(storage.informing, storage.informing_preparing, clock, sms).keep(),
        "mass-reports": _mass_reports(settings, storage).keep(),
        "outage-entries": OutageEntries(storage.outages, storage.executors, storage.outbox, clock).keep(),
        "subscribers": _subscribers(settings, storage, clock),
        "outage-telling": _outage_telling(settings, storage).keep(),
        "neighbours-copies": keep_copying(settings, storage),
        "open311": keep_reading_open311(settings, storage, events),
        "papers": _papers(settings, storage),
        "built-reports": built_reports(storage, settings.timezone).keep(),
        "closed-days": _closed_days(storage, settings, clock).keep(),
        "quality": Sampler(storage.quality_queue, clock, settings.timezone).keep(),
        "retention": sweep(settings, storage, sounds, clock).keep(),
        "webhooks": feeding(settings, storage, events).keep(),
    }
    return together(rounds, _proving(settings, clock), _power(settings, storage, clock))


def media_rounds(
    settings: Settings,
    storage: Storage,
    exchange: Exchange,
    *,
    disk: Disk,
    events: Events,
    sounds: KeptSounds,
) -> Rounds:
    """Give those that make something of recordings."""
    rounds = {
        "masked-copies": MaskedCopies(settings.folders.masked, sounds).keep(),
        "encrypting": encrypting(settings, storage, events, sounds).keep(),
        "recordings": masters(
            settings, storage, exchange.alive, room=disk.room, events=events, sounds=sounds
        ).keep(),
    }
    return together(rounds, _transcribing(settings, storage, sounds, SystemClock()))


async def _papers(settings: Settings, storage: Storage) -> None:
    """Make papers and digests of closings when their day is over; calls go first when the service starts."""
    papers, closings = paper_maker(storage, settings.timezone), closings_publisher(settings, storage)

    async def round_of_both() -> None:
        await run_isolated(closings.look, "closings of a day not published")
        await papers.look()

    await asyncio.sleep(PAPERS_EVERY)
    await repeat(round_of_both, every=PAPERS_EVERY, failure="papers not made")


async def _subscribers(settings: Settings, storage: Storage, clock: Clock) -> None:
    """Tell subscribers of outages, and before the power changes: one look after the other, each by itself."""
    outages = OutageSubscribers(storage.outages, storage.outage_subscriptions, clock)
    power = TellsOfPower(
        schedules=storage.power,
        outages=storage.outages,
        subscribers=storage.power_subscribers,
        clock=clock,
        zone=settings.timezone,
    )

    async def round_of_both() -> None:
        await run_isolated(power.round, "subscribers not told before the power changes")
        await outages.round()

    await repeat(round_of_both, every=EVERY_SECONDS, failure="subscribers of outages not told")


def air_raids(settings: Settings, air: AirRaid, changed: Callable[[], None]) -> Rounds:
    """Ask for air-raid alerts where a token is set."""
    if not settings.air_raid.token:
        return {}
    fetching = AirRaidFetching(
        url=settings.air_raid.url,
        token=settings.air_raid.token,
        air=air,
        clock=SystemClock(),
        changed=changed,
    )
    return {"air-raid": fetching.keep()}


def _proving(settings: Settings, clock: Clock) -> Rounds:
    """Try the last backup again and again, where that is wished."""
    if not settings.prove_backup:
        return {}
    proving = ProvingRound(
        folders=settings.folders,
        clock=clock,
        zone=settings.timezone,
        every=settings.prove_backup,
        prove=prove_by_process,
        clear=partial(clear_left, settings),
    )
    return {"proving": proving.keep()}


def _power(settings: Settings, storage: Storage, clock: Clock) -> Rounds:
    """Fetch schedules where an address is set."""
    if not settings.power.url:
        return {}
    fetching = Fetching(url=settings.power.url, schedules=storage.power, clock=clock, zone=settings.timezone)
    return {"power": fetching.keep()}


def _transcribing(settings: Settings, storage: Storage, sounds: SoundStore, clock: Clock) -> Rounds:
    """Nothing goes on where no model can be used."""
    models = {use: usable(settings.speech.models, use) for use in (Use.MESSAGES, Use.RECORDINGS)}
    if not any(models.values()):
        return {}
    work = Transcribing(
        storage.transcripts,
        ears(models),
        models,
        kept_in(sounds, settings.folders.recordings),
        clock,
        settings.speech.ears,
    )
    return {"transcripts": work.keep()}


def disk_of(settings: Settings) -> Disk:
    return Disk(settings.folders.var, settings.disk.thresholds)


def masters(
    settings: Settings,
    storage: Storage,
    running: Running,
    *,
    room: Callable[[], Room],
    events: Events,
    sounds: SoundStore,
) -> Masters:
    return Masters(
        events=events,
        calls=storage.calls,
        recordings=storage.recordings,
        chain=storage.recording_chain,
        maker=master_maker(settings, storage, events, sounds),
        sounds=sounds,
        running=running,
        folder=settings.folders.recordings,
        room=room,
        clock=SystemClock(),
        timezone=settings.timezone,
        # What is to be encrypted lies plain no longer than it must.
        sides_kept=timedelta() if settings.recordings.key_file else SIDES_KEPT,
        node=settings.edge.node,
    )


def master_maker(settings: Settings, storage: Storage, events: Events, sounds: SoundStore) -> MasterMaker:
    return MasterMaker(
        calls=storage.calls,
        events=events,
        recordings=storage.recordings,
        chain=storage.recording_chain,
        sounds=sounds,
        folder=settings.folders.recordings,
        clock=SystemClock(),
        timezone=settings.timezone,
    )


def encrypting(settings: Settings, storage: Storage, events: Events, sounds: KeptSounds) -> Encrypting:
    return Encrypting(
        sounds=sounds,
        recordings=storage.recordings,
        maker=master_maker(settings, storage, events, sounds),
        clock=SystemClock(),
    )


def _closed_days(storage: Storage, settings: Settings, clock: Clock) -> DaysKeeper:
    return DaysKeeper(
        storage.closed_days,
        storage.unsettled_calls,
        clock,
        settings.timezone,
        began=storage.line_report.began,
    )


def sweep(settings: Settings, storage: Storage, sounds: SoundStore, clock: Clock) -> Sweep:
    return Sweep(
        storage.retention,
        FileSweep(storage.retention, settings.folders, sounds),
        settings.keeping.retention,
        clock,
        settings.timezone,
    )


def asterisk_logs(settings: Settings, clock: Clock, longest: int = LONGEST) -> AsteriskLogs:
    async def rotate(path: Path) -> None:
        async with reading(ari_address(settings)) as ari:
            await ari.rotate_log(str(path))

    folder = settings.folders.asterisk / "log"
    return AsteriskLogs(
        folder=folder, rotate=rotate, clock=clock, timezone=settings.timezone, longest=longest
    )


async def _renewed(jobs: Sequence[Job]) -> None:
    """Have what every call reads at hand: a read would be a trip to the server between a key and the line.

    All at once: they ask first whether anybody has written, and questions that come together share a trip.
    """
    async with asyncio.TaskGroup() as tasks:
        for job in jobs:
            tasks.create_task(_isolated(job))


async def _isolated(job: Job) -> None:
    await run_isolated(job, _NOT_RENEWED)


def _outage_telling(settings: Settings, storage: Storage) -> OutageTelling:
    return OutageTelling(
        storage.outage_telling, SystemClock(), settings.outages.settle, settings.outages.called_percent
    )


def _mass_reports(settings: Settings, storage: Storage) -> MassReports:
    city, clock = settings.city, SystemClock()

    async def schedule() -> ReportedPower:
        known = await storage.power.known()
        return ReportedPower(known=known, houses=power_queues(), now=clock.now(), zone=city.timezone)

    return MassReports(
        reports=storage.outage_reports,
        alerts=storage.outage_alerts,
        outages=storage.outages,
        streets=storage.streets,
        handling=storage.handling,
        clock=clock,
        threshold=Threshold(voices=city.reports_for_alert, within=city.reports_within),
        schedule=schedule,
    )


def _reconciliation(settings: Settings, storage: Storage, exchange: Exchange) -> Reconciliation:
    return Reconciliation(
        file=settings.folders.cel,
        cursor=storage.cel,
        calls=storage.calls,
        dispatchers=storage.dispatchers,
        clock=SystemClock(),
        alive=exchange.alive,
        messages=settings.folders.messages,
        recordings=settings.folders.recordings,
        interpreters=settings.sign_language.interpreters,
        node=settings.edge.node,
    )
