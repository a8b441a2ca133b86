"""Servers that speak the published interfaces of Viber and WhatsApp, and people who write by them.

https://developers.viber.com/docs/api/rest-bot-api/ and
https://developers.facebook.com/docs/whatsapp/cloud-api: a request beyond the published limits is refused.
"""

import hashlib
import hmac
import html
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

TOKEN = "4453b6ac12345678-token"
APP_SECRET = "secret-of-the-app"
NUMBER_ID = "106540352242922"
VERIFY = "a-word-of-our-own"

Bring = Callable[[Mapping[str, str], bytes], Awaitable[Mapping[str, Any]]]


class People:
    """Those who write by one gateway: `said` is what they have on their telephones."""

    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []
        self.refusals: list[int] = []
        """What the next messages are refused with: a status of Viber, a code of WhatsApp."""
        self.webhook: dict[str, Any] = {}
        self.photos: dict[str, bytes] = {}
        self.url = ""
        self.bring: Bring
        self._names = 4_912_661_846_655_238_145

    def name(self) -> int:
        self._names += 1
        return self._names

    async def tell(self, news: Mapping[str, Any], *, times: int = 1) -> Mapping[str, Any]:
        """Bring signed news; gives the answer to them."""
        body = json.dumps(news).encode()
        answers = [await self.bring(self.signature(body), body) for _ in range(times)]
        return answers[-1]

    def signature(self, body: bytes) -> Mapping[str, str]:
        raise NotImplementedError

    async def writes(self, text: str, person: str = "", *, times: int = 1) -> None:
        raise NotImplementedError

    async def goes(self, person: str = "") -> None:
        raise NotImplementedError

    def texts(self, person: str = "") -> list[str]:
        raise NotImplementedError

    def buttons(self) -> list[tuple[str, str]]:
        """Give the names and signs of the choices below the newest message that has any."""
        raise NotImplementedError

    async def presses(self, label: str, *, times: int = 1) -> None:
        raise NotImplementedError


def signed(key: str, body: bytes) -> str:
    return hmac.new(key.encode(), body, hashlib.sha256).hexdigest()


class ViberPeople(People):
    ANYBODY = "01234567890A="

    def signature(self, body: bytes) -> Mapping[str, str]:
        return {"X-Viber-Content-Signature": signed(TOKEN, body)}

    async def writes(self, text: str, person: str = "", *, times: int = 1) -> None:
        await self._message(person, {"type": "text", "text": text}, times)

    async def sends_photo(self, photo: bytes, caption: str = "", *, host: str = "") -> None:
        name = f"{self.name()}"
        self.photos[name] = photo
        media = f"{host or self.url}/media/{name}"
        await self._message("", {"type": "picture", "media": media, "text": caption, "size": len(photo)}, 1)

    async def opens(self) -> Mapping[str, Any]:
        user = {"id": self.ANYBODY, "name": "Ганна", "language": "uk"}
        return await self.tell({"event": "conversation_started", "message_token": self.name(), "user": user})

    async def goes(self, person: str = "") -> None:
        gone = {"event": "unsubscribed", "message_token": self.name(), "user_id": person or self.ANYBODY}
        await self.tell(gone)

    def texts(self, person: str = "") -> list[str]:
        return [one["text"] for one in self.said if one["receiver"] == (person or self.ANYBODY)]

    def buttons(self) -> list[tuple[str, str]]:
        shown = next((one["keyboard"] for one in reversed(self.said) if "keyboard" in one), {})
        return [(html.unescape(one["Text"]), one["ActionBody"]) for one in shown.get("Buttons", ())]

    async def presses(self, label: str, *, times: int = 1) -> None:
        sign = next(sign for shown, sign in self.buttons() if shown == label)
        for _ in range(times):
            await self.writes(sign)

    async def method(self, request: web.Request) -> web.Response:
        if request.headers.get("X-Viber-Auth-Token") != TOKEN:
            return web.json_response({"status": 2, "status_message": "invalidAuthToken"})
        given = await request.json()
        if request.match_info["method"] == "set_webhook":
            self.webhook = given
            return web.json_response({"status": 0, "status_message": "ok"})
        if self.refusals:
            return web.json_response({"status": self.refusals.pop(0), "status_message": "refused"})
        buttons = given.get("keyboard", {}).get("Buttons", ())
        if (
            not 0 < len(given["text"]) <= 7000
            or not 0 < len(given["sender"]["name"]) <= 28
            or len(buttons) > 24
            or any(len(one["Text"]) > 250 or one["Columns"] not in range(1, 7) for one in buttons)
        ):
            return web.json_response({"status": 3, "status_message": "badData"})
        self.said.append(given)
        return web.json_response({"status": 0, "status_message": "ok", "message_token": self.name()})

    async def media(self, request: web.Request) -> web.Response:
        return web.Response(body=self.photos[request.match_info["name"]], content_type="image/jpeg")

    async def _message(self, person: str, message: Mapping[str, Any], times: int) -> None:
        sender = {"id": person or self.ANYBODY, "name": "Ганна", "language": "uk", "api_version": 10}
        told = {"event": "message", "timestamp": 1, "message_token": self.name(), "sender": sender}
        await self.tell({**told, "message": message}, times=times)


