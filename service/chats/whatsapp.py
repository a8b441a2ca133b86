"""WhatsApp's Cloud API (https://developers.facebook.com/docs/whatsapp/cloud-api)."""

import hmac
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import msgspec
from attrs import define

from hotline.chats.chats import Button, Medium
from hotline.chats.messengers import (
    Brought,
    Letter,
    NotFetched,
    NotGiven,
    NotReached,
    SentPhoto,
    in_parts,
)
from hotline.contact.numbers import e164
from hotline.voice.speech import Language
from ivr_flows.languages import in_chat
from service.chats.gateway import (
    LONG_PAUSE,
    MOST_BYTES,
    PAUSE,
    Asking,
    Gone,
    News,
    choice_in,
    fetched,
    signed,
    texts_of,
)

SIGNATURE, PREFIX = "X-Hub-Signature-256", "sha256="
LONGEST_TEXT = 4000
"""Letters of one message; WhatsApp takes 4,096."""
LONGEST_QUESTION = 1000
"""Letters of a message with choices; WhatsApp takes 1,024."""
MOST_BUTTONS, LONGEST_BUTTON = 3, 20
MOST_ROWS, LONGEST_ROW, LONGEST_BELOW = 10, 24, 72
UNREACHED = frozenset({131026, 131030, 131047})
"""Errors: no WhatsApp of theirs takes it, they are not ours to write to, they wrote longer ago than a day."""
TOO_MANY = frozenset({4, 80007, 130429, 131048, 131056})
WRONG_TOKEN = frozenset({10, 190})
HOSTS = ("fbsbx.com", "facebook.com", "whatsapp.net")
_WORDLESS = frozenset({"reaction", "system", "ephemeral"})
"""Messages that say nothing which anybody could answer."""


class _Text(msgspec.Struct):
    body: str = ""


class _Reply(msgspec.Struct):
    id: str = ""


class _Interactive(msgspec.Struct):
    button_reply: _Reply | None = None
    list_reply: _Reply | None = None


class _Media(msgspec.Struct):
    id: str = ""
    mime_type: str = ""
    caption: str = ""


class _Message(msgspec.Struct):
    id: str = ""
    sender: str = msgspec.field(name="from", default="")
    type: str = ""
    text: _Text | None = None
    interactive: _Interactive | None = None
    image: _Media | None = None
    document: _Media | None = None


class _Error(msgspec.Struct):
    code: int = 0


class _Status(msgspec.Struct):
    status: str = ""
    recipient_id: str = ""
    errors: list[_Error] = []


class _Metadata(msgspec.Struct):
    phone_number_id: str = ""


class _Value(msgspec.Struct):
    metadata: _Metadata | None = None
    messages: list[_Message] = []
    statuses: list[_Status] = []


class _Change(msgspec.Struct):
    value: _Value


class _Entry(msgspec.Struct):
    changes: list[_Change] = []


class _News(msgspec.Struct):
    entry: list[_Entry] = []


class _Answer(msgspec.Struct):
    error: _Error | None = None


