"""The place of sounds over folders of a test, plain or encrypted."""

from pathlib import Path

from storage.sounds.keys import SoundKeys
from storage.sounds.store import KeptSounds

SCRATCH_FOLDER = ".laid-out"


def sounds_in(*folders: Path, keys: Path | None = None) -> KeptSounds:
    return KeptSounds(
        folders={folder.name: folder for folder in folders},
        scratch=folders[0] / SCRATCH_FOLDER,
        keys=SoundKeys(keys),
    )
