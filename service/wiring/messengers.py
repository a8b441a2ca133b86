"""Wires messengers with the chats: what they bring goes in, what is written to residents goes out."""

import asyncio
from typing import TYPE_CHECKING

from attrs import define, field

from cti_server.chats.telegram_hook import PATH
from hotline.chats.chats import Medium
from hotline.chats.messengers import NotGiven
from hotline.errors import SettingsError
from service.chats.conversations import Conversations
from service.chats.receiving import Receiving
from service.chats.sending import Sending
from service.settings.settings import WEBHOOK, Settings, TelegramSettings
from storage.store import Storage

if TYPE_CHECKING:
    from service.chats.telegram import Telegram


def telegram_road(settings: Settings, storage: Storage, chats: Conversations) -> "TelegramRoad | None":
    """Make the road of Telegram; None without a token. Raises SettingsError."""
    given = settings.telegram
    if not given.token:
        return None
    if given.way == WEBHOOK and not settings.delivery.address:
        raise SettingsError("HOTLINE_TELEGRAM_BY is webhook: give HOTLINE_PUBLIC_URL, or let it be polling.")
    return TelegramRoad(
        settings=given,
        told_at=f"{settings.delivery.address}{PATH}" if given.way == WEBHOOK else "",
        receiving=Receiving(chats=storage.chats, conversations=chats),
        storage=storage,
        conversations=chats,
    )


@define(eq=False, repr=False, kw_only=True)
class TelegramRoad:
    """Telegram, both ways. Its library is imported beside the calls, once the service runs."""

    _settings: TelegramSettings
    _told_at: str
    _receiving: Receiving
    _storage: Storage
    _conversations: Conversations
    _telegram: "Telegram | None" = field(default=None, init=False)

    async def keep(self) -> None:
        """Bring and give, for ever."""
        telegram = self._telegram = await asyncio.to_thread(self._made)
        sending = Sending(
            medium=Medium.TELEGRAM,
            chats=self._storage.chats,
            messenger=telegram,
            gone=self._receiving.lost,
        )
        self._conversations.tell(sending.tell)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(sending.keep(), name="telegram-out")
                if self._told_at:
                    await telegram.be_told(self._told_at, self._settings.secret)
                else:
                    await telegram.poll()
        finally:
            await telegram.close()

    async def told(self, news: bytes) -> None:
        """Take news of the webhook. Raises NotGiven before the service runs: they are brought again."""
        if self._telegram is None:
            raise NotGiven("Telegram is not made yet")
        await self._telegram.told(news)

    def _made(self) -> "Telegram":
        from service.chats.telegram import (  # noqa: PLC0415 - 130 MB that only a city with a bot needs
            Telegram,
            telegram_bot,
        )

        bot = telegram_bot(self._settings.token, self._settings.url)
        return Telegram(bot=bot, receiving=self._receiving)
