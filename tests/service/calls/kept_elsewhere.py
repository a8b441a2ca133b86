"""Messages of a hotline that are put into a store elsewhere."""

import random
from dataclasses import replace
from pathlib import Path

from hotline.calls.call import VoiceMessage
from hotline.retention.room import Room
from service.calls.storing import Storing
from service.folders import Folders
from storage.sounds.elsewhere import Elsewhere
from storage.sounds.keys import SoundKeys
from storage.sounds.s3 import Bucket
from storage.sounds.store import KeptSounds
from storage.store import Storage
from tests.fakes.clock import SetClock

SOUND = random.Random(3).randbytes(300_000)  # noqa: S311 - bytes that are the same in each run


class Archive:
    """Messages of a hotline, and the store elsewhere."""

    def __init__(self, storage: Storage, var: Path, bucket: Bucket | None) -> None:
        self.storage, self.folders, self.bucket = (
            storage,
            Folders(var=var, root="", own_edge="", memory=""),
            bucket,
        )
        for folder in (self.folders.recordings, self.folders.messages):
            folder.mkdir(parents=True, exist_ok=True)
        self.clock = SetClock()
        self.keys: Path | None = None
        self.room = Room.AMPLE
        self.kept = 0
        self._storing: Storing | None = None

    @property
    def elsewhere(self) -> Elsewhere:
        return Elsewhere(self.storage.database, self.bucket, self.clock)

    @property
    def sounds(self) -> KeptSounds:
        return KeptSounds(
            folders={"recordings": self.folders.recordings, "messages": self.folders.messages},
            scratch=self.folders.laid_out,
            keys=SoundKeys(self.keys),
            elsewhere=self.elsewhere,
        )

    def begins_anew(self) -> Storing:
        """The service, started again."""
        return Storing(
            sounds=self.sounds,
            elsewhere=self.elsewhere,
            recordings=self.storage.recordings,
            folders={"recordings": self.folders.recordings, "messages": self.folders.messages},
            kept_bytes=self.kept,
            room=lambda: self.room,
            clock=self.clock,
        )

    async def left(self, name: str, seconds: float | None = 2.0) -> Path:
        file = self.folders.messages / f"{name}.wav"
        file.write_bytes(SOUND)
        await self.storage.calls.keep_message(
            VoiceMessage(
                id=name, call_id="c", number=None, file=str(file), began_at=self.clock.now(), seconds=seconds
            )
        )
        return file

    async def ends(self, file: Path) -> None:
        """The message that goes on in this file has ended."""
        (message,) = [one for one in await self.storage.calls.unfinished_messages() if one.file == str(file)]
        await self.storage.calls.keep_message(replace(message, seconds=2.0))

    async def heard(self, file: Path, begins: int = 0, ends: int | None = None) -> bytes:
        sounds = self.sounds
        return b"".join([part async for part in sounds.parts(await sounds.find(file), begins, ends)])
