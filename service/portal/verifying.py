"""Reads published closings from an address or a folder, and compares them with the head that was kept."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import asdict
from datetime import date, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import aiohttp

from hotline.errors import HotlineError
from hotline.portal.closings import Head, PublicKey, PublishedDay, Verified, verify
from service.asking import content_within, retry_after
from service.portal.signing import is_signed

INDEX = "index.json"
_SECONDS = 30.0
_MOST_OCTETS = 1 << 26
_TRIES, _PAUSE, _LONGEST_PAUSE = 10, timedelta(seconds=1), timedelta(minutes=1)
"""Where the site asks for patience: years of days are more than it gives at once."""
Fetch = Callable[[str], Awaitable[Any]]


class NotFetched(HotlineError):  # noqa: N818 - reads as what happened
    """The index, or the file with the kept head, cannot be read; the message says why."""

    code = "not-fetched"


async def verify_published(source: str, head: Path) -> Verified:
    """Verify all that `source` publishes, and keep its head in the file, unless something is wrong.

    `source`: the address of the page of closings, or a folder with `index.json` and a file for each day.
    Raises NotFetched.
    """
    async with AsyncExitStack() as opened:
        if source.startswith(("http://", "https://")):
            timeout = aiohttp.ClientTimeout(total=_SECONDS)
            session = await opened.enter_async_context(aiohttp.ClientSession(timeout=timeout))
            fetch = _from_site(session, source.rstrip("/"))
        else:
            fetch = _from_folder(Path(source))
        index = await _read_index(fetch)
        days = [await _fetched(fetch, str(one["day"]), str(one["sha256"])) for one in index["days"]]
    try:
        keys = [
            PublicKey(key=one["key"], since=date.fromisoformat(one["since"]), signature=one["signature"])
            for one in index["keys"]
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise NotFetched(f"{INDEX}: its keys cannot be read.") from error
    return await asyncio.to_thread(_compared, keys, days, head)


def _compared(keys: list[PublicKey], days: Iterable[PublishedDay], file: Path) -> Verified:
    found = verify(keys, days, _kept(file), is_signed)
    if not found.flaws and found.head is not None:
        file.write_text(json.dumps(asdict(found.head), indent=1) + "\n", "utf-8")
    return found


def _kept(file: Path) -> Head | None:
    try:
        return Head(**json.loads(file.read_text("utf-8"))) if file.exists() else None
    except (OSError, ValueError, TypeError) as error:
        raise NotFetched(f"{file}: this is no head that was kept: {error}") from error


async def _read_index(fetch: Fetch) -> Any:
    try:
        index = await fetch(INDEX)
    except (OSError, ValueError, aiohttp.ClientError, TimeoutError) as error:
        raise NotFetched(f"{INDEX}: {error}") from error
    if not isinstance(index, dict) or not all(isinstance(index.get(one), list) for one in ("days", "keys")):
        raise NotFetched(f"{INDEX}: it has no days and keys.")
    return index


async def _fetched(fetch: Fetch, day: str, indexed: str) -> PublishedDay:
    try:
        read = await fetch(f"{date.fromisoformat(day)}.json")
        digest, signature = read["digest"], str(read["signature"])
    except (OSError, ValueError, KeyError, TypeError, aiohttp.ClientError, TimeoutError):
        return PublishedDay(day=day, indexed=indexed)
    return PublishedDay(
        day=day, indexed=indexed, digest=digest if isinstance(digest, dict) else {}, signature=signature
    )


def _from_site(session: aiohttp.ClientSession, address: str) -> Fetch:
    async def fetch(name: str) -> Any:
        for _ in range(_TRIES):
            async with session.get(f"{address}/{name}") as answer:
                if answer.status != HTTPStatus.TOO_MANY_REQUESTS:
                    answer.raise_for_status()
                    return json.loads(await content_within(answer, _MOST_OCTETS))
                pause = retry_after(answer.headers)
            await asyncio.sleep(min(_PAUSE if pause is None else pause, _LONGEST_PAUSE).total_seconds())
        raise TimeoutError(f"{name}: the site answers too few requests")

    return fetch


def _from_folder(folder: Path) -> Fetch:
    async def fetch(name: str) -> Any:
        return json.loads(await asyncio.to_thread((folder / name).read_text, "utf-8"))

    return fetch
