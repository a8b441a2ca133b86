"""The streams that are watched: a process for each, however many watch it, and none that nobody watches."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass

from attrs import define, field

from hotline.cameras.camera import CameraSource
from hotline.cameras.streams import (
    FIRST_WITHIN,
    SILENT_AFTER,
    Picture,
    Played,
    StreamFault,
    StreamState,
)
from hotline.clock import Clock
from hotline.errors import NotFound
from hotline.isolation import run_isolated
from service.cameras.process import Asked, picture_process
from service.cameras.whep import WhepSessions

log = logging.getLogger(__name__)

PAUSES = (1.0, 2.0, 5.0, 10.0, 20.0)
"""Seconds before it is opened again: longer with each time in a row that it gave nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamLimits:
    """What the streams may take of the machine that carries the calls."""

    at_once: int = 12
    a_second: float = 4.0
    width: int = 960
    silent_after: float = SILENT_AFTER
    pauses: tuple[float, ...] = PAUSES


Sources = Callable[[int], Awaitable[CameraSource]]
"""The address of a camera, by its id; raises NotFound for one that is not to be opened."""


@define(eq=False, repr=False)
class CameraStreams:
    """`hotline.cameras.streams.Streams`: processes of `service.cameras.pictures`, and sessions of WHEP."""

    _sources: Sources
    _clock: Clock
    _limits: StreamLimits = field(factory=StreamLimits)
    _open: dict[int, "_Stream"] = field(factory=dict, init=False)
    _waiting: dict[int, "_Stream"] = field(factory=dict, init=False)
    """Those that the limit keeps out, the one that was asked for first ahead."""
    _running: set[asyncio.Task[object]] = field(factory=set, init=False)
    _played: WhepSessions = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._played = WhepSessions(self._sources)

    @contextmanager
    def watching(self, camera_id: int) -> Iterator["_Watcher"]:
        stream = self._open.get(camera_id) or self._waiting.get(camera_id)
        if stream is None:
            stream = _Stream(camera_id, self._sources, self._clock, self._limits)
            if len(self._open) < self._limits.at_once:
                self._begin(stream)
            else:
                self._waiting[camera_id] = stream
                stream.stands(StreamFault.TOO_MANY)
        watcher = _Watcher(stream)
        stream.watchers.add(watcher)
        try:
            yield watcher
        finally:
            stream.watchers.discard(watcher)
            if not stream.watchers:
                self._leave(stream)

    def playing(self, camera_id: int, offer: str) -> AbstractAsyncContextManager[Played]:
        return self._played.playing(camera_id, offer)

    def newest(self, camera_id: int) -> Picture | None:
        stream = self._open.get(camera_id)
        return None if stream is None else stream.picture

    def renew(self, camera_id: int) -> None:
        self._played.renew(camera_id)
        if (stream := self._open.get(camera_id)) is not None:
            stream.end()
            self._begin(stream)

    @property
    def open(self) -> int:
        """How many streams have a process, or are about to."""
        return len(self._open)

    async def keep(self) -> None:
        """Last as long as the service; when it is cancelled all streams end, and no process is left."""
        try:
            await asyncio.Event().wait()
        finally:
            await self.end()

    async def end(self) -> None:
        for task in tuple(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._played.end()

    def _leave(self, stream: "_Stream") -> None:
        """End a stream that nobody watches any more; the next of those that wait has its place."""
        if self._waiting.pop(stream.camera_id, None) is not None:
            return
        del self._open[stream.camera_id]
        stream.end()
        if self._waiting:
            self._begin(self._waiting.pop(next(iter(self._waiting))))

    def _begin(self, stream: "_Stream") -> None:
        self._open[stream.camera_id] = stream
        stream.stands(None)
        failure = f"a stream was not shown camera={stream.camera_id}"
        task: asyncio.Task[object] = asyncio.create_task(run_isolated(stream.run, failure))
        stream.task = task
        self._running.add(task)
        task.add_done_callback(self._running.discard)


class _Stream:
    """One camera's stream: its newest picture, how it stands, who watches."""

    def __init__(self, camera_id: int, sources: Sources, clock: Clock, limits: StreamLimits) -> None:
        self.camera_id = camera_id
        self.watchers: set[_Watcher] = set()
        self.task: asyncio.Task[object] | None = None
        self.picture: Picture | None = None
        self.state = StreamState(since=clock.now(), shows=False)
        self._sources = sources
        self._clock = clock
        self._limits = limits

    async def run(self) -> None:
        """Show it for ever: opened anew whenever it ends, is silent or dies."""
        vain = 0
        while True:
            try:
                source = await self._sources(self.camera_id)
            except NotFound:
                self.stands(StreamFault.ENDED)
                return
            shown = await self._show(source)
            vain = 0 if shown else vain + 1
            await asyncio.sleep(self._limits.pauses[min(vain, len(self._limits.pauses) - 1)])

    async def _show(self, source: CameraSource) -> bool:
        """Show one connection until it is over; tells whether there was any picture."""
        asked = Asked(source=source, a_second=self._limits.a_second, width=self._limits.width)
        shown = False
        async with picture_process(asked) as process:
            try:
                while True:
                    async with asyncio.timeout(self._limits.silent_after if shown else FIRST_WITHIN):
                        jpeg = await process.next()
                    if jpeg is None:
                        fault = await process.fault()
                        break
                    shown = True
                    self._shows(jpeg)
            except TimeoutError:
                fault = StreamFault.SILENT
        self.stands(fault)
        return shown

    def _shows(self, jpeg: bytes) -> None:
        now = self._clock.now()
        self.picture = Picture(at=now, jpeg=jpeg)
        if not self.state.shows:
            log.info("camera shows camera=%d", self.camera_id)
            self.state = StreamState(since=now, shows=True)
        self._tell()

    def stands(self, fault: StreamFault | None) -> None:
        """Note that there are no pictures now, and why; since when is when they ended."""
        if fault is not None and self.state.fault is None:
            log.warning("camera shows nothing camera=%d fault=%s", self.camera_id, fault)
        since = self._clock.now() if self.state.shows or self.state.fault is None else self.state.since
        if self.picture is not None and self.state.shows:
            since = self.picture.at
        self.picture = None
        self.state = StreamState(since=since, shows=False, fault=fault)
        self._tell()

    def end(self) -> None:
        if self.task is not None:
            self.task.cancel()

    def _tell(self) -> None:
        for one in self.watchers:
            one.news.set()


class _Watcher:
    """`hotline.cameras.streams.Watcher`."""

    def __init__(self, stream: _Stream) -> None:
        self._stream = stream
        self.news = asyncio.Event()
        self.news.set()

    @property
    def state(self) -> StreamState:
        return self._stream.state

    @property
    def picture(self) -> Picture | None:
        return self._stream.picture

    async def changes(self) -> AsyncIterator[None]:
        while True:
            await self.news.wait()
            self.news.clear()
            yield
