"""`hotline recordings`: whether the masters of talks are what they were."""

import argparse
import sys
from collections.abc import Mapping

from hotline.calls.chain import Fault, FaultKind
from service.calls.verifying import Verdict, verify
from service.settings.settings import Settings
from storage.store import open_storage

_SAID: Mapping[FaultKind, str] = {
    FaultKind.LINK_MISSING: "link {subject} is missing: the database was changed from outside",
    FaultKind.LINK_CHANGED: "link {subject} was changed after it was written",
    FaultKind.LINK_MOVED: "link {subject} does not follow the one before it",
    FaultKind.SEAL_CHANGED: "the seal of {subject} is not that of its links",
    FaultKind.FILE_MISSING: "recording {subject}: {file} is missing; bring it back from a backup",
    FaultKind.FILE_CHANGED: "recording {subject}: {file} was changed; bring it back from a backup",
    FaultKind.RECORDING_MISSING: "recording {subject} is gone, and no note says that its term has ended",
    FaultKind.NOT_LINKED: "recording {subject} has a master that is in no link",
}


async def verify_recordings(settings: Settings, given: argparse.Namespace) -> int:
    """Print what is amiss, then what was looked at; 1 when anything is amiss."""
    async with open_storage(settings.database_url) as storage:
        found = await verify(storage.recording_chain, given.day)
    for fault in found.faults:
        sys.stdout.write(f"{_said(fault)}\n")
    sys.stdout.write(f"{_summary(found)}\n")
    return 1 if found.faults else 0


def _said(fault: Fault) -> str:
    return _SAID[fault.kind].format(subject=fault.subject, file=fault.file)


def _summary(found: Verdict) -> str:
    looked = f"{len(found.links)} recordings, {found.erased} of them deleted by their term or by request"
    faults = f"{len(found.faults)} faults" if found.faults else "all as they were linked"
    seal = f"; seal of {found.seal.day}: {found.seal.digest}" if found.seal else "; not sealed yet"
    return f"{looked}: {faults}{seal}"
