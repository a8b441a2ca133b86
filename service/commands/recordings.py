"""`hotline recordings`: whether the masters of talks are what they were; keys, and what lies under them."""

import argparse
import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

from hotline.calls.chain import Fault, FaultKind
from hotline.clock import SystemClock
from hotline.errors import SettingsError
from service.calls.verifying import Verdict, verify
from service.commands.backups import progress
from service.node.bus import Bus
from service.open311.sealed_keys import seal_anew
from service.settings.settings import Settings
from service.wiring.rounds import encrypting
from service.wiring.sounds import kept_sounds
from storage.sounds.keys import SETTING
from storage.sounds.keys import add_key as add_key_to
from storage.store import open_storage

_SAID: Mapping[FaultKind, str] = {
    FaultKind.LINK_MISSING: "link {subject} is missing: the database was changed from outside",
    FaultKind.LINK_CHANGED: "link {subject} was changed after it was written",
    FaultKind.LINK_MOVED: "link {subject} does not follow the one before it",
    FaultKind.SEAL_CHANGED: "the seal of {subject} is not that of its links",
    FaultKind.FILE_MISSING: "recording {subject}: {file} is missing; bring it back from a backup",
    FaultKind.FILE_CHANGED: "recording {subject}: {file} was changed; bring it back from a backup",
    FaultKind.FILE_CLOSED: "recording {subject}: {file} cannot be opened: {reason}",
    FaultKind.RECORDING_MISSING: "recording {subject} is gone, and no note says that its term has ended",
    FaultKind.NOT_LINKED: "recording {subject} has a master that is in no link",
}


async def verify_recordings(settings: Settings, given: argparse.Namespace) -> int:
    """Print what is amiss, then what was looked at; 1 when anything is amiss."""
    async with open_storage(settings.database_url) as storage:
        found = await verify(storage.recording_chain, kept_sounds(settings, storage), given.day)
    for fault in found.faults:
        sys.stdout.write(f"{_said(fault)}\n")
    sys.stdout.write(f"{_summary(found)}\n")
    return 1 if found.faults else 0


async def add_key(settings: Settings, _given: argparse.Namespace) -> None:
    """Make a key, under which everything is encrypted from now on, and say what to do with it."""
    file = _key_file(settings)
    now = SystemClock().now().astimezone(settings.timezone)
    key = await asyncio.to_thread(add_key_to, file, now.date())
    sys.stdout.write(
        f"Новий ключ {key.id} записано у {file}. Збережіть копію цього файлу в іншому місці, не разом із"
        " резервними копіями: без нього записів не прослухає ніхто.\n"
        f"The new key {key.id} is in {file}. Keep a copy of this file elsewhere, not beside the backups:"
        " without it nobody can listen to the recordings.\n"
    )


async def encrypt(settings: Settings, _given: argparse.Namespace) -> int:
    """Encrypt all that lies plain or under an older key, while calls go on; 1 when something failed."""
    file = _key_file(settings)
    async with open_storage(settings.database_url) as storage:
        await seal_anew(storage, file)
        sounds = kept_sounds(settings, storage)
        done = await encrypting(settings, storage, Bus(), sounds).everything(progress)
    rest = f", {done.failed} could not be (the log says why)" if done.failed else ""
    sys.stdout.write(f"{done.of} files, {done.encrypted} encrypted now under key {sounds.key()}{rest}\n")
    return 1 if done.failed else 0


def _key_file(settings: Settings) -> Path:
    if settings.recordings.key_file is None:
        raise SettingsError(
            f"Вкажіть у {SETTING} файл ключів, наприклад {settings.folders.secrets}/recordings-keys.\n"
            f"Name the file of keys in {SETTING}, such as {settings.folders.secrets}/recordings-keys."
        )
    return settings.recordings.key_file


def _said(fault: Fault) -> str:
    return _SAID[fault.kind].format(subject=fault.subject, file=fault.file, reason=fault.reason)


def _summary(found: Verdict) -> str:
    looked = f"{len(found.links)} recordings, {found.erased} of them deleted by their term or by request"
    faults = f"{len(found.faults)} faults" if found.faults else "all as they were linked"
    seal = f"; seal of {found.seal.day}: {found.seal.digest}" if found.seal else "; not sealed yet"
    return f"{looked}: {faults}{seal}"
