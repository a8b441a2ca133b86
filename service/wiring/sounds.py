"""Wires the one place of sounds with its folders and keys."""

from service.settings.settings import Settings
from storage.sounds.keys import SoundKeys
from storage.sounds.store import KeptSounds


def kept_sounds(settings: Settings) -> KeptSounds:
    folders = settings.folders
    return KeptSounds(
        folders={"recordings": folders.recordings, "messages": folders.messages, "masked": folders.masked},
        scratch=folders.laid_out,
        keys=SoundKeys(settings.recordings.key_file),
    )
