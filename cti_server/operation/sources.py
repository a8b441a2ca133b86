"""Ports of the page of operation."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from cti_server.operation.watch import AlertWatch
from hotline.clock import Clock
from hotline.equipment.items import Equipment, Watching


@dataclass(frozen=True, slots=True, kw_only=True)
class LastBackup:
    """The last backup; `restored_at`: when a state was last restored from it, as far as known."""

    made_at: datetime
    restored_at: datetime | None
    proven_at: datetime | None = None
    """When one was last brought back as a trial without a fault."""
    failed_at: datetime | None = None
    """When the last trial was, if it failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationSources:
    """Ports of the page; `spilled` gives the bytes that wait in the journal's spill."""

    watch: AlertWatch
    equipment: Equipment
    watching: Watching
    backup: Callable[[], LastBackup | None]
    spilled: Callable[[], int]
    clock: Clock


OPERATION: web.AppKey[OperationSources] = web.AppKey("operation")
