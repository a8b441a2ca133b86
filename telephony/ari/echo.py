"""Whether Asterisk's Stasis application is ours: what we tell it now and then comes back to us as an event.

Requests are answered, and pings too, when another program has taken the application over or when it is
inactive; calls and their events are not ours any more then. The only proof of an event is an event.
"""

import asyncio
import itertools
from typing import NoReturn

from hotline.errors import CallGone
from telephony.ari.actions import Ari
from telephony.ari.errors import AriUnavailable
from telephony.ari.messages import ChannelUserevent
from telephony.lived_time import Patience

EVERY_SECONDS = 2.0
WITHIN_SECONDS = 10.0
"""Events of a crowd may be in front of it."""


class Echo:
    """Our voice in one application. `take` is given each event that comes back."""

    def __init__(self, ari: Ari) -> None:
        self._ari = ari
        self._numbers = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[None]] = {}

    def take(self, event: ChannelUserevent) -> None:
        if (waiting := self._waiting.get(event.eventname)) is not None and not waiting.done():
            waiting.set_result(None)

    async def keep(self) -> NoReturn:
        """Tell and hear for as long as all is well; raises AriUnavailable when it is not."""
        while True:
            await self.hear()
            await asyncio.sleep(EVERY_SECONDS)

    async def hear(self) -> None:
        """Tell once and hear it; raises AriUnavailable when it does not come back."""
        name = f"echo-{next(self._numbers)}"
        heard = self._waiting[name] = asyncio.get_running_loop().create_future()
        try:
            await self._ari.tell_application(name)
            with Patience(heard, WITHIN_SECONDS):
                await heard
        except CallGone as inactive:
            raise AriUnavailable(
                "Asterisk's application is not active: calls do not come here."
            ) from inactive
        except TimeoutError as silent:
            raise AriUnavailable(f"Asterisk told nothing for {WITHIN_SECONDS:.0f} s.") from silent
        finally:
            del self._waiting[name]
