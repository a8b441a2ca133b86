"""Holds the masters of recordings against the chain, and the chain against itself."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from itertools import chain
from pathlib import Path

from attrs import define

from hotline.calls.call import Recording
from hotline.calls.chain import Fault, FaultKind, Link, Seal, link_faults, seal_faults
from storage.calls.chain import StoredChain
from telephony.voice.master_work import digest


@define(kw_only=True)
class Verdict:
    """What was found. `links` are those of the day that was asked for, `seal` is its own, or the latest."""

    links: list[Link]
    erased: int
    faults: list[Fault]
    seal: Seal | None


async def verify(stored: StoredChain, day: date | None) -> Verdict:
    """Look through the whole chain, and the files of one day or of all."""
    links, seals = await stored.links(), await stored.seals()
    wanted = [one for one in links if day in (None, one.day)]
    faults = [*chain(link_faults(links), seal_faults(seals, links))]
    masters = {one.id: one for one in await stored.mastered()}
    faults += [one async for one in _file_faults(wanted, masters)]
    if day is None:
        known = {one.recording_id for one in links}
        faults += [Fault(kind=FaultKind.NOT_LINKED, subject=one) for one in sorted(set(masters) - known)]
    covering = [one for one in seals if day in (None, one.day)]
    return Verdict(
        links=wanted,
        erased=sum(one.erased_at is not None for one in wanted),
        faults=faults,
        seal=covering[-1] if covering else None,
    )


async def _file_faults(links: list[Link], masters: dict[str, Recording]) -> AsyncIterator[Fault]:
    for link in links:
        if link.erased_at is not None:
            continue
        recording = masters.get(link.recording_id)
        if recording is None:
            yield Fault(kind=FaultKind.RECORDING_MISSING, subject=link.recording_id)
            continue
        file = Path(recording.master_file or "")
        kind = await asyncio.to_thread(_fault_of, file, link.sha256)
        if kind is not None:
            yield Fault(kind=kind, subject=link.recording_id, file=str(file))


def _fault_of(file: Path, sha256: str) -> FaultKind | None:
    if not file.is_file():
        return FaultKind.FILE_MISSING
    return None if digest(file) == sha256 else FaultKind.FILE_CHANGED
