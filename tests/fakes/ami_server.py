"""A small Asterisk that speaks the manager protocol over a real socket, and answers as a test tells it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from telephony.ami.client import AmiAddress

GREETING = b"Asterisk Call Manager/11.0.0\r\n"
SECRET = "right"
SILENCE = "silence"


class AmiServer:
    """`answers` holds, by action, the messages that follow a request; `silence` is none at all.

    `actions` are the requests so far, their headers in lower case."""

    def __init__(self) -> None:
        self.answers: dict[str, str | list[str]] = {}
        self.actions: list[dict[str, str]] = []
        self.nobody_left = asyncio.Event()
        self._writers: set[asyncio.StreamWriter] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[AmiAddress]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server:
            yield AmiAddress(host="127.0.0.1", port=port, user="hotline", secret=SECRET)
            if self._writers:
                self.hang_up()
                await self.nobody_left.wait()

    async def send(self, *pieces: bytes) -> None:
        """Write to everyone; each piece is a packet of its own as far as the machine allows."""
        for piece in pieces:
            for writer in self._writers:
                writer.write(piece)
                await writer.drain()

    async def event(self, text: str) -> None:
        await self.send(_wire(text))

    def hang_up(self) -> None:
        for writer in self._writers:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        self.nobody_left.clear()
        writer.write(GREETING)
        try:
            while True:
                request = (await reader.readuntil(b"\r\n\r\n")).decode()
                lines = (line.split(": ", 1) for line in request.strip().split("\r\n"))
                fields = {name.lower(): value for name, value in lines}
                self.actions.append(fields)
                for answer in self._answers(fields):
                    writer.write(_wire(answer, fields["actionid"]))
        except (asyncio.IncompleteReadError, ConnectionError):
            self._writers.discard(writer)
            writer.close()
            if not self._writers:
                self.nobody_left.set()

    def _answers(self, fields: Mapping[str, str]) -> list[str]:
        action = fields["action"]
        if action == "Login" and action not in self.answers:
            right = fields["secret"] == SECRET
            return [
                "Response: Success\nMessage: Authentication accepted"
                if right
                else "Response: Error\nMessage: Authentication failed"
            ]
        answer = self.answers.get(action, "Response: Success\nMessage: done")
        if answer == SILENCE:
            return []
        return [answer] if isinstance(answer, str) else answer


def _wire(text: str, action_id: str = "") -> bytes:
    lines = text.split("\n") + ([f"ActionID: {action_id}"] if action_id else [])
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
