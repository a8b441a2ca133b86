"""What the pages on past calls rest on, taken from the storage and the folders of sound."""

from cti_server.calls.sources import PastCalls
from cti_server.remarks.sources import RemarkSources
from service.settings import Folders
from storage.store import Storage


def past_calls(folders: Folders, storage: Storage) -> PastCalls:
    return PastCalls(
        history=storage.history,
        callbacks=storage.callbacks,
        registry=storage.registry,
        log=storage.calls,
        dispatchers=storage.dispatchers,
        recordings=folders.recordings,
        messages=folders.messages,
    )


def remarks(folders: Folders, storage: Storage) -> RemarkSources:
    return RemarkSources(
        handling=storage.handling,
        work=storage.executor_work,
        history=storage.history,
        messages=folders.messages,
    )
