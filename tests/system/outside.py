"""Whom the hotline calls: a provider that is a real SIP phone, at the other end of the trunk."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from telephony.phone.incoming import IncomingCall
from telephony.phone.phone import Phone
from telephony.phone.sip import user_of
from tests.system.hotline import Hotline, running_hotline

PROVIDER = "127.0.0.9"


@dataclass(kw_only=True)
class Outside:
    """The hotline, and the provider through whom calls leave."""

    hotline: Hotline
    provider: Phone
    _others: list[IncomingCall] = field(default_factory=list)
    """Calls for other numbers that came while one was waited for: who is rung together comes in any order."""

    async def rung(self, number: str) -> IncomingCall:
        """The next call that comes to the provider for this number."""
        for waiting in self._others:
            if user_of(waiting.invite.uri) == number:
                self._others.remove(waiting)
                return waiting
        while user_of((call := await self.provider.next_call()).invite.uri) != number:
            self._others.append(call)
        return call


@asynccontextmanager
async def calling_outside(folder: Path, **environ: str) -> AsyncIterator[Outside]:
    """A hotline with a trunk; more settings by `HOTLINE_…` keywords."""
    async with Phone(PROVIDER, user="provider") as provider:
        way_out = {"HOTLINE_TRUNK_HOST": PROVIDER, "HOTLINE_TRUNK_PORT": str(provider.address[1])}
        async with running_hotline(folder, **way_out, **environ) as hotline:
            yield Outside(hotline=hotline, provider=provider)
