"""Wires messengers with the chats: what they bring goes in, what is written to residents goes out."""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from aiohttp import web
from attrs import define, field

from cti_server.auth.rates import WrongTokens
from cti_server.chats.gateway_hook import GatewayHook, add_gateways
from cti_server.chats.sms_hook import FREE_WRONG, IncomingSms, Sms, add_incoming_sms
from cti_server.chats.telegram_hook import PATH, add_telegram
from hotline.chats.chats import Medium
from hotline.chats.messengers import NotGiven
from hotline.clock import SystemClock
from hotline.errors import SettingsError
from service.chats.conversations import Conversations
from service.chats.gateway import Format, Gateway
from service.chats.receiving import Receiving
from service.chats.sending import Sending
from service.chats.sms import SmsChats
from service.chats.viber import Viber
from service.chats.whatsapp import WhatsApp
from service.delivery.gateway_plan import found_at
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


VIBER_PATH, WHATSAPP_PATH = "/hooks/viber", "/hooks/whatsapp"
Lasting = Mapping[str, Coroutine[Any, Any, None]]


@define(frozen=True, kw_only=True)
class Messengers:
    """The messengers that the settings give a road to."""

    telegram: "TelegramRoad | None"
    sms: "SmsRoad | None"
    gateways: "Sequence[GatewayRoad]"
    telegram_secret: str

    @property
    def media(self) -> Collection[Medium]:
        """Those by which residents can be asked; the page is always one."""
        return {
            Medium.WEB,
            *({Medium.TELEGRAM} if self.telegram is not None else ()),
            *({Medium.SMS} if self.sms is not None else ()),
            *(one.medium for one in self.gateways),
        }

    def add_doors(self, app: web.Application) -> None:
        """Add the addresses at which messages are brought."""
        if self.telegram is not None and self.telegram.by_webhook:
            add_telegram(app, self.telegram.told, self.telegram_secret)
        if self.sms is not None:
            add_incoming_sms(app, self.sms.incoming)
        add_gateways(app, [one.hook for one in self.gateways])

    def lasting(self) -> Lasting:
        """Give by name what runs as long as the service does."""
        return {
            **({} if self.telegram is None else {"telegram": self.telegram.keep()}),
            **({} if self.sms is None else {"short-messages": self.sms.keep()}),
            **{one.medium.value: one.keep() for one in self.gateways},
        }


def messengers(settings: Settings, storage: Storage, chats: Conversations) -> Messengers:
    return Messengers(
        telegram=telegram_road(settings, storage, chats),
        sms=sms_road(settings, storage, chats),
        gateways=gateway_roads(settings, storage, chats),
        telegram_secret=settings.telegram.secret,
    )


def gateway_roads(settings: Settings, storage: Storage, chats: Conversations) -> "Sequence[GatewayRoad]":
    """Make the roads of Viber and WhatsApp that have a token. Raises SettingsError."""
    viber, whatsapp, address = settings.viber, settings.whatsapp, settings.delivery.address
    if (viber.token or whatsapp.token) and not address:
        raise SettingsError("Viber and WhatsApp bring their news to us: give HOTLINE_PUBLIC_URL.")
    roads = []
    if viber.token:
        bot = Viber(token=viber.token, name=viber.name, url=viber.url)
        roads.append(gateway_road(bot, VIBER_PATH, address, storage, chats))
    if whatsapp.token:
        ours = WhatsApp(
            token=whatsapp.token,
            app_secret=whatsapp.app_secret,
            number_id=whatsapp.number_id,
            verify=whatsapp.verify,
            url=whatsapp.url,
        )
        roads.append(gateway_road(ours, WHATSAPP_PATH, address, storage, chats, challenged=ours.challenged))
    return roads


def gateway_road(
    by: Format,
    path: str,
    address: str,
    storage: Storage,
    chats: Conversations,
    *,
    challenged: Callable[[Mapping[str, str]], str | None] | None = None,
) -> "GatewayRoad":
    receiving = Receiving(chats=storage.chats, conversations=chats)
    gateway = Gateway(format=by, receiving=receiving)
    sending = Sending(medium=by.medium, chats=storage.chats, messenger=gateway, gone=receiving.lost)
    chats.tell(sending.tell)
    hook = GatewayHook(path=path, proves=gateway.proves, told=gateway.told, challenged=challenged)
    return GatewayRoad(gateway=gateway, sending=sending, hook=hook, medium=by.medium, address=address)


@define(frozen=True, kw_only=True)
class GatewayRoad:
    """A messenger behind a gateway, both ways."""

    gateway: Gateway
    sending: Sending
    hook: GatewayHook
    medium: Medium
    address: str

    async def keep(self) -> None:
        """Have news brought, and give what is written, for ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.sending.keep(), name=f"{self.medium}-out")
            await self.gateway.be_told(f"{self.address}{self.hook.path}")


@define(frozen=True, kw_only=True)
class SmsRoad:
    """Short messages of residents: how they come, and what gives the answers to the outbox."""

    incoming: IncomingSms
    keep: Callable[[], Coroutine[Any, Any, None]]


def sms_road(settings: Settings, storage: Storage, chats: Conversations) -> SmsRoad | None:
    """Make the road of short messages; None where no gateway brings any."""
    sms = settings.delivery.sms
    if sms is None or sms.plan.incoming is None or not sms.incoming_secret:
        return None
    places, receiving = sms.plan.incoming, Receiving(chats=storage.chats, conversations=chats)

    def settled() -> None:
        sending.look()

    written = SmsChats(
        receiving=receiving,
        outbox=storage.outbox,
        subscriptions=storage.outage_subscriptions,
        clock=SystemClock(),
        prefixes=sms.prefixes,
        settled=settled,
    )
    sending = Sending(
        medium=Medium.SMS,
        chats=storage.chats,
        messenger=written,
        gone=receiving.lost,
        ready=written.ready,
        answers_alone=True,
    )
    chats.tell(sending.tell)

    def read(said: Any) -> Sms | None:
        name, sender, text = (found_at(said, one) for one in (places.id, places.sender, places.text))
        return Sms(name=name, sender=sender, text=text) if name and sender else None

    incoming = IncomingSms(
        secret=sms.incoming_secret,
        read=read,
        take=written.take,
        clock=SystemClock(),
        wrong=WrongTokens(FREE_WRONG),
    )
    return SmsRoad(incoming=incoming, keep=sending.keep)


@define(eq=False, repr=False, kw_only=True)
class TelegramRoad:
    """Telegram, both ways. Its library is imported beside the calls, once the service runs."""

    _settings: TelegramSettings
    _told_at: str
    _receiving: Receiving
    _storage: Storage
    _conversations: Conversations
    _telegram: "Telegram | None" = field(default=None, init=False)

    @property
    def by_webhook(self) -> bool:
        return bool(self._told_at)

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
