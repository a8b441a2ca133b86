"""A small Asterisk that speaks ARI over real HTTP and WebSocket, and does what a test tells it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from telephony.ari.client import AriAddress

Answer = Callable[["AriServer", dict[str, Any]], Awaitable[None]]


async def no_content(server: "AriServer", request: dict[str, Any]) -> None:
    """Answer as Asterisk does when all is well."""
    await server.respond(request, 204)


class AriServer:
    """`answer` is called for each request that comes over the WebSocket."""

    def __init__(self, *, version: str = "22.10.1~dfsg", answer: Answer = no_content) -> None:
        self.version = version
        self.answer = answer
        self.http_status = 204
        self.http_body = ""
        self.requests: list[dict[str, Any]] = []
        self.http_requests: list[tuple[str, str, dict[str, str], str]] = []
        self.connected = asyncio.Event()
        self.url = ""
        self._socket: web.WebSocketResponse | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[AriAddress]:
        app = web.Application()
        app.router.add_get("/ari/asterisk/info", self._info)
        app.router.add_get("/ari/events", self._events)
        app.router.add_route("*", "/ari/{path:.*}", self._http)
        async with TestServer(app) as server:
            self.url = str(server.make_url("")).rstrip("/")
            yield AriAddress(url=self.url, user="hotline", secret="s", application="hotline")

    async def send(self, text: str) -> None:
        assert self._socket is not None
        await self._socket.send_str(text)

    async def event(self, kind: str, **fields: Any) -> None:
        stamp = "2026-12-01T12:00:00.000+0200"
        await self.send(json.dumps({"type": kind, "timestamp": stamp, "application": "hotline", **fields}))

    async def respond(self, request: dict[str, Any], status: int, body: str = "") -> None:
        reason = "Not Found" if status == 404 else "x"
        await self.send(
            json.dumps(
                {
                    "type": "RESTResponse",
                    "request_id": request["request_id"],
                    "status_code": status,
                    "reason_phrase": reason,
                    "uri": request["uri"],
                    **({"message_body": body} if body else {}),
                }
            )
        )

    async def drop(self) -> None:
        """Cut the connection as a dying process does."""
        assert self._socket is not None
        transport = self._socket._req.transport if self._socket._req else None
        assert transport is not None
        transport.abort()

    async def _info(self, request: web.Request) -> web.Response:
        if "Authorization" not in request.headers:
            return web.Response(status=401)
        return web.json_response({"system": {"version": self.version}})

    async def _events(self, request: web.Request) -> web.WebSocketResponse:
        assert request.query["app"] == "hotline"
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._socket = socket
        self.connected.set()
        async for message in socket:
            asked = json.loads(message.data)
            self.requests.append(asked)
            await self.answer(self, asked)
        return socket

    async def _http(self, request: web.Request) -> web.Response:
        body = await request.text()
        self.http_requests.append((request.method, request.path, dict(request.query), body))
        return web.Response(status=self.http_status, text=self.http_body)
