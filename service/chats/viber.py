"""Viber's REST API for bots (https://developers.viber.com/docs/api/rest-bot-api/)."""

import html
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import msgspec
from attrs import define

from hotline.chats.chats import Button, Medium
from hotline.chats.messengers import Brought, Letter, NotGiven, NotReached, SentPhoto, in_parts
from hotline.voice.speech import Language
from ivr_flows.languages import in_chat
from service.chats.gateway import (
    LONG_PAUSE,
    PAUSE,
    Asking,
    Gone,
    News,
    Opened,
    choice_in,
    photo_at,
    signed,
    texts_of,
)

SIGNATURE = "X-Viber-Content-Signature"
TOKEN = "X-Viber-Auth-Token"  # noqa: S105 - a header's name
LONGEST_TEXT = 6000
"""Letters of one message; Viber takes 7,000."""
CLIENTS = 6
"""The version of a telephone's Viber (2018) from which on a button's sign stands in no message of theirs."""
TAKEN, WRONG_TOKEN, TOO_MANY = 0, 2, 12
UNREACHED = frozenset({5, 6, 11})
"""Statuses: not registered, not subscribed any more, no telephone that could show it."""
HOSTS = ("viber.com",)


class _Person(msgspec.Struct):
    id: str
    language: str = ""


class _Message(msgspec.Struct):
    type: str = ""
    text: str = ""
    media: str = ""
    size: int = 0


class _Callback(msgspec.Struct):
    event: str = ""
    message_token: int = 0
    sender: _Person | None = None
    user: _Person | None = None
    user_id: str = ""
    message: _Message | None = None


@define(frozen=True, repr=False, kw_only=True)
class Viber:
    """`service.chats.gateway.Format` of Viber: it proves no number, since anybody's contact may be sent."""

    _token: str
    _name: str
    """The sender's name, as people see it."""
    _url: str

    @property
    def medium(self) -> Medium:
        return Medium.VIBER

    def proves(self, headers: Mapping[str, str], news: bytes) -> bool:
        return signed(self._token, news, headers.get(SIGNATURE, ""))

    def read(self, news: bytes) -> Sequence[News]:
        came = msgspec.json.decode(news, type=_Callback)
        match came:
            case _Callback(event="message", sender=_Person() as who, message=_Message() as message):
                return [self._brought(str(came.message_token), who, message)]
            case _Callback(event="unsubscribed") if came.user_id:
                return [Gone(address=came.user_id)]
            case _Callback(event="conversation_started", user=_Person() as who):
                return [Opened(language=_language(who))]
        return []

    def written(self, letter: Letter) -> Sequence[Asking]:
        parts = in_parts(texts_of(letter), LONGEST_TEXT)
        shown = _keyboard(letter.buttons, letter.seen)
        return [
            *(self.said(letter.chat.address, one) for one in parts[:-1]),
            self._sent(letter.chat.address, parts[-1], **shown),
        ]

    def said(self, address: str, text: str) -> Asking:
        return self._sent(address, text)

    def judge(self, status: int, answer: Any) -> None:
        said = answer.get("status") if isinstance(answer, dict) else None
        if said == TAKEN:
            return
        why = f"answered {status}, status {said}"
        if said in UNREACHED:
            raise NotReached(why)
        raise NotGiven(why, after=PAUSE if said == TOO_MANY else LONG_PAUSE if said == WRONG_TOKEN else 0.0)

    def opening(self, language: Language) -> Mapping[str, Any]:
        begin = Button(key="*", label=in_chat("chat-begin", language))
        return self._content(in_chat("chat-opened", language), **_keyboard([begin], None))

    def subscription(self, url: str) -> Asking | None:
        wanted = ["conversation_started", "unsubscribed"]
        content = {"url": url, "event_types": wanted, "send_name": False, "send_photo": False}
        return Asking(url=f"{self._url}/pa/set_webhook", content=content, headers={TOKEN: self._token})

    def _brought(self, name: str, who: _Person, message: _Message) -> Brought:
        pressed = choice_in(message.text)
        return Brought(
            medium=Medium.VIBER,
            address=who.id,
            name=name,
            text="" if pressed else message.text,
            choice=pressed[0] if pressed else "",
            seen=pressed[1] if pressed else None,
            photo=self._photo(message),
            language=_language(who),
        )

    def _photo(self, message: _Message) -> SentPhoto | None:
        if message.type != "picture" or not message.media:
            return None  # a file, a voice or a sticker: words are asked for
        return photo_at(message.media, message.size, (*HOSTS, urlsplit(self._url).hostname or ""), {})

    def _sent(self, address: str, text: str, **more: Any) -> Asking:
        content = {"receiver": address, **self._content(text, **more)}
        return Asking(url=f"{self._url}/pa/send_message", content=content, headers={TOKEN: self._token})

    def _content(self, text: str, **more: Any) -> Mapping[str, Any]:
        sender = {"name": self._name}
        return {"type": "text", "text": text, "sender": sender, "min_api_version": CLIENTS, **more}


def _keyboard(buttons: Sequence[Button], seen: int | None) -> Mapping[str, Any]:
    """Put each choice into a row of its own; it knows behind which line of the chat it stands.

    None: nothing stands before it, and its words are written.
    """
    rows = [
        {
            "Columns": 6,
            "Rows": 1,
            "ActionType": "reply",
            "ActionBody": one.label if seen is None else f"{seen}:{one.key}",
            "Silent": seen is not None,
            "Text": html.escape(one.label, quote=False),
        }
        for one in buttons
    ]
    return {"keyboard": {"Type": "keyboard", "DefaultHeight": False, "Buttons": rows}} if rows else {}


def _language(who: _Person) -> Language:
    return Language.ENGLISH if who.language.startswith("en") else Language.UKRAINIAN
