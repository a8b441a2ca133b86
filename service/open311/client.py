"""Speaks Open311 (GeoReport v2, JSON) with an enterprise's server: requests filed, states and updates read.

The address is the one that the head has typed: redirections are not followed, and of an answer so much is
read as one may be long.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import quote

import aiohttp
from aiohttp import hdrs
from attrs import define, field

from hotline.delivery.handing_over import NotTaken, Refused, Unclear
from hotline.enterprises.open311 import TOKEN, Open311Endpoint
from service.asking import content_within, retry_after

SECONDS = 15.0
MOST_BYTES = 1024 * 1024
_LONGEST_ID = 200
_OURS = frozenset(
    {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
)
"""The address or the key is wrong, which a person mends: tried again until then."""
_LATER = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


class _Answer(NamedTuple):
    """An answer: its status, for how long we are asked to wait, its content, and the mark of that."""

    status: int
    after: timedelta | None
    said: Any
    mark: str


class _Kept(NamedTuple):
    """What was listed for these arguments, and its mark."""

    wanted: Mapping[str, str]
    mark: str
    listed: Sequence[Mapping[str, Any]]


@define(eq=False, repr=False)
class Open311Client:
    """Its session is closed by its opener."""

    _session: aiohttp.ClientSession
    _kept: dict[tuple[str, str], "_Kept"] = field(factory=dict, init=False)
    """What each method of each address listed last, so that what has not changed is not sent again."""

    async def file(self, endpoint: Open311Endpoint, form: Mapping[str, str], name: str) -> str:
        """Post a request; its id there, or TOKEN and a token. Raises NotTaken, Refused, Unclear.

        `name` is the same however often it is posted.
        """
        headers = {"Idempotency-Key": name}
        answer = await self._ask(endpoint, "POST", "requests.json", data=form, headers=headers)
        status, after, said = answer.status, answer.after, answer.said
        if status in _LATER or status in _OURS:
            raise NotTaken(f"its Open311 answered {status}{_reason(said)}", after=after)
        if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Refused(f"its Open311 answered {status}{_reason(said)}")
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise Unclear(f"its Open311 answered {status}", theirs=False)
        for one in items(said):
            if request_id := _text(one, "service_request_id"):
                return request_id
            if token := _text(one, "token"):
                return f"{TOKEN}{token}"
        raise Unclear("its Open311 took it and named no id", theirs=False)

    async def read(
        self, endpoint: Open311Endpoint, method: str, **wanted: str
    ) -> Sequence[Mapping[str, Any]] | None:
        """Give what a method lists, None where its server has no such method; raises NotTaken."""
        kept = self._kept.get((endpoint.address, method))
        same = kept if kept is not None and kept.wanted == wanted else None
        headers: Mapping[str, str] = {str(hdrs.IF_NONE_MATCH): same.mark} if same else {}
        try:
            answer = await self._ask(endpoint, "GET", f"{method}.json", params=wanted, headers=headers)
        except Unclear as error:
            raise NotTaken(str(error)) from error
        status, after, said = answer.status, answer.after, answer.said
        if same and status == HTTPStatus.NOT_MODIFIED:
            return same.listed
        if status in {HTTPStatus.NOT_FOUND, HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.METHOD_NOT_ALLOWED}:
            return None
        if status != HTTPStatus.OK:
            raise NotTaken(f"its Open311 answered {status}{_reason(said)}", after=after)
        if not isinstance(said, list | dict):
            raise NotTaken("its Open311 answered with no list")
        listed = items(said)
        if answer.mark and "/" not in method:  # what is asked for once is not kept
            self._kept[endpoint.address, method] = _Kept(wanted, answer.mark, listed)
        return listed

    async def id_of(self, endpoint: Open311Endpoint, token: str) -> str:
        """Give the id of a request that has only a token yet; empty while it has none. Raises NotTaken."""
        found = await self.read(endpoint, f"tokens/{quote(token, safe='')}") or ()
        return next((name for one in found if (name := _text(one, "service_request_id"))), "")

    async def _ask(
        self, endpoint: Open311Endpoint, method: str, name: str, *, headers: Mapping[str, str], **sent: Any
    ) -> "_Answer":
        """Send it; raises NotTaken, or Unclear."""
        if endpoint.jurisdiction:
            field = "data" if method == "POST" else "params"
            sent[field] = {**sent[field], "jurisdiction_id": endpoint.jurisdiction}
        try:
            async with self._session.request(
                method,
                f"{endpoint.address}/{name}",
                timeout=aiohttp.ClientTimeout(total=SECONDS),
                allow_redirects=False,  # the key goes only to the address that it was given for
                headers={hdrs.ACCEPT_LANGUAGE: "uk", **headers},
                **sent,
            ) as answered:
                body = await content_within(answered, MOST_BYTES)
                if len(body) > MOST_BYTES:
                    raise Unclear("its Open311 answered at too great a length", theirs=False)
                return _Answer(
                    answered.status,
                    retry_after(answered.headers),
                    _read(body),
                    answered.headers.get(hdrs.ETAG, ""),
                )
        except aiohttp.ClientConnectorError as error:
            raise NotTaken(f"its Open311 was not reached: {error.os_error.strerror}") from error
        except (aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            raise NotTaken(f"its Open311 was not reached: {error}") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unclear(f"its Open311 gave no answer: {type(error).__name__}", theirs=False) from error


def items(said: Any) -> Sequence[Mapping[str, Any]]:
    """List what an answer lists, as the standard has it or below the name of its XML root."""
    if isinstance(said, dict):
        said = next((one for one in said.values() if isinstance(one, list)), [said])
    return [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []


def _text(one: Mapping[str, Any], name: str) -> str:
    found = one.get(name)
    return str(found)[:_LONGEST_ID] if isinstance(found, str | int) and not isinstance(found, bool) else ""


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _reason(said: Any) -> str:
    """Give the standard's description of a fault, as far as there is one."""
    text = next((text for one in items(said) if (text := _text(one, "description"))), "")
    return f": {' '.join(text.split())}" if text else ""
