"""Requests that may be sent again without being done again (Idempotency-Key)."""

import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta, field

from cti_server.api.errors import KeyReused
from cti_server.api.sent_file import SentFile
from cti_server.api.sources import API
from cti_server.keys import TOKEN
from hotline.errors import HotlineError


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


@asynccontextmanager
async def once(request: web.Request, read: Mapping[str, object]) -> AsyncIterator[None]:
    """Carry out what was read, if its key belongs to this very request; raises KeyReused.

    A request that is refused gives its key back.
    """
    headers, requests = read.get("headers"), request.app[API].requests
    if not isinstance(headers, KeyedRequest):
        yield
        return
    key = key_of(request, headers)
    new = await requests.claim(key, fingerprint(request, read.get("body")))
    if new is None:
        raise KeyReused("The key came before, with another request.")
    try:
        yield
    except HotlineError:
        if new:
            await requests.release(key)
        raise


def fingerprint(request: web.Request, body: object) -> str:
    """Name the whole request: method, address, and the body as read, in whatever order it was written."""
    sent = body.sha256 if isinstance(body, SentFile) else body
    said = msgspec.json.encode([request.method, str(request.rel_url), sent], order="sorted")
    return hashlib.sha256(said).hexdigest()
