"""What a conversation can do without: whoever calls reaches somebody, whatever is broken."""

from collections.abc import Awaitable

from hotline.errors import TelephonyError
from hotline.isolation import Found, read_isolated


async def if_it_can(look_up: Awaitable[Found], otherwise: Found, missing: str) -> Found:
    """Give what was looked up, or `otherwise` when that fails; the log says what is `missing` in the call.

    Raises TelephonyError: without the caller there is nothing to go on with.
    """
    failure = f"{missing}, the call goes on without"
    return await read_isolated(look_up, failure, otherwise=otherwise, passing=TelephonyError)
