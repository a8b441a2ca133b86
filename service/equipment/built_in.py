"""The hotline's own checks: by the truths that `/health/ready`, the status page and `hotline doctor` tell."""

import shutil
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from attrs import define, field

from cti_server.status.board import Board
from hotline.clock import Clock
from hotline.contact.channel import Channel
from hotline.delivery.outbox import Outbox, Waiting
from hotline.equipment.history import full_in_days
from hotline.equipment.items import Equipment, Kind, NewItem, Way
from hotline.equipment.states import Look, State
from hotline.retention.room import Room

Check = Callable[[NewItem], Awaitable[Look]]
TrunkOnline = Callable[[], Awaitable[bool | None]]
SLOW_WRITE_MS = 1000
WAITS_TOO_LONG, WAITS_FAR_TOO_LONG = timedelta(minutes=15), timedelta(hours=2)
REFUSED_TOO_OFTEN = 5
"""Refusals within an hour: one address that does not exist is no fault of the gateway."""
BACKUP_OLD, BACKUP_MISSING = timedelta(days=2), timedelta(days=7)
FULL_SOON_DAYS = 30
LOOKED_BACK = timedelta(days=14)
"""So far the disk's own history is looked back upon for its forecast."""
LATE_PARTS = ("escalation", "journal", "database_log", "city_data")
_DEFECTS_OF_SECONDS = 3600.0
_GIGABYTE, _MEGABYTE = 10**9, 10**6
_MS, _MINUTE, _HOUR = 1000, 60, 3600


def in_order(said: str, **values: str | int) -> Look:
    return Look(state=State.IN_ORDER, said=said, values=values)


def disturbed(said: str, **values: str | int) -> Look:
    return Look(state=State.DISTURBED, said=said, values=values)


def out_of_order(said: str, **values: str | int) -> Look:
    return Look(state=State.OUT_OF_ORDER, said=said, values=values)


