"""The page of operation, wired: alert rules followed from inside, the last backup, the journal's spill."""

from functools import partial
from zoneinfo import ZoneInfo

from cti_server.operation.figures import read_figures
from cti_server.operation.sources import LastBackup, OperationSources
from cti_server.operation.watch import AlertWatch
from cti_server.status.board import Board
from hotline.clock import Clock, SystemClock
from hotline.equipment.items import Watching
from service.folders import Folders
from service.node.backup import last_backup, restored_at
from service.node.proving import last_proof, unproven_seconds
from service.wiring.equipment import measured_sources
from storage.store import Storage

CLOCK = SystemClock()


def operation_sources(
    folders: Folders,
    storage: Storage,
    timezone: ZoneInfo,
    *,
    board: Board,
    watching: Watching,
    clock: Clock = CLOCK,
    trials: bool = True,
) -> OperationSources:
    measured = measured_sources(
        storage, timezone, watching, clock, unproven=partial(unproven, folders, clock, wished=trials)
    )
    return OperationSources(
        watch=AlertWatch(partial(read_figures, board, measured), clock),
        equipment=storage.equipment,
        watching=watching,
        backup=partial(_backup, folders),
        spilled=partial(_spilled, folders),
        clock=clock,
    )


def _backup(folders: Folders) -> LastBackup | None:
    made = last_backup(folders)
    if made is None:
        return None
    proof = last_proof(folders)
    return LastBackup(
        made_at=made,
        restored_at=restored_at(folders),
        proven_at=None if proof is None else proof.whole_at,
        failed_at=proof.at if proof is not None and proof.fault else None,
    )


def unproven(folders: Folders, clock: Clock = CLOCK, *, wished: bool = True) -> float | None:
    """Tell for how long no backup was brought back as a trial without a fault.

    None where there is none, or where no trials are wished.
    """
    return unproven_seconds(folders, clock.now()) if wished else None


def _spilled(folders: Folders) -> int:
    """Add up what lies in the spill of each process."""
    spill = folders.spill
    return sum(one.stat().st_size for one in spill.parent.glob(f"{spill.stem}*{spill.suffix}"))
