"""Requests that may be sent again without being done again (Idempotency-Key)."""

from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta, field

from cti_server.keys import TOKEN


class KeyedRequest(msgspec.Struct, kw_only=True):
    """The name that the sender gives to this request."""

    key: Annotated[
        str,
        Meta(
            pattern=r"^[\x21-\x7e]{8,100}$",
            description="New for each new request (a UUID); the same when a request is sent again.",
        ),
    ] = field(name="Idempotency-Key")


def key_of(request: web.Request, headers: KeyedRequest) -> str:
    """Keys of different tokens are different."""
    return f"api:{request[TOKEN].id}:{headers.key}"
