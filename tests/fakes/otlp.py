"""A collector of OpenTelemetry for tests: takes traces over HTTP, as protobuf, and reads them."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.test_utils import TestServer
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span

PATIENCE_SECONDS = 20.0


class Collector:
    """All spans that it was sent. While it is `hung` it answers nobody."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.services: set[str] = set()
        self.address = ""
        self._came = asyncio.Event()
        self.goes_on = asyncio.Event()
        self.goes_on.set()

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        if request.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        await self.goes_on.wait()
        asked = ExportTraceServiceRequest.FromString(body)
        for resource in asked.resource_spans:
            self.services |= {
                one.value.string_value for one in resource.resource.attributes if one.key == "service.name"
            }
            for scope in resource.scope_spans:
                self.spans += scope.spans
        self._came.set()
        answer = ExportTraceServiceResponse().SerializeToString()
        return web.Response(body=answer, content_type="application/x-protobuf")

    async def until(self, name: str) -> Span:
        """Wait for a span of this name."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                self._came.clear()
                for one in self.spans:
                    if one.name == name:
                        return one
                await self._came.wait()


@asynccontextmanager
async def collector() -> AsyncIterator[Collector]:
    """A collector at a free port of loopback."""
    made = Collector()
    app = web.Application()
    app.router.add_post("/v1/traces", made.take)
    async with TestServer(app) as server:
        made.address = str(server.make_url("/")).rstrip("/")
        yield made
        made.goes_on.set()
