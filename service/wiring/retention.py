"""Wires the pages of retention and of a citizen's rights."""

from collections.abc import Sequence
from pathlib import Path

from cti_server.citizens.sources import CitizenSources
from cti_server.retention.sources import RetentionSources
from hotline.clock import SystemClock
from hotline.retention.person import HeldFile
from service.folders import Folders
from service.retention.files import FileSweep
from service.settings.settings import Settings
from storage.appeals.attachment_store import file_of
from storage.store import Storage


def citizen_sources(settings: Settings, storage: Storage) -> CitizenSources:
    return CitizenSources(
        cards=storage.citizen_cards,
        data=storage.person_data,
        kept=settings.keeping.retention,
        place=lambda file: place(settings.folders, file),
        files=FileSweep(storage.retention, settings.folders),
        callers=storage.callers,
        outages=storage.outages,
        known_places=storage.known_places,
        users=storage.users,
        clock=SystemClock(),
    )


def retention_sources(settings: Settings, storage: Storage) -> RetentionSources:
    return RetentionSources(
        kept=settings.keeping.retention,
        holds=storage.holds,
        log=storage.retention,
        users=storage.users,
        clock=SystemClock(),
    )


def place(folders: Folders, file: HeldFile) -> Path | None:
    """Find the file itself; None when it is gone, or lies in no folder of ours."""
    if file.of_appeal:
        found, ours = file_of(folders.evidence, file.place), _resolved(folders.evidence)
    else:
        found, ours = Path(file.place), _resolved(folders.recordings, folders.messages)
    real = found.resolve()
    inside = any(real.is_relative_to(folder) for folder in ours)
    return real if inside and real.is_file() else None


def _resolved(*folders: Path) -> Sequence[Path]:
    return [folder.resolve() for folder in folders]
