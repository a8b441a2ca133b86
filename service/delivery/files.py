"""The carrier where no gateway is set: each notice becomes a readable file, for a trial of the hotline."""

import asyncio
import os
from pathlib import Path
from zoneinfo import ZoneInfo

from attrs import define

from hotline.delivery.handing_over import Known, Message, NotTaken, Word
from hotline.delivery.proof import IN_A_FILE
from storage.core.disk_threads import on_disk


@define(eq=False, repr=False)
class FileCarrier:
    """Writes into a folder. The key is in the file's name, so that a message is there once."""

    repeatable = True
    asks_by_key = True
    asks_by_id = False

    _folder: Path
    _zone: ZoneInfo

    async def hand_over(self, message: Message) -> str:
        name = f"{message.at.astimezone(self._zone):%Y%m%d-%H%M%S}-{message.key}.txt"
        try:
            await on_disk(self._write, name, message)
        except OSError as error:
            raise NotTaken(f"{self._folder}: {error.strerror}", theirs=True) from error
        return IN_A_FILE + name

    async def ask(self, *, key: str, provider_id: str) -> Word:
        del provider_id
        found = await asyncio.to_thread(lambda: sorted(self._folder.glob(f"*-{key}.txt")))
        if not found:
            return Word(known=Known.UNKNOWN)
        return Word(known=Known.TAKEN, provider_id=IN_A_FILE + found[0].name)

    def _write(self, name: str, message: Message) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        subject = [f"Тема: {message.subject}"] if message.subject else []
        files = [f"Додаток: {file.name}" for file in message.attachments]
        lines = [f"Кому: {message.address}", *subject, *files, "", message.text.strip(), ""]
        for added in message.attachments:
            (self._folder / f"{name.removesuffix('.txt')}-{added.name}").write_bytes(added.content)
        begun = self._folder / f".{name}"
        with begun.open("w", encoding="utf-8") as file:
            file.write("\n".join(lines))
            file.flush()
            os.fsync(file.fileno())
        begun.replace(self._folder / name)
