"""Photos that residents send in chats: fetched, redrawn as those of `/report`, and given to an appeal."""

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta

from attrs import define, field

from cti_server.auth.errors import TooManyRequests
from cti_server.auth.rates import Rates, TokenLimits
from hotline.appeals.acts.actors import ActorRole, applicant
from hotline.appeals.acts.keeping import Note
from hotline.appeals.appeal import PENDING, Appeal
from hotline.appeals.attachments import (
    PHOTO,
    AppealFiles,
    FileRefusal,
    FileRefused,
    FileStore,
    StoredFile,
    cleaned_name,
)
from hotline.appeals.handling import Handling
from hotline.chats.chat_states import FOR_PEOPLE
from hotline.chats.chats import Chat
from hotline.chats.messengers import NotFetched, PhotoRefused, SentPhoto, Taken
from hotline.clock import Clock
from hotline.errors import ForbiddenTransition
from hotline.portal.chat_photos import MOST_WAITING, ChatPhotos
from hotline.portal.report import MOST_ADDED, MOST_PHOTOS
from hotline.portal.reporting import Reporting
from hotline.voice.speech import Language
from ivr_flows.languages import in_chat

log = logging.getLogger(__name__)

SENT = TokenLimits(per_second=20 / 3600, at_once=10)
"""Photos of one person: each is redrawn, and one at a time."""
SENT_IN_ALL = TokenLimits(per_second=1000 / 86400, at_once=100)
"""Photos of all strangers together: accounts are made by programs."""
TOGETHER = timedelta(minutes=10)
"""Photos that follow each other as fast are one addition to the appeal, and its executor is told once."""
_ALL = "all"
NAME = "photo"
REFUSALS: Mapping[FileRefusal, Taken] = {
    FileRefusal.TOO_LARGE: Taken.PHOTO_LARGE,
    FileRefusal.TOO_MANY_PIXELS: Taken.PHOTO_LARGE,
    FileRefusal.EMPTY: Taken.PHOTO_DAMAGED,
    FileRefusal.DAMAGED: Taken.PHOTO_DAMAGED,
    FileRefusal.NO_ROOM: Taken.PHOTO_LATER,
}
"""What else the store refuses is no picture."""


@define(eq=False, repr=False, kw_only=True)
class PhotosOfChats:
    """Takes photos in, and hands them over to the appeals that they belong to."""

    _photos: ChatPhotos
    _reporting: Reporting
    _handling: Handling
    _clock: Clock
    _sent: Rates = field(factory=lambda: Rates(SENT), init=False)
    _sent_in_all: Rates = field(factory=lambda: Rates(SENT_IN_ALL), init=False)

    async def take(self, chat: Chat, sent: SentPhoto) -> StoredFile:
        """Fetch a photo and keep it for the chat. Raises PhotoRefused."""
        if len(await self._photos.of_chat(chat.id)) >= MOST_WAITING:
            raise PhotoRefused(Taken.PHOTOS_MANY)
        if sent.bytes > self._store.limits.most_bytes:
            raise PhotoRefused(Taken.PHOTO_LARGE)
        try:
            self._sent.take(f"{chat.medium} {chat.address}")
            self._sent_in_all.take(_ALL)
            file = await self._store.take(sent.fetch())
        except TooManyRequests:
            raise PhotoRefused(Taken.PHOTO_LATER) from None
        except FileRefused as error:
            raise PhotoRefused(REFUSALS.get(error.refusal, Taken.PHOTO_KIND)) from error
        except NotFetched as error:
            log.warning("photo not fetched chat=%s why=%s", chat.id, error)
            raise PhotoRefused(Taken.PHOTO_LATER) from error
        if file.media_type != PHOTO:
            await self._store.drop(file.key)
            raise PhotoRefused(Taken.PHOTO_KIND)
        kept = await self._photos.add(chat.id, file, self._clock.now(), for_person=chat.state in FOR_PEOPLE)
        if kept.key != file.key:
            await self._store.drop(file.key)
        return kept

    async def place(self, chat: Chat, *, reporting: bool) -> str:
        """Say where the chat's photos go; those behind a report that was sent go to its appeal at once.

        `reporting`: a report is being written, and takes them.
        """
        if not reporting and (appeal := await self._reported(chat)) and await self._add_to(appeal, chat):
            return in_chat("chat-photo-added", chat.language).format(number=appeal.number)
        count = len(await self._photos.of_chat(chat.id, for_person=False))
        key = "chat-photo-goes-along" if reporting else "chat-photo-kept"
        return in_chat(key, chat.language).format(count=count, most=MOST_WAITING)

    async def go_along(self, chat_id: int, number: str) -> int:
        """Give the appeal the photos that were sent to the flows, as far as its applicant may; how many."""
        files = await self._files.of_appeal(number)
        room = MOST_PHOTOS - sum(one.uploaded_by is None for one in files)
        waiting = await self._photos.of_chat(chat_id, for_person=False)
        return await self._hand_over(waiting[: max(0, room)], number)

    async def give_to(self, chat_id: int, number: str) -> int:
        """Give the appeal all photos of the chat, as a dispatcher does; how many. Raises NotFound."""
        return await self._hand_over(await self._photos.of_chat(chat_id), number)

    async def _hand_over(self, photos: Sequence[StoredFile], number: str) -> int:
        """Let the appeal's list name them in the place of the chat's. Done twice, it does no harm."""
        for named, one in enumerate(photos):
            try:
                file = await self._files.add(
                    number=number,
                    name=cleaned_name(NAME, PHOTO),
                    kept=one,
                    uploaded_by=None,
                    at=self._clock.now(),
                    most=self._store.limits.most_files,
                )
            except FileRefused:  # the appeal is full: they stay with the chat
                return named
            if file.key != one.key:  # the appeal has the same picture
                await self._photos.strike(one.key)
                await self._store.drop(one.key)
        return len(photos)

    @property
    def _store(self) -> FileStore:
        return self._reporting.store

    @property
    def _files(self) -> AppealFiles:
        return self._reporting.files

    async def _reported(self, chat: Chat) -> Appeal | None:
        """Find what was reported last in this chat, while work on it is owed."""
        number = await self._reporting.reports.latest_of(f"{chat.medium}:{chat.address}", chat.begun_at)
        appeal = None if number is None else await self._reporting.registry.find(number)
        return appeal if appeal is not None and appeal.state in PENDING else None

    async def _add_to(self, appeal: Appeal, chat: Chat) -> bool:
        """Add the photos to an appeal as its applicant does; False where it takes none any more."""
        history = await self._handling.history(appeal.number, hidden=False)
        added = [one for one in history if one.act == Note.name and one.part is ActorRole.APPLICANT]
        now = self._clock.now()
        follows = (
            bool(added) and added[-1].facts.get("source") == chat.call_id and now - added[-1].at < TOGETHER
        )
        if not follows and len(added) >= MOST_ADDED:
            return False
        if not await self.go_along(chat.id, appeal.number):
            return False
        if not follows:
            by = applicant(chat.call_id)
            note = Note(by=by, at=now, text=in_chat("chat-photo-note", Language.UKRAINIAN), internal=False)
            with suppress(ForbiddenTransition):  # ended in this moment: the photos are there all the same
                await self._handling.carry_out(appeal.number, note, version=None)
        return True
