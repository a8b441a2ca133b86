"""A gateway of short messages over HTTP, a process of its own when run: it counts, and can be asked.

    python -m tests.fakes.sms_gateway --kept FILE [--idempotent] [--slow SECONDS]

prints its port. `POST /messages` takes {"to", "text", "reference"}; `GET /messages/REFERENCE` says its state.
Each message that it delivers is one line of FILE, written before it answers.
"""

import argparse
import asyncio
import json
import random
import sys
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web


@dataclass
class Gateway:
    """What it was given. `answers` are taken first, one a request: a status, or None for a broken line."""

    kept: Path | None = None
    idempotent: bool = True
    slow: float = 0.0
    delivered: list[dict[str, str]] = field(default_factory=list)
    requests: list[web.Request] = field(default_factory=list)
    answers: list[int | None] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        message = await request.json()
        if self.slow:
            await asyncio.sleep(random.uniform(0, self.slow))  # noqa: S311 - no secret
        answer = self.answers.pop(0) if self.answers else 200
        if answer not in (200, None):
            return web.json_response({"error": "not now"}, status=answer)
        self._deliver(message)
        if answer is None:
            assert request.transport is not None
            request.transport.abort()
        return web.json_response({"messages": [{"id": f"gw-{message['reference']}", "status": "queued"}]})

    def _deliver(self, message: dict[str, str]) -> None:
        known = {one["reference"] for one in self.delivered}
        if self.idempotent and message["reference"] in known:
            return
        self.delivered.append(message)
        self.states.setdefault(message["reference"], "queued")
        if self.kept:
            with self.kept.open("a", encoding="utf-8") as file:
                file.write(json.dumps(message, ensure_ascii=False) + "\n")

    async def state(self, request: web.Request) -> web.Response:
        reference = request.match_info["reference"].removeprefix("gw-")
        self.asked.append(reference)
        if reference not in self.states:
            return web.json_response({"error": "unknown"}, status=404)
        return web.json_response({"id": f"gw-{reference}", "status": self.states[reference]})

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/messages", self.take)
        app.router.add_get("/messages/{reference}", self.state)
        return app


async def _run(gateway: Gateway) -> None:
    runner = web.AppRunner(gateway.app())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--kept", type=Path, required=True)
    parser.add_argument("--idempotent", action="store_true")
    parser.add_argument("--slow", type=float, default=0.0)
    given = parser.parse_args()
    asyncio.run(_run(Gateway(kept=given.kept, idempotent=given.idempotent, slow=given.slow)))
