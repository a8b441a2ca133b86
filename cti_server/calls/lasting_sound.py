"""A sound as an answer: whole or the part that is asked for, broken off when the right to it ends."""

import logging
from collections.abc import Mapping
from contextlib import aclosing
from typing import cast

from aiohttp import hdrs, web
from aiohttp.abc import AbstractStreamWriter

from cti_server.auth.revocation import cut_off_in_time
from hotline.calls.sound_store import Sound, SoundStore
from hotline.errors import HotlineError

log = logging.getLogger(__name__)
KINDS = {".wav": "audio/wav", ".ogg": "audio/ogg", ".flac": "audio/flac"}


class LastingSound(web.StreamResponse):
    """Sent after its handler has returned, as a file is: RFC 9110, one range."""

    def __init__(self, sounds: SoundStore, sound: Sound, headers: Mapping[str, str] | None = None) -> None:
        kind = KINDS.get(sound.file.suffix, "audio/wav")
        usual: Mapping[str, str] = {hdrs.CONTENT_TYPE: kind, hdrs.ACCEPT_RANGES: "bytes"}
        super().__init__(headers={**usual, **(headers or {})})
        self.etag = sound.tag
        self._sounds, self._sound = sounds, sound

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        async with cut_off_in_time(cast("web.Request", request)):
            return await self._send(request)

    async def _send(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        begins, ends = self._span(request)
        self.content_length = ends - begins
        if self.status == web.HTTPNotModified.status_code:
            self.content_length = None
        writer = await super().prepare(request)
        if request.method != hdrs.METH_HEAD and begins < ends:
            await self._write(request, begins, ends)
        await self.write_eof()
        return writer

    async def _write(self, request: web.BaseRequest, begins: int, ends: int) -> None:
        try:
            async with aclosing(self._sounds.parts(self._sound, begins, ends)) as parts:
                async for part in parts:
                    await self.write(part)
        except HotlineError as error:  # the answer has begun: it can only be broken off
            log.error("sound broken off file=%s reason=%s", self._sound.file.name, error)
            if request.transport is not None:
                request.transport.abort()
            raise ConnectionResetError from error

    def _span(self, request: web.BaseRequest) -> tuple[int, int]:
        """Tell which bytes are asked for, and set the status; none of them where the status says why."""
        size, tag = self._sound.size, self._sound.tag
        if any(one.value in {"*", tag} for one in request.if_none_match or ()):
            self.set_status(web.HTTPNotModified.status_code)
            return 0, 0
        if request.headers.get(hdrs.IF_RANGE, f'"{tag}"') != f'"{tag}"':
            return 0, size
        try:
            asked = request.http_range
        except ValueError:
            return self._unsatisfiable()
        if asked.start is None:
            return 0, size
        begins, ends, _ = asked.indices(size)
        if begins >= ends:
            return self._unsatisfiable()
        self.set_status(web.HTTPPartialContent.status_code)
        self.headers[hdrs.CONTENT_RANGE] = f"bytes {begins}-{ends - 1}/{size}"
        return begins, ends

    def _unsatisfiable(self) -> tuple[int, int]:
        self.set_status(web.HTTPRequestRangeNotSatisfiable.status_code)
        self.headers[hdrs.CONTENT_RANGE] = f"bytes */{self._sound.size}"
        return 0, 0
