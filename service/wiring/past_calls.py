"""Wires the pages on past calls with the storage and the folders of sound."""

from cti_server.appeals.files.remarks import RemarkSources
from cti_server.calls.sources import PastCalls
from hotline.calls.sound_store import SoundStore
from hotline.events import Events
from service.settings.settings import Settings
from service.speech.masked_copies import MaskedCopies
from service.wiring.calling_out import calling_rules
from service.wiring.rounds import master_maker
from storage.store import Storage


def past_calls(
    settings: Settings, storage: Storage, events: Events, sounds: SoundStore, mask: MaskedCopies
) -> PastCalls:
    return PastCalls(
        history=storage.history,
        citizens=storage.citizens,
        callbacks=storage.callbacks,
        scheduled=storage.scheduled_callbacks,
        rules=calling_rules(settings),
        registry=storage.registry,
        log=storage.calls,
        transcripts=storage.transcripts,
        lemmas=storage.lemmas,
        dispatchers=storage.dispatchers,
        mask=mask,
        make_copy=master_maker(settings, storage, events, sounds).finish,
        figures=storage.recordings,
        uses=storage.article_uses,
        sounds=sounds,
        threats=storage.threats,
    )


def remarks(storage: Storage, sounds: SoundStore, mask: MaskedCopies) -> RemarkSources:
    return RemarkSources(
        handling=storage.handling,
        work=storage.executor_work,
        history=storage.history,
        transcripts=storage.transcripts,
        mask=mask,
        sounds=sounds,
    )
