"""Whether a dispatcher can be rung at all: nobody becomes ready without a phone that can ring."""

import secrets
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from hotline.errors import NoPhone
from hotline.line.line import Dispatcher
from hotline.line.presence_states import ENGAGED

CanRing: TypeAlias = Callable[[str], Awaitable[bool]]
"""Whether a phone of the desk with this extension can ring."""


def new_secret() -> str:
    """Make a password for the telephone on a desk."""
    return secrets.token_urlsafe(18)


async def taken_for_granted(_extension: str) -> bool:
    return True


async def require_phone(dispatcher: Dispatcher, can_ring: CanRing) -> None:
    """Raise NoPhone for a dispatcher without a phone that can ring; an engaged one has a phone."""
    if dispatcher.presence not in ENGAGED and not await can_ring(dispatcher.extension):
        raise NoPhone(
            f"No phone is registered at {dispatcher.extension}: sign in at the desk and allow the microphone,"
            " or switch the desk phone on."
        )
