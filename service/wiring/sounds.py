"""Wires the one place of sounds with its folders, its keys, and the store elsewhere."""

from collections.abc import Callable

from hotline.clock import SystemClock
from hotline.retention.room import Room
from service.calls.storing import Storing
from service.settings.settings import Settings
from storage.sounds.elsewhere import Elsewhere
from storage.sounds.keys import SoundKeys
from storage.sounds.store import KeptSounds
from storage.store import Storage


def kept_sounds(settings: Settings, storage: Storage) -> KeptSounds:
    folders = settings.folders
    return KeptSounds(
        folders={"recordings": folders.recordings, "messages": folders.messages, "masked": folders.masked},
        scratch=folders.laid_out,
        keys=SoundKeys(settings.recordings.key_file),
        elsewhere=elsewhere(settings, storage),
    )


def elsewhere(settings: Settings, storage: Storage) -> Elsewhere:
    return Elsewhere(storage.database, settings.recordings.bucket, SystemClock())


def storing(
    settings: Settings, storage: Storage, sounds: KeptSounds, room: Callable[[], Room]
) -> Storing | None:
    """Give what puts sounds elsewhere; None without a store."""
    if settings.recordings.bucket is None:
        return None
    folders = settings.folders
    return Storing(
        sounds=sounds,
        elsewhere=elsewhere(settings, storage),
        recordings=storage.recordings,
        folders={"recordings": folders.recordings, "messages": folders.messages},
        kept_bytes=settings.recordings.s3_kept_bytes,
        room=room,
        clock=SystemClock(),
    )
