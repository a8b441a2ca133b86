"""The boundary of what a conversation can do without: whoever calls reaches somebody, whatever is broken."""

import logging
from collections.abc import Awaitable
from typing import TypeVar

from hotline.errors import TelephonyError

log = logging.getLogger(__name__)

Found = TypeVar("Found")


async def if_it_can(look_up: Awaitable[Found], otherwise: Found, missing: str) -> Found:
    """Give what was looked up, or `otherwise` when that fails; the log says what is `missing` in the call.

    Raises TelephonyError: without the caller there is nothing to go on with.
    """
    try:
        return await look_up
    except TelephonyError:
        raise
    except Exception:
        log.exception("%s, the call goes on without", missing)
        return otherwise