@define(frozen=True, repr=False, kw_only=True)
class WhatsApp:
    """`service.chats.gateway.Format` of WhatsApp: who writes is known by their number."""

    _token: str
    _app_secret: str
    _number_id: str
    _verify: str
    _url: str

    @property
    def medium(self) -> Medium:
        return Medium.WHATSAPP

    def challenged(self, asked: Mapping[str, str]) -> str | None:
        """Give the word by which Meta sees that the address is ours; None for who does not know ours."""
        known = asked.get("hub.verify_token", "").encode("utf-8", "surrogateescape")
        if asked.get("hub.mode") != "subscribe" or not hmac.compare_digest(known, self._verify.encode()):
            return None
        return asked.get("hub.challenge", "")

    def proves(self, headers: Mapping[str, str], news: bytes) -> bool:
        given = headers.get(SIGNATURE, "")
        return given.startswith(PREFIX) and signed(self._app_secret, news, given.removeprefix(PREFIX))

    def read(self, news: bytes) -> Sequence[News]:
        changes = [one for entry in msgspec.json.decode(news, type=_News).entry for one in entry.changes]
        ours = [
            one.value
            for one in changes
            if one.value.metadata is not None and one.value.metadata.phone_number_id == self._number_id
        ]
        found: list[News] = []
        for value in ours:
            found += [came for one in value.messages if (came := self._brought(one)) is not None]
            found += [
                Gone(address=f"+{one.recipient_id}")
                for one in value.statuses
                if one.status == "failed" and any(error.code in UNREACHED for error in one.errors)
            ]
        return found

    def written(self, letter: Letter) -> Sequence[Asking]:
        address, parts = letter.chat.address, list(in_parts(texts_of(letter), LONGEST_TEXT))
        if not letter.buttons:
            return [self.said(address, one) for one in parts]
        if len(letter.buttons) > MOST_ROWS:
            rows = "\n".join(f"{one.key} — {one.label}" for one in letter.buttons)
            return [self.said(address, one) for one in [*parts, rows]]
        *before, last = parts
        *more, question = in_parts(last, LONGEST_QUESTION)
        shown = _choices(letter.buttons, letter.seen, letter.chat.language)
        return [
            *(self.said(address, one) for one in [*before, *more]),
            self._sent(address, "interactive", {**shown, "body": {"text": question}}),
        ]

    def said(self, address: str, text: str) -> Asking:
        return self._sent(address, "text", {"body": text, "preview_url": False})

    def judge(self, status: int, answer: Any) -> None:
        try:
            error = msgspec.convert(answer, _Answer).error
        except msgspec.ValidationError:
            raise NotGiven(f"answered {status}") from None
        if error is None and status < 400:  # noqa: PLR2004 - an HTTP status
            return
        code = 0 if error is None else error.code
        if code in UNREACHED:
            raise NotReached(f"error {code}")
        after = PAUSE if code in TOO_MANY else LONG_PAUSE if code in WRONG_TOKEN else 0.0
        raise NotGiven(f"answered {status}, error {code}", after=after)

    def opening(self, language: Language) -> Mapping[str, Any]:
        del language
        return {}

    def subscription(self, url: str) -> Asking | None:
        del url
        return None

    def _brought(self, one: _Message) -> Brought | None:
        number = e164(f"+{one.sender.lstrip('+')}")
        if number is None or not one.id or one.type in _WORDLESS:
            return None
        replied = one.interactive and (one.interactive.button_reply or one.interactive.list_reply)
        pressed = choice_in(replied.id) if replied else None
        picture = one.image or one.document
        text = one.text.body if one.text else picture.caption if picture else ""
        return Brought(
            medium=Medium.WHATSAPP,
            address=number,
            name=one.id,
            text=text,
            choice=pressed[0] if pressed else "",
            seen=pressed[1] if pressed else None,
            photo=self._photo(picture),
        )

    def _photo(self, picture: _Media | None) -> SentPhoto | None:
        if picture is None or not picture.mime_type.startswith("image/") or not picture.id.isalnum():
            return None
        name = picture.id
        return SentPhoto(fetch=lambda: self._fetched(name))

    async def _fetched(self, name: str) -> AsyncIterator[bytes]:
        """Bring a picture: where it lies is asked of the interface first, and good for minutes."""
        hosts = (*HOSTS, urlsplit(self._url).hostname or "")
        told = b""
        async for piece in fetched(f"{self._url}/{name}", hosts, self._headers):
            told += piece
            if len(told) > MOST_BYTES:
                raise NotFetched("nobody says shortly where it lies")
        try:
            there = str(json.loads(told)["url"])
        except (ValueError, KeyError, TypeError):
            raise NotFetched("nobody says where it lies") from None
        async for piece in fetched(there, hosts, self._headers):
            yield piece

    @property
    def _headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    def _sent(self, address: str, kind: str, content: Mapping[str, Any]) -> Asking:
        return Asking(
            url=f"{self._url}/{self._number_id}/messages",
            content={
                "messaging_product": "whatsapp",
                "recipient_type": "individual",
                "to": address.removeprefix("+"),
                "type": kind,
                kind: content,
            },
            headers=self._headers,
        )


def _choices(buttons: Sequence[Button], seen: int, language: Language) -> Mapping[str, Any]:
    """Offer the choices: as buttons, or as a list where they are many or long."""
    if len(buttons) <= MOST_BUTTONS and all(len(one.label) <= LONGEST_BUTTON for one in buttons):
        rows = [
            {"type": "reply", "reply": {"id": f"{seen}:{one.key}", "title": one.label}} for one in buttons
        ]
        return {"type": "button", "action": {"buttons": rows}}
    listed = [{"id": f"{seen}:{one.key}", **_row(one.label)} for one in buttons]
    choose = in_chat("chat-choose", language)
    return {"type": "list", "action": {"button": choose, "sections": [{"rows": listed}]}}


def _row(label: str) -> Mapping[str, str]:
    """Give a row its title, and the whole words below it where they are longer."""
    if len(label) <= LONGEST_ROW:
        return {"title": label}
    return {"title": f"{label[: LONGEST_ROW - 1]}…", "description": label[:LONGEST_BELOW]}