class WhatsAppPeople(People):
    ANYBODY = "380677900001"

    def signature(self, body: bytes) -> Mapping[str, str]:
        return {"X-Hub-Signature-256": f"sha256={signed(APP_SECRET, body)}"}

    async def writes(self, text: str, person: str = "", *, times: int = 1) -> None:
        await self._message(person, times, type="text", text={"body": text})

    async def sends_photo(self, photo: bytes, caption: str = "") -> None:
        name = f"{self.name()}"
        self.photos[name] = photo
        image = {"id": name, "mime_type": "image/jpeg", "caption": caption}
        await self._message("", 1, type="image", image=image)

    async def goes(self, person: str = "") -> None:
        error = {"code": 131026, "title": "Message undeliverable"}
        failed = {"id": "wamid.1", "status": "failed", "errors": [error]}
        await self._value(statuses=[{**failed, "recipient_id": person or self.ANYBODY}])

    def texts(self, person: str = "") -> list[str]:
        mine = [one for one in self.said if one["to"] == (person or self.ANYBODY)]
        return [
            one["text"]["body"] if one["type"] == "text" else one["interactive"]["body"]["text"]
            for one in mine
        ]

    def buttons(self) -> list[tuple[str, str]]:
        for one in reversed(self.said):
            if one["type"] == "interactive":
                action = one["interactive"]["action"]
                rows = [row for section in action.get("sections", ()) for row in section["rows"]]
                replies = [button["reply"] for button in action.get("buttons", ())]
                return [(row.get("description", row["title"]), row["id"]) for row in [*rows, *replies]]
        return []

    async def presses(self, label: str, *, times: int = 1) -> None:
        sign = next(sign for shown, sign in self.buttons() if shown == label)
        for _ in range(times):
            reply = {"type": "list_reply", "list_reply": {"id": sign, "title": label[:24]}}
            await self._message("", 1, type="interactive", interactive=reply)

    async def messages(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response({"error": {"code": 190, "message": "token"}}, status=401)
        given = await request.json()
        if self.refusals:
            code = self.refusals.pop(0)
            return web.json_response({"error": {"code": code, "message": "refused"}}, status=400)
        if not _fits(given):
            return web.json_response({"error": {"code": 131009, "message": "parameter"}}, status=400)
        self.said.append(given)
        return web.json_response({"messages": [{"id": f"wamid.{self.name()}"}]})

    async def media(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response({"error": {"code": 190}}, status=401)
        name = request.match_info["name"]
        if "whole" in request.query:
            return web.Response(body=self.photos[name], content_type="image/jpeg")
        return web.json_response({"url": f"{self.url}/{name}?whole", "mime_type": "image/jpeg", "id": name})

    async def _message(self, person: str, times: int, **message: Any) -> None:
        one = {"from": person or self.ANYBODY, "id": f"wamid.{self.name()}", "timestamp": "1", **message}
        await self._value(times, messages=[one])

    async def _value(self, times: int = 1, **value: Any) -> None:
        metadata = {"display_phone_number": "380457915800", "phone_number_id": NUMBER_ID}
        change = {"field": "messages", "value": {"metadata": metadata, **value}}
        news = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}
        await self.tell(news, times=times)


def _fits(given: Mapping[str, Any]) -> bool:
    if given["type"] == "text":
        return 0 < len(given["text"]["body"]) <= 4096
    shown = given["interactive"]
    if shown["type"] == "button":
        buttons = [one["reply"] for one in shown["action"]["buttons"]]
        fits = 0 < len(buttons) <= 3 and all(0 < len(one["title"]) <= 20 for one in buttons)
        return fits and 0 < len(shown["body"]["text"]) <= 1024
    rows = [row for section in shown["action"]["sections"] for row in section["rows"]]
    return (
        0 < len(rows) <= 10
        and all(0 < len(one["title"]) <= 24 and len(one.get("description", "")) <= 72 for one in rows)
        and len({one["id"] for one in rows}) == len(rows)
        and 0 < len(shown["action"]["button"]) <= 20
        and 0 < len(shown["body"]["text"]) <= 4096
    )


@asynccontextmanager
async def viber_people() -> AsyncIterator[ViberPeople]:
    people, app = ViberPeople(), web.Application()
    app.router.add_post("/pa/{method}", people.method)
    app.router.add_get("/media/{name}", people.media)
    async with TestServer(app) as listening:
        people.url = str(listening.make_url("")).rstrip("/")
        yield people


@asynccontextmanager
async def whatsapp_people() -> AsyncIterator[WhatsAppPeople]:
    people, app = WhatsAppPeople(), web.Application()
    app.router.add_post(f"/{NUMBER_ID}/messages", people.messages)
    app.router.add_get("/{name}", people.media)
    async with TestServer(app) as listening:
        people.url = str(listening.make_url("")).rstrip("/")
        yield people
