"""A server that speaks the Bot API of Telegram as it is published, for one bot.

https://core.telegram.org/bots/api: `getUpdates` keeps a question open until there is news, and brings again
what no later offset has confirmed; `sendMessage` gives each message a number; `getFile` gives the path under
which a file lies for an hour.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

TOKEN = "4242:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"


class TelegramServer:
    """The people write by `writes`, `presses` and `shares`; `said` is what they have on their telephones."""

    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []
        self.answered: list[dict[str, str]] = []
        self.asked: list[str] = []
        self.webhook: dict[str, str] = {}
        self.answers: list[tuple[int, str, int]] = []
        """Errors with which the next messages are refused: status, description, retry_after. 0: cut off."""
        self.files: dict[str, bytes] = {}
        """The files that people have sent, by their id."""
        self.fetched: list[str] = []
        self.url = ""
        self._updates: list[dict[str, Any]] = []
        self._next = 7_000_000
        self._news = asyncio.Condition()

    async def bring(self, *, times: int = 1, **update: Any) -> dict[str, Any]:
        """Have an update; `times`: under the same number so often."""
        self._next += 1
        made = {"update_id": self._next, **update}
        async with self._news:
            self._updates += [made] * times
            self._news.notify_all()
        return made

    async def writes(
        self, text: str | None, person: int = 11, *, times: int = 1, **more: Any
    ) -> dict[str, Any]:
        message: dict[str, Any] = {
            "message_id": self._next,
            "date": 1_800_000_000,
            "chat": {"id": person, "type": "private", "first_name": "Ганна"},
            "from": who(person),
            **({} if text is None else {"text": text}),
            **more,
        }
        return await self.bring(times=times, message=message)

    async def shares(self, number: str, person: int = 11, *, whose: int | None = None) -> None:
        contact = {"phone_number": number, "first_name": "Ганна", "user_id": whose or person}
        await self.writes(None, person, contact=contact)

    async def sends_photo(
        self, photo: bytes, person: int = 11, *, caption: str = "", times: int = 1, as_file: str = ""
    ) -> None:
        """Send a picture with words below it; `as_file`: uncompressed, as a file of this media type."""
        small, whole = f"small-{self._next}", f"whole-{self._next}"
        self.files |= {small: photo[:100], whole: photo}
        size = {"file_id": whole, "file_unique_id": whole, "file_size": len(photo)}
        sizes = [
            {"file_id": small, "file_unique_id": small, "file_size": 100, "width": 90, "height": 67},
            {**size, "width": 1280, "height": 960},
        ]
        sent = {"document": {**size, "mime_type": as_file}} if as_file else {"photo": sizes}
        below = {"caption": caption} if caption else {}
        await self.writes(None, person, times=times, **sent, **below)

    async def presses(self, label: str, person: int = 11, *, times: int = 1) -> None:
        """Press the newest button of this name."""
        pressed = next(data for shown, data in self.buttons(person) if shown == label)
        for at in range(times):
            await self.bring(
                callback_query={
                    "id": f"{self._next}-{at}",
                    "from": who(person),
                    "chat_instance": "1",
                    "data": pressed,
                },
            )

    def buttons(self, person: int = 11) -> list[tuple[str, str]]:
        """Give the names and data of inline buttons, the newest message first."""
        found = []
        for one in reversed(self.of(person)):
            rows = json.loads(one.get("reply_markup") or "{}").get("inline_keyboard", ())
            found += [(button["text"], button["callback_data"]) for row in rows for button in row]
        return found

    def of(self, person: int = 11) -> list[dict[str, Any]]:
        return [one for one in self.said if one["chat_id"] == str(person)]

    def texts(self, person: int = 11) -> list[str]:
        return [one["text"] for one in self.of(person)]

    async def has_said(self, many: int) -> None:
        """Wait until so many messages were sent to people."""
        async with self._news:
            await self._news.wait_for(lambda: len(self.said) >= many)

    async def method(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != TOKEN:
            return _refused(401, "Unauthorized")
        name = request.match_info["method"]
        given = {key: str(value) for key, value in (await request.post()).items()}
        self.asked.append(name)
        match name:
            case "getUpdates":
                return await self._get_updates(given)
            case "sendMessage":
                return await self._send_message(request, given)
            case "getFile":
                return self._get_file(given["file_id"])
            case "answerCallbackQuery":
                self.answered.append(given)
            case "setWebhook":
                self.webhook = given
            case "deleteWebhook":
                self.webhook = {}
            case _:
                return _refused(404, "Not Found")
        return _done(bool(name))

    async def _get_updates(self, given: dict[str, str]) -> web.Response:
        if self.webhook:
            return _refused(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(given.get("offset", 0))
        self._updates = [one for one in self._updates if one["update_id"] >= offset]
        async with self._news:
            try:
                await asyncio.wait_for(
                    self._news.wait_for(lambda: bool(self._updates)), min(float(given.get("timeout", 0)), 2.0)
                )
            except TimeoutError:
                return _done([])
        return _done(self._updates[:100])

    def _get_file(self, file_id: str) -> web.Response:
        if file_id not in self.files:
            return _refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        size = len(self.files[file_id])
        if size > 20 * 2**20:
            return _refused(400, "Bad Request: file is too big")
        path = f"photos/{file_id}.jpg"
        return _done({"file_id": file_id, "file_unique_id": file_id, "file_size": size, "file_path": path})

    async def file(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != TOKEN:
            return _refused(404, "Not Found")
        self.fetched.append(request.match_info["name"])
        return web.Response(body=self.files[request.match_info["name"]], content_type="image/jpeg")

    async def _send_message(self, request: web.Request, given: dict[str, str]) -> web.Response:
        status, why, after = self.answers.pop(0) if self.answers else (200, "", 0)
        if status not in (0, 200):
            return _refused(status, why, after)
        if len(given["text"]) > 4096 or not given["text"]:
            return _refused(400, "Bad Request: message is too long")
        async with self._news:
            self.said.append(given)
            self._news.notify_all()
        if status == 0:
            assert request.transport is not None
            request.transport.abort()
        return _done(
            {
                "message_id": len(self.said),
                "date": 1_800_000_000,
                "chat": {"id": int(given["chat_id"]), "type": "private"},
                "text": given["text"],
            }
        )


def who(person: int) -> dict[str, Any]:
    return {"id": person, "is_bot": False, "first_name": "Ганна", "language_code": "uk"}


def blocked(person: int = 11) -> dict[str, Any]:
    """What is brought when a person blocks the bot."""
    bot = {"id": 4242, "is_bot": True, "first_name": "1580"}
    return {
        "chat": {"id": person, "type": "private"},
        "from": who(person),
        "date": 1_800_000_000,
        "old_chat_member": {"status": "member", "user": bot},
        "new_chat_member": {"status": "kicked", "user": bot, "until_date": 0},
    }


@asynccontextmanager
async def telegram_server() -> AsyncIterator[TelegramServer]:
    server = TelegramServer()
    app = web.Application()
    app.router.add_post("/bot{token}/{method}", server.method)
    app.router.add_get("/file/bot{token}/photos/{name}.jpg", server.file)
    async with TestServer(app) as listening:
        server.url = str(listening.make_url("")).rstrip("/")
        yield server


def _done(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _refused(status: int, why: str, after: int = 0) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": why}
    if after:
        body["parameters"] = {"retry_after": after}
    return web.json_response(body, status=status)
