"""Whom the hotline calls: a provider that is a real SIP phone, at the other end of the trunk."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
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

    async def rung(self, number: str) -> IncomingCall:
        """The next call that comes to the provider, which must be for this number."""
        call = await self.provider.next_call()
        assert user_of(call.invite.uri) == number
        return call


@asynccontextmanager
async def calling_outside(folder: Path, **environ: str) -> AsyncIterator[Outside]:
    """A hotline with a trunk; more settings by `HOTLINE_…` keywords."""
    async with Phone(PROVIDER, user="provider") as provider:
        way_out = {"HOTLINE_TRUNK_HOST": PROVIDER, "HOTLINE_TRUNK_PORT": str(provider.address[1])}
        async with running_hotline(folder, **way_out, **environ) as hotline:
            yield Outside(hotline=hotline, provider=provider)
