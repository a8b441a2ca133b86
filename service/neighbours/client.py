"""Another city's hotline, asked by its own interface with the key of the agreement."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp
from aiohttp import hdrs
from attrs import define

from hotline.delivery.handing_over import NotTaken, Refused, Unclear
from hotline.neighbours.copy import LONGEST, CityCopy, NotRead, WrongCopy, read_copy
from service.asking import content_within, retry_after

SECONDS = 15.0
_LONGEST_NUMBER = 40
_LONGEST_REASON = 300
_NO_AGREEMENT = frozenset({"token-needed", "agreement-over"})
"""Codes by which a hotline says that the key opens nothing any more; a proxy before it says none."""


@dataclass(frozen=True, slots=True)
class Handed:
    """An appeal in the other city's register."""

    number: str
    follow_code: str


@define(eq=False, repr=False)
class NeighbourClient:
    """Redirections are not followed: the key goes only to the address that it was given for."""

    _session: aiohttp.ClientSession

    async def read(self, address: str, key: str) -> tuple[str, CityCopy]:
        """Read the city, as text and as what it says; raises NotRead."""
        try:
            status, body, _ = await self._ask("GET", f"{address}/api/v1/neighbour", key)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NotRead(_said(error)) from error
        if status != HTTPStatus.OK:
            over = _object(body).get("code") in _NO_AGREEMENT
            raise NotRead(f"answered {status}{_reason(body)}", over=over)
        if len(body) > LONGEST:
            raise NotRead("answered at too great a length")
        try:
            text = body.decode()
            return text, read_copy(text)
        except (UnicodeDecodeError, WrongCopy) as error:
            raise NotRead(f"gave what is no city: {error}") from error

    async def hand_over(self, address: str, key: str, body: str, *, once: str) -> Handed:
        """Give it an appeal; once for `once`. Raises NotTaken, Refused or Unclear."""
        headers = {"Idempotency-Key": once, hdrs.CONTENT_TYPE: "application/json"}
        try:
            status, said, answered = await self._ask(
                "POST", f"{address}/api/v1/neighbour/appeals", key, headers=headers, data=body.encode()
            )
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            raise NotTaken(f"not reached: {_said(error)}") from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unclear(f"no answer: {_said(error)}", theirs=False) from error
        if status == HTTPStatus.CREATED:
            return _handed(said)
        if status in {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.BAD_REQUEST}:
            raise Refused(f"answered {status}{_reason(said)}")
        raise NotTaken(f"answered {status}{_reason(said)}", after=retry_after(answered))

    async def _ask(
        self, method: str, url: str, key: str, *, headers: Mapping[str, str] | None = None, **sent: Any
    ) -> tuple[int, bytes, Mapping[str, str]]:
        async with self._session.request(
            method,
            url,
            timeout=aiohttp.ClientTimeout(total=SECONDS),
            allow_redirects=False,
            headers={hdrs.AUTHORIZATION: f"Bearer {key}", hdrs.ACCEPT_LANGUAGE: "uk", **(headers or {})},
            **sent,
        ) as answer:
            return answer.status, await content_within(answer, LONGEST), answer.headers


def _handed(body: bytes) -> Handed:
    said = _object(body)
    number, code = said.get("number"), said.get("follow_code", "")
    if not (isinstance(number, str) and number and isinstance(code, str)):
        raise Unclear("took it, and told no number", theirs=False)
    return Handed(number[:_LONGEST_NUMBER], code[:_LONGEST_NUMBER])


def _reason(body: bytes) -> str:
    """Give the reasons of a refusal, as far as there are any."""
    said = _object(body)
    errors = said.get("errors")
    listed = errors if isinstance(errors, list) else []
    reasons = [str(one["reason"]) for one in listed if isinstance(one, dict) and "reason" in one]
    told = "; ".join(reasons) or str(said.get("title") or "")
    return f": {' '.join(told.split())[:_LONGEST_REASON]}" if told else ""


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _said(error: BaseException) -> str:
    return " ".join(str(error).split())[:_LONGEST_REASON] or type(error).__name__
