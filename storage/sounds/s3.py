"""A bucket of an S3-compatible store: four requests, signed by AWS's Signature Version 4.

https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html. Buckets are named in the path,
which every such store understands. Files go in one request each: 5 GB at most, a talk of days.
"""

import asyncio
import hashlib
import hmac
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

import aiohttp
from attrs import define, field, frozen
from yarl import URL

from hotline.calls.sound_store import SoundAway
from hotline.errors import NotFound

CONNECT_SECONDS = 5.0
STALLED_SECONDS = 20.0
"""In which nothing more comes."""
SLOWEST_BYTES = 1 << 15
"""In a second, to send."""
PIECE_BYTES = 1 << 20
_NOTHING = hashlib.sha256().hexdigest()
_ALGORITHM = "AWS4-HMAC-SHA256"


@frozen(kw_only=True)
class Bucket:
    """The address of a bucket, and the key with which it is asked."""

    endpoint: str
    """Such as https://s3.example.ua."""
    name: str
    region: str
    key_id: str
    secret: str = field(repr=False)

    def url(self, file: str) -> URL:
        path = "/".join(filter(None, (quote(self.name, safe="-_.~"), quote(file, safe="/-_.~"))))
        return URL(f"{self.endpoint.rstrip('/')}/{path}", encoded=True)

    def signed(
        self, method: str, url: URL, payload: str, now: datetime, more: Mapping[str, str]
    ) -> Mapping[str, str]:
        """Give the headers of a request, `payload` being the SHA-256 of its body."""
        moment, scope = f"{now:%Y%m%dT%H%M%SZ}", f"{now:%Y%m%d}/{self.region}/s3/aws4_request"
        host = url.raw_host or ""
        headers = {
            "host": host if url.is_default_port() else f"{host}:{url.port}",
            "x-amz-content-sha256": payload,
            "x-amz-date": moment,
            **{name.lower(): value for name, value in more.items()},
        }
        names = ";".join(sorted(headers))
        told = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
        request = f"{method}\n{url.raw_path}\n{url.raw_query_string}\n{told}\n{names}\n{payload}"
        asked = hashlib.sha256(request.encode()).hexdigest()
        key = f"AWS4{self.secret}".encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        sign = hmac.new(key, f"{_ALGORITHM}\n{moment}\n{scope}\n{asked}".encode(), "sha256").hexdigest()
        credential = f"Credential={self.key_id}/{scope}, SignedHeaders={names}, Signature={sign}"
        return headers | {"authorization": f"{_ALGORITHM} {credential}"}


@define(eq=False, repr=False)
class BucketSession:
    """Requests to one bucket over the connections of a session; raises SoundAway, or NotFound."""

    _bucket: Bucket
    _session: aiohttp.ClientSession

    async def put(self, name: str, file: Path, sha256: str) -> None:
        """Put a file there under this name, whose digest the store holds against what it gets."""
        with await asyncio.to_thread(file.open, "rb") as body:
            # The time in which nothing comes runs while we send, too: on a slow line no long talk would end.
            seconds = STALLED_SECONDS + os.fstat(body.fileno()).st_size / SLOWEST_BYTES
            within = aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)
            async with self._ask("PUT", name, payload=sha256, body=body, within=within):
                pass

    async def read(self, name: str, begins: int, ends: int) -> bytes:
        async with self._ask("GET", name, more={"range": f"bytes={begins}-{ends - 1}"}) as answer:
            return await answer.read()

    async def digest(self, name: str) -> str:
        """Read it whole; gives its SHA-256."""
        found = hashlib.sha256()
        async with self._ask("GET", name) as answer:
            async for piece in answer.content.iter_chunked(PIECE_BYTES):
                found.update(piece)
        return found.hexdigest()

    async def delete(self, name: str) -> None:
        """Delete it; one that is not there is no error."""
        async with self._ask("DELETE", name):
            pass

    async def reach(self) -> None:
        """Look whether the bucket is there and lets us in."""
        async with self._ask("HEAD", ""):
            pass

    @asynccontextmanager
    async def _ask(
        self,
        method: str,
        name: str,
        *,
        payload: str = _NOTHING,
        more: Mapping[str, str] | None = None,
        body: BinaryIO | None = None,
        within: aiohttp.ClientTimeout | None = None,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        url = self._bucket.url(name)
        headers = self._bucket.signed(method, url, payload, datetime.now(UTC), more or {})
        try:
            async with self._session.request(
                method, url, headers=headers, data=body, timeout=within or self._session.timeout
            ) as answer:
                await self._require(answer, name)
                yield answer
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise SoundAway(
                "Сховище записів %(where)s не відповідає (%(why)s).\n"
                "The store of recordings %(where)s does not answer (%(why)s).",
                where=self._bucket.endpoint,
                why=str(error) or type(error).__name__,
            ) from error

    async def _require(self, answer: aiohttp.ClientResponse, name: str) -> None:
        if answer.status < HTTPStatus.MULTIPLE_CHOICES:
            return
        said = (await answer.text())[:300]
        if answer.status == HTTPStatus.NOT_FOUND and name and "NoSuchBucket" not in said:
            raise NotFound(f"{name} is not in the store of recordings.")
        raise SoundAway(
            "Сховище записів %(where)s відмовляє (%(status)s): перевірте HOTLINE_S3_BUCKET, HOTLINE_S3_KEY_ID"
            " і HOTLINE_S3_SECRET_FILE, а також годинник цього комп'ютера.\n"
            "The store of recordings %(where)s refuses (%(status)s): check HOTLINE_S3_BUCKET,"
            " HOTLINE_S3_KEY_ID, HOTLINE_S3_SECRET_FILE, and this machine's clock.",
            where=self._bucket.endpoint,
            status=answer.status,
        )


@asynccontextmanager
async def session_of(bucket: Bucket) -> AsyncIterator[BucketSession]:
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=STALLED_SECONDS)
    async with aiohttp.ClientSession(
        timeout=timeout, auto_decompress=False, skip_auto_headers=("Content-Type", "Accept-Encoding")
    ) as session:
        yield BucketSession(bucket, session)
