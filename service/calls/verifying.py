"""Holds the masters of recordings against the chain, and the chain against itself."""

from collections.abc import AsyncIterator
from datetime import date
from itertools import chain
from pathlib import Path

from attrs import define

from hotline.calls.call import Recording
from hotline.calls.chain import Fault, FaultKind, Link, Seal, link_faults, seal_faults
from hotline.calls.sound_store import SoundDamaged, SoundLocked, SoundStore
from hotline.errors import NotFound
from storage.calls.chain import StoredChain


@define(kw_only=True)
class Verdict:
    """What was found. `links` are those of the day that was asked for, `seal` is its own, or the latest."""

    links: list[Link]
    erased: int
    faults: list[Fault]
    seal: Seal | None


async def verify(stored: StoredChain, sounds: SoundStore, day: date | None) -> Verdict:
    """Look through the whole chain, and the files of one day or of all; raises SoundLocked, SoundAway.

    A file that cannot be opened is a fault, unless none could be.
    """
    if (locked := sounds.locked()) is not None:
        raise locked
    links, seals = await stored.links(), await stored.seals()
    wanted = [one for one in links if day in (None, one.day)]
    faults = [*chain(link_faults(links), seal_faults(seals, links))]
    masters = {one.id: one for one in await stored.mastered()}
    faults += [one async for one in _file_faults(sounds, wanted, masters)]
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


async def _file_faults(
    sounds: SoundStore, links: list[Link], masters: dict[str, Recording]
) -> AsyncIterator[Fault]:
    for link in links:
        if link.erased_at is not None:
            continue
        recording = masters.get(link.recording_id)
        if recording is None:
            yield Fault(kind=FaultKind.RECORDING_MISSING, subject=link.recording_id)
            continue
        file = Path(recording.master_file or "")
        kind, reason = await _fault_of(sounds, file, link.sha256)
        if kind is not None:
            yield Fault(kind=kind, subject=link.recording_id, file=str(file), reason=reason)


async def _fault_of(sounds: SoundStore, file: Path, sha256: str) -> tuple[FaultKind | None, str]:
    """Tell what is amiss with a file, and why it cannot be opened if that is it."""
    try:
        found = await sounds.digest(file)
    except NotFound:
        return FaultKind.FILE_MISSING, ""
    except SoundDamaged:
        return FaultKind.FILE_CHANGED, ""
    except SoundLocked as error:
        return FaultKind.FILE_CLOSED, str(error).splitlines()[-1]
    except OSError as error:
        return FaultKind.FILE_CLOSED, error.strerror or type(error).__name__
    return None if found == sha256 else FaultKind.FILE_CHANGED, ""