@define(eq=False, repr=False, kw_only=True)
class BuiltIn:
    """The checks by kind; each asks one part of the hotline."""

    _board: Board
    _equipment: Equipment
    _outbox: Outbox
    _trunk_online: TrunkOnline
    _last_backup: Callable[[], datetime | None]
    _folder: Path
    """On the disk of the state."""
    _clock: Clock
    _monotonic: Callable[[], float] = time.monotonic
    _defects: "deque[tuple[float, int]]" = field(factory=deque, init=False)

    def checks(self) -> Mapping[Kind, Check]:
        return {
            Kind.TRUNK: self._trunk,
            Kind.ASTERISK: self._asterisk,
            Kind.DATABASE: self._database,
            Kind.QUEUE: self._queue,
            Kind.SMS: lambda _item: self._gateway(Channel.SMS),
            Kind.MAIL: lambda _item: self._gateway(Channel.EMAIL),
            Kind.DISK: self._disk,
            Kind.BACKUP: self._backup,
            Kind.RECORDINGS: self._recordings,
            Kind.SERVICE: self._service,
        }

    async def _trunk(self, _item: NewItem) -> Look:
        online = await self._trunk_online()
        if online is None:
            return Look(state=State.NOT_KNOWN, said="trunk-not-known")
        return in_order("trunk-online") if online else out_of_order("trunk-offline")

    async def _asterisk(self, _item: NewItem) -> Look:
        parts = await self._board.parts()
        return in_order("asterisk-up") if parts["asterisk"] else out_of_order("asterisk-away")

    async def _database(self, _item: NewItem) -> Look:
        """Write what is to be written anyway: that the board looks."""
        if not (await self._board.parts())["database"]:
            return out_of_order("database-away")
        began = self._monotonic()
        await self._equipment.watched(self._clock.now())
        ms = round((self._monotonic() - began) * _MS)
        values = {"ms": ms, "megabytes": await self._equipment.database_bytes() // _MEGABYTE}
        if ms > SLOW_WRITE_MS:
            return disturbed("database-slow", **values)
        return in_order("database-quick", **values)

    async def _queue(self, _item: NewItem) -> Look:
        now = self._clock.now()
        waits = [await self._outbox.waiting_by(one, now) for one in (Channel.EMAIL, Channel.SMS)]
        since = min((one.due_at for one in waits if one.due_at is not None), default=now)
        minutes = int((now - since).total_seconds() // _MINUTE)
        if now - since >= WAITS_FAR_TOO_LONG:
            return out_of_order("queue-waits", minutes=minutes)
        if now - since >= WAITS_TOO_LONG:
            return disturbed("queue-waits", minutes=minutes)
        return in_order("queue-moves")

    async def _gateway(self, channel: Channel) -> Look:
        now = self._clock.now()
        return gateway_look(await self._outbox.waiting_by(channel, now), now)

    async def _disk(self, _item: NewItem) -> Look:
        now, room, usage = self._clock.now(), self._board.room(), shutil.disk_usage(self._folder)
        if room is Room.SPENT:
            return out_of_order("disk-spent", megabytes=usage.free // _MEGABYTE)
        if room is Room.LOW:
            return disturbed("disk-low", gigabytes=usage.free // _GIGABYTE)
        await self._equipment.measure(usage.free, now)
        first = await self._equipment.measured_first(now - LOOKED_BACK)
        days = full_in_days(first, usage.free, now)
        values = {"gigabytes": usage.free // _GIGABYTE, "percent": 100 * usage.free // usage.total}
        if days is None or days > FULL_SOON_DAYS:
            return in_order("disk-free", **values)
        return disturbed("disk-fills", days=days, **values)

    async def _backup(self, _item: NewItem) -> Look:
        return backup_look(self._last_backup(), self._clock.now())

    async def _recordings(self, _item: NewItem) -> Look:
        background = self._board.background()
        if not background["recordings_key"]:
            return out_of_order("recordings-locked")
        if not background["recordings_store"]:
            return disturbed("recordings-away")
        return in_order("recordings-kept")

    async def _service(self, _item: NewItem) -> Look:
        background = self._board.background()
        if late := [part for part in LATE_PARTS if not background.get(part, True)]:
            return disturbed(f"late-{late[0]}")
        if defects := self._defects_lately():
            return disturbed("service-defects", count=defects)
        return in_order("service-well")

    def _defects_lately(self) -> int:
        now, total = self._monotonic(), sum(self._board.defects().values())
        self._defects.append((now, total))
        while self._defects[0][0] < now - _DEFECTS_OF_SECONDS:
            self._defects.popleft()
        return total - self._defects[0][1]


def gateway_look(waiting: Waiting, now: datetime) -> Look:
    """Judge a gateway by what it did with the notices that it got."""
    if waiting.in_vain:
        return out_of_order("gateway-away", waiting=waiting.in_vain)
    if waiting.refused >= REFUSED_TOO_OFTEN:
        return disturbed("gateway-refuses", refused=waiting.refused)
    if waiting.sent_at is None:
        return in_order("gateway-works")
    return in_order("gateway-sent", minutes=max(0, int((now - waiting.sent_at).total_seconds() // _MINUTE)))


def backup_look(made_at: datetime | None, now: datetime) -> Look:
    """Judge by the age of the last backup."""
    if made_at is None:
        return disturbed("backup-none")
    age = now - made_at
    if age >= BACKUP_MISSING:
        return out_of_order("backup-old", days=age.days)
    if age >= BACKUP_OLD:
        return disturbed("backup-old", days=age.days)
    return in_order("backup-fresh", hours=max(0, int(age.total_seconds() // _HOUR)))


PROVIDED: Mapping[Kind, NewItem] = {
    kind: NewItem(
        name="", kind=kind, way=Way.BUILT_IN, interval_seconds=every, timeout_seconds=15, failures=failures
    )
    for kind, every, failures in (
        (Kind.TRUNK, 30, 3),
        (Kind.ASTERISK, 15, 3),
        (Kind.DATABASE, 60, 2),
        (Kind.QUEUE, 60, 2),
        (Kind.SMS, 60, 3),
        (Kind.MAIL, 60, 3),
        (Kind.DISK, 60, 2),
        (Kind.CERTIFICATE, 6 * _HOUR, 1),
        (Kind.BACKUP, 600, 1),
        (Kind.RECORDINGS, 60, 2),
        (Kind.SERVICE, 30, 4),
    )
}
"""How often each is looked at, and how many looks count."""
