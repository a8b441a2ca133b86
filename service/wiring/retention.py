"""Wires the pages of retention and of a citizen's rights."""

import asyncio
from collections.abc import AsyncIterator

from cti_server.citizens.sources import CitizenSources
from cti_server.retention.sources import RetentionSources
from hotline.calls.sound_store import SoundStore
from hotline.clock import SystemClock
from hotline.errors import NotFound
from hotline.retention.person import HeldFile
from service.folders import Folders
from service.retention.files import FileSweep
from service.settings.settings import Settings
from storage.appeals.attachment_store import file_of
from storage.store import Storage

_PIECE = 256 * 1024


def citizen_sources(settings: Settings, storage: Storage, sounds: SoundStore) -> CitizenSources:
    return CitizenSources(
        cards=storage.citizen_cards,
        data=storage.person_data,
        kept=settings.keeping.retention,
        pieces=lambda file: pieces(settings.folders, sounds, file),
        files=FileSweep(storage.retention, settings.folders, sounds),
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


async def pieces(folders: Folders, sounds: SoundStore, file: HeldFile) -> AsyncIterator[bytes]:
    """Give the file itself; nothing when it is gone, or lies in no folder of ours."""
    if not file.of_appeal:
        try:
            sound = await sounds.find(file.place)
        except NotFound:
            return
        async for piece in sounds.parts(sound):
            yield piece
        return
    paper = await asyncio.to_thread(file_of(folders.evidence, file.place).resolve)
    if not paper.is_relative_to(folders.evidence.resolve()) or not paper.is_file():
        return
    with paper.open("rb") as read:
        while piece := await asyncio.to_thread(read.read, _PIECE):
            yield piece
