"""Wires the one place of sounds with its folders, its keys, and the store elsewhere."""

from collections.abc import Callable

from hotline.clock import SystemClock
from hotline.errors import SettingsError
from hotline.retention.room import Room
from service.calls.storing import Storing
from service.settings.recordings import RecordingSettings
from service.settings.settings import Settings
from storage.sounds.elsewhere import Elsewhere
from storage.sounds.keys import SoundKeys
from storage.sounds.s3 import Bucket
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
    return Elsewhere(storage.database, bucket(settings.recordings), SystemClock())


def bucket(settings: RecordingSettings) -> Bucket | None:
    """Give the store's bucket, None without a store; raises SettingsError where something is missing."""
    if not settings.s3_endpoint:
        return None
    if not (settings.s3_bucket and settings.s3_key_id and settings.s3_secret):
        raise SettingsError(
            "HOTLINE_S3_ENDPOINT is set: give HOTLINE_S3_BUCKET, HOTLINE_S3_KEY_ID and"
            " HOTLINE_S3_SECRET_FILE, too."
        )
    return Bucket(
        endpoint=settings.s3_endpoint,
        name=settings.s3_bucket,
        region=settings.s3_region,
        key_id=settings.s3_key_id,
        secret=settings.s3_secret,
    )


def storing(
    settings: Settings, storage: Storage, sounds: KeptSounds, room: Callable[[], Room]
) -> Storing | None:
    """Give what puts sounds elsewhere; None without a store."""
    if not settings.recordings.s3_endpoint:
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
