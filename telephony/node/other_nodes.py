"""Tells Asterisk whether another node serves: then its own queue rings nobody at first if we fall silent.

What it knows of desks is what it knew when this process died; a dispatcher may talk with the other node's
caller since, or be offered one.
"""

import asyncio
from collections.abc import Callable, Collection
from typing import NoReturn

from telephony.ari.actions import Ari

OTHERS_SERVE = "OTHERS_SERVE"
"""The dialplan's variable (`[fallback]`), which outlives this process."""
LOOK_SECONDS = 1.0
REMEMBERED_SECONDS = 60.0
"""How long a node counts as serving that is not heard of: while the database fails over none is."""


async def keep_told(ari: Ari, nodes: Callable[[], Collection[str]], seconds: Callable[[], float]) -> NoReturn:
    """Tell it again whenever that changes; `seconds` is a clock that never jumps.

    A process that has just begun has heard of nobody yet, which means nothing.
    """
    heard_at, told = seconds(), ""
    while True:
        if nodes():
            heard_at = seconds()
        serve = "1" if seconds() - heard_at < REMEMBERED_SECONDS else "0"
        if serve != told:
            await ari.set_global_variable(OTHERS_SERVE, serve)
            told = serve
        await asyncio.sleep(LOOK_SECONDS)
