"""Optional parts of a conversation: when one fails, the caller goes on without it."""

from collections.abc import Awaitable

from hotline.errors import TelephonyError
from hotline.isolation import Found, read_isolated


async def if_it_can(look_up: Awaitable[Found], otherwise: Found, missing: str) -> Found:
    """Return what `look_up` yields, or `otherwise` when it fails; the log names the `missing` part.

    Raises TelephonyError: without the caller the conversation ends.
    """
    failure = f"{missing}, the call goes on without"
    return await read_isolated(look_up, failure, otherwise=otherwise, passing=TelephonyError)
