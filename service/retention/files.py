"""The files of retention: those whose rows are gone, and those that only their age ends."""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from attrs import define

from hotline.calls.sound_store import SoundAway, SoundStore
from hotline.errors import NotFound
from hotline.retention.terms import Kind, Retention
from service.folders import Folders
from storage.appeals.attachment_store import file_of, preview_of
from storage.retention.sweep import DoomedFile, StoredRetention

log = logging.getLogger(__name__)

AT_ONCE = 500
_PAPERS = frozenset({Kind.APPEALS, Kind.CHATS, Kind.DRAFTS})
"""Kinds whose files lie with the attachments, under a key: of appeals, chats, stills that became none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRule:
    """Files of a folder that end with their age; `named`: not while a row names them."""

    kind: Kind
    folder: Path
    pattern: str = "*"
    named: bool = False


def file_rules(folders: Folders) -> Sequence[FileRule]:
    """List the rules for files, as `storage.retention.rules` does for rows."""
    logs = folders.asterisk / "log"
    return (
        FileRule(kind=Kind.OUTBOX, folder=folders.outbox),
        FileRule(kind=Kind.IMPORTS, folder=folders.imports),
        FileRule(kind=Kind.LOGS, folder=logs, pattern="*.[0-9]*"),
        FileRule(kind=Kind.LOGS, folder=folders.cel.parent, pattern="*.[0-9]*"),
        *(
            FileRule(kind=Kind.RECORDINGS, folder=folders.recordings, pattern=pattern, named=True)
            for pattern in ("*.wav", "*.flac", "*.ogg")
        ),
        FileRule(kind=Kind.MESSAGES, folder=folders.messages, pattern="*.wav", named=True),
    )


@define(eq=False, repr=False)
class FileSweep:
    """Deletes files of the state. Doing it twice does no harm."""

    _stored: StoredRetention
    _folders: Folders
    _sounds: SoundStore

    async def doomed(self) -> None:
        """Delete the files whose rows are gone; one that cannot be deleted stays doomed, and stops none."""
        while doomed := await self._stored.doomed():
            gone = [one.id for one in doomed if await self._delete(one)]
            if not gone:
                return
            await self._stored.files_gone(gone)

    async def aged(self, kept: Retention, at: datetime) -> None:
        """Delete the files that only their age ends, and log how many."""
        for rule in file_rules(self._folders):
            term = kept.of(rule.kind)
            if gone := await asyncio.to_thread(_unlink, await self.old(rule, at - term)):
                await self._stored.log_files(rule.kind, term, at, gone)

    async def old(self, rule: FileRule, before: datetime) -> Sequence[Path]:
        """Find the files of a rule that are older than that and may be deleted."""
        found = await asyncio.to_thread(lambda: list(_older(rule, before)))
        if not rule.named:
            return found
        free = []
        for at in range(0, len(found), AT_ONCE):
            some = found[at : at + AT_ONCE]
            kept = await self._stored.named([str(path) for path in some])
            free += [path for path in some if str(path) not in kept]
        return free

    async def _delete(self, one: DoomedFile) -> bool:
        """Delete it; False: it needs another try."""
        try:
            if one.kind in _PAPERS:
                await asyncio.to_thread(self._delete_paper, one.name)
            else:
                await self._sounds.delete(one.name)
        except NotFound:
            log.error("file of no folder of ours not deleted kind=%s", one.kind)
        except OSError as error:
            log.error("file not deleted kind=%s reason=%s", one.kind, error.strerror)
            return False
        except SoundAway as error:
            log.error("file not deleted elsewhere kind=%s reason=%s", one.kind, str(error).splitlines()[-1])
            return False
        return True

    def _delete_paper(self, name: str) -> None:
        evidence = self._folders.evidence.resolve()
        for path in (file_of(evidence, name), preview_of(evidence, name)):
            if not path.is_relative_to(evidence):
                raise NotFound(f"{name} is in no folder of ours.")
            path.unlink(missing_ok=True)


def _unlink(paths: Sequence[Path]) -> int:
    for path in paths:
        path.unlink(missing_ok=True)
    return len(paths)


def _older(rule: FileRule, before: datetime) -> Iterator[Path]:
    for path in rule.folder.glob(rule.pattern):
        if path.is_file() and path.stat().st_mtime < before.timestamp():
            yield path
