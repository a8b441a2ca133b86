"""The board of equipment, wired: what is looked at here, by whom, and who is told."""

from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cti_server.equipment.sources import EquipmentSources
from cti_server.status.board import Board
from cti_server.status.metrics import MeasuredSources
from hotline.appeals.figures import Days
from hotline.clock import Clock, SystemClock
from hotline.equipment.following import Following
from hotline.equipment.items import Kind, NewItem, Watching, Way
from hotline.equipment.states import Look
from hotline.tasks.equipment_faults import EquipmentFaultTasks
from service.equipment.built_in import BuiltIn, Check
from service.equipment.cameras import CameraLooks
from service.equipment.network import network_look
from service.equipment.watch import EquipmentWatch
from service.node.backup import last_backup
from service.processes.among import Exchange
from service.settings.settings import Settings
from storage.store import Storage

CLOCK = SystemClock()


def equipment_watch(
    settings: Settings,
    storage: Storage,
    connection: Exchange,
    board: Board,
    *,
    others: Callable[[int], None] = lambda _item_id: None,
) -> EquipmentWatch:
    """Wire it; `others` has another process look, where that one has this work."""
    built_in = BuiltIn(
        board=board,
        equipment=storage.equipment,
        outbox=storage.outbox,
        trunk_online=connection.trunk_online,
        last_backup=partial(last_backup, settings.folders),
        folder=settings.folders.var,
        clock=CLOCK,
    )
    following = Following(
        equipment=storage.equipment,
        outbox=storage.outbox,
        users=storage.users,
        executors=storage.executors,
        zone=settings.timezone,
        tasks=EquipmentFaultTasks(
            tasks=storage.tasks,
            equipment=storage.equipment,
            users=storage.users,
            zone=settings.timezone,
        ),
    )
    there = _there(settings)
    return EquipmentWatch(
        equipment=storage.equipment,
        following=following,
        built_in={
            **built_in.checks(),
            Kind.CERTIFICATE: _certificate(settings),
            Kind.CAMERA: CameraLooks(storage.cameras).look,
        },
        provided=[kind for kind, is_there in there.items() if is_there],
        clock=CLOCK,
        others=others,
    )


def equipment_sources(
    storage: Storage, timezone: ZoneInfo, watching: Watching, clock: Clock = CLOCK
) -> EquipmentSources:
    return EquipmentSources(
        equipment=storage.equipment,
        executors=storage.executors,
        watching=watching,
        clock=clock,
        timezone=timezone,
    )


def measured_sources(
    storage: Storage,
    timezone: ZoneInfo,
    watching: Watching,
    clock: Clock = CLOCK,
    *,
    unproven: Callable[[], float | None] = lambda: None,
) -> MeasuredSources:
    return MeasuredSources(
        line=storage.line_today,
        figures=storage.appeal_figures,
        outbox=storage.outbox,
        equipment=storage.equipment,
        watching=watching,
        agreements=storage.agreements,
        taken=storage.taken_appeals,
        today=lambda: Days(now=clock.now(), zone=timezone),
        unproven=unproven,
    )


def _there(settings: Settings) -> dict[Kind, bool]:
    """Tell which of the hotline's own checks this installation has something for."""
    delivery = settings.delivery
    return {
        Kind.TRUNK: bool(settings.trunk.host),
        Kind.ASTERISK: True,
        Kind.DATABASE: True,
        Kind.QUEUE: True,
        Kind.SMS: delivery.sms is not None,
        Kind.MAIL: delivery.mail is not None,
        Kind.DISK: True,
        Kind.CERTIFICATE: delivery.address.startswith("https://"),
        Kind.BACKUP: True,
        Kind.RECORDINGS: True,
        Kind.SERVICE: True,
    }


def _certificate(settings: Settings) -> Check:
    """Look at that of our own pages, as citizens' browsers reach them."""
    parts = urlsplit(settings.delivery.address)

    async def look(item: NewItem) -> Look:
        return await network_look(
            NewItem(
                name="",
                kind=Kind.CERTIFICATE,
                way=Way.CERTIFICATE,
                host=parts.hostname or "",
                port=parts.port or 0,
                timeout_seconds=item.timeout_seconds,
            )
        )

    return look
