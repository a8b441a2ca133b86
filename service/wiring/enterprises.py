"""Wires the enterprises' pages and the attachments with the storage."""

import logging
from collections.abc import Collection

from cti_server.appeals.files.sources import Evidence
from cti_server.enterprise.sources import WorkSources
from hotline.city.city_rules import CityRules
from hotline.clock import SystemClock
from service.settings.settings import Settings
from storage.appeals.attachment_store import AttachmentFolder
from storage.store import Storage

log = logging.getLogger(__name__)


def work_sources(storage: Storage, city: CityRules) -> WorkSources:
    return WorkSources(
        transcripts=storage.transcripts,
        work=storage.executor_work,
        handling=storage.handling,
        reports=storage.outage_reports,
        outbox=storage.outbox,
        citizens=storage.citizens,
        clock=SystemClock(),
        city=city,
    )


async def attachment_sources(settings: Settings, storage: Storage) -> Evidence:
    """Make the attachment store; it drops uploads that the death of the service cut off."""
    store = AttachmentFolder(settings.folders.evidence, settings.files, room=settings.disk.spent)
    store.prepare()

    async def known(keys: Collection[str]) -> frozenset[str]:
        registers = (
            *(storage.files, storage.inquiries, storage.record_files, storage.statements),
            storage.chat_photos,
        )
        return frozenset[str]().union(*[await one.known(keys) for one in registers])

    if lost := await store.sweep(known):
        log.warning("files thrown away that nothing names count=%d", lost)
    return Evidence(files=storage.files, store=store, clock=SystemClock())
