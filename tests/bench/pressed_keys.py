"""The moment at which Asterisk saw each key, by its own clock, over an ARI application of ours."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from service.settings.telephony import AsteriskSettings
from telephony.ari.actions import Ari
from telephony.ari.client import AriAddress, connect
from telephony.ari.messages import ChannelDtmfReceived, Event, RESTResponse

APPLICATION = "hotline-bench"


class PressedKeys:
    """The moment of each call's latest key, as Asterisk stamped the event, by the call's channel id."""

    def __init__(self) -> None:
        self.at: dict[str, datetime] = {}
        self._by_number: dict[str, asyncio.Future[str]] = {}

    async def call_of(self, number: str) -> str:
        """Wait for the next key from this number; the id of its call."""
        pressed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._by_number[number] = pressed
        return await pressed

    def take(self, event: Event) -> None:
        if not isinstance(event, ChannelDtmfReceived):
            return
        self.at[event.channel.id] = event.timestamp
        awaited = self._by_number.pop(event.channel.caller.number, None)
        if awaited is not None and not awaited.done():
            awaited.set_result(event.channel.id)


@asynccontextmanager
async def pressed_keys(asterisk: AsteriskSettings) -> AsyncIterator[PressedKeys]:
    """Listen for as long as the block lasts. The service knows nothing of it."""
    address = AriAddress(
        url=f"http://{asterisk.host}:{asterisk.ari_port}",
        user="hotline",
        secret=asterisk.ari_secret,
        application=APPLICATION,
    )
    keys = PressedKeys()
    async with connect(address) as connection:
        reading = asyncio.create_task(connection.read(keys.take))
        ari = Ari(connection.requests, APPLICATION)
        await ari.filter_events((ChannelDtmfReceived.__name__, RESTResponse.__name__))
        await ari.subscribe_to_channels()
        try:
            yield keys
        finally:
            reading.cancel()
