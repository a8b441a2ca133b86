"""Reads a channel's sound out of Asterisk: media over a WebSocket (`chan_websocket`, since Asterisk 22.6)."""

import logging
from collections.abc import Callable

import aiohttp

from hotline.speech.hearing import NotHeard

log = logging.getLogger(__name__)

OPENED_WITHIN = 3.0
CLOSED_WITHIN = 0.5


async def read_sound(url: str, take: Callable[[bytes], None]) -> None:
    """Hand on all sound until Asterisk ends it. Raises NotHeard.

    Sound may come before Asterisk's word that it begins, and its pings are answered between two pieces.
    """
    closing = aiohttp.ClientWSTimeout(ws_close=CLOSED_WITHIN)
    try:
        async with (
            aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=None, connect=OPENED_WITHIN)
            ) as session,
            session.ws_connect(url, protocols=("media",), timeout=closing, max_msg_size=0) as socket,
        ):
            async for message in socket:
                if message.type is aiohttp.WSMsgType.BINARY:
                    take(message.data)
                elif message.type is aiohttp.WSMsgType.TEXT:
                    log.debug("media told=%s", message.data)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise NotHeard(f"The caller's sound does not come: {error}") from error
