"""A gateway of short messages, as its description says: a TOML file that fits any gateway over HTTP.

url = "https://gateway.example/messages"
body = "json"                        # json, form or query
number = "digits"                    # 380671234567; or e164: +380671234567
idempotent = true                    # the same key twice is one message
[headers]
Authorization = "Bearer {secret}"
[fields]
to = "{to}"
text = "{text}"
reference = "{key}"
[answer]
id = "messages.0.id"                 # where its name for the message stands
[ask]                                # may be missing
url = "https://gateway.example/messages/{key}"     # by our {key}, or by its {id}
state = "status"
[report]                             # may be missing; see /hooks/sms in docs/operations.md
id = "id"
state = "status"
[incoming]                           # may be missing; what residents send, see /hooks/sms-in there
id = "message_id"
from = "msisdn"
text = "text"
[states]
delivered = ["delivered"]
failed = ["undelivered", "expired"]
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from hotline.delivery.handing_over import Known
from hotline.errors import SettingsError

Fields = Mapping[str, Any]
_KNOWN = frozenset({"to", "text", "key", "sender", "secret", "id"})
_SAMPLE = dict.fromkeys(_KNOWN, "x")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayRequest:
    """One request: `body` says how the fields are sent, `{…}` in all of it is filled in."""

    url: str
    method: str = "POST"
    body: str = "json"
    headers: Mapping[str, str] = field(default_factory=dict)
    fields: Fields = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayAnswer:
    """The place of the message's id in an answer, and the values that mean a refusal.

    `ok` are the values of `check` that mean yes; without `check` the HTTP status alone says it.
    """

    id: str = ""
    check: str = ""
    ok: Sequence[str] = ()
    refused: Sequence[str] = ()
    """Values of `check` that mean: never, for this number or text. Others mean: not now."""
    again: frozenset[int] = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
    """HTTP statuses after which the gateway surely has nothing, and is tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class States:
    """The meaning of the gateway's states; an unlisted state means that the message is still on its way."""

    delivered: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    """The gateway never had the message; so does the HTTP status 404."""

    def known(self, said: str) -> Known:
        """Tell what the gateway's word means."""
        for known, words in (
            (Known.DELIVERED, self.delivered),
            (Known.FAILED, self.failed),
            (Known.UNKNOWN, self.unknown),
        ):
            if said.lower() in words:
                return known
        return Known.TAKEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """How to ask about a message, and the place of its state in the answer."""

    request: GatewayRequest
    state: str
    id: str = ""

    @property
    def by_key(self) -> bool:
        return "{key}" in f"{self.request.url}{self.request.fields}"


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayReport:
    """The place of id and state in a report that the gateway sends by itself."""

    id: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayIncoming:
    """The places of name, sender and text in a resident's message that the gateway brings."""

    id: str
    sender: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayPlan:
    """The whole description."""

    send: GatewayRequest
    answer: GatewayAnswer
    states: States
    number: str
    idempotent: bool
    seconds: float
    ask: Ask | None
    report: GatewayReport | None
    incoming: GatewayIncoming | None = None


def read_gateway(file: Path) -> GatewayPlan:
    """Read and check a description; raises SettingsError that names the file and the mend."""
    try:
        read = tomllib.loads(file.read_text("utf-8"))
        return _plan(read)
    except OSError as error:
        raise SettingsError(f"HOTLINE_SMS_GATEWAY: {file}: {error.strerror}.") from error
    except (ValueError, TypeError, KeyError) as error:
        raise SettingsError(f"HOTLINE_SMS_GATEWAY: {file} cannot be used: {error}.") from error


def _plan(read: dict[str, Any]) -> GatewayPlan:
    headers = read.pop("headers", {})
    send = _request(
        {name: read.pop(name) for name in ("url", "method", "body", "fields") if name in read}, headers
    )
    answer = read.pop("answer", {})
    if "again" in answer:
        answer["again"] = frozenset(map(int, answer["again"]))
    ask, report, incoming = (read.pop(name, None) for name in ("ask", "report", "incoming"))
    states = {name: frozenset(map(str.lower, values)) for name, values in read.pop("states", {}).items()}
    plan = GatewayPlan(
        send=send,
        answer=GatewayAnswer(**answer),
        states=States(**states),
        number=read.pop("number", "digits"),
        idempotent=bool(read.pop("idempotent", False)),
        seconds=float(read.pop("timeout_seconds", 20.0)),
        ask=None if ask is None else _ask(ask, headers),
        report=None if report is None else GatewayReport(**report),
        incoming=None if incoming is None else _incoming(incoming),
    )
    if read:
        raise ValueError(f"nobody knows {', '.join(sorted(read))}")
    if plan.number not in ("digits", "e164"):
        raise ValueError('number is "digits" or "e164"')
    if not any(name in f"{send.url}{send.fields}" for name in ("{to}",)):
        raise ValueError("{to} stands nowhere: the gateway would not know whom to tell")
    return plan


def _incoming(read: dict[str, Any]) -> GatewayIncoming:
    return GatewayIncoming(sender=read.pop("from"), **read)


def _ask(read: dict[str, Any], headers: Mapping[str, str]) -> Ask:
    state, name = read.pop("state"), read.pop("id", "")
    ask = Ask(request=_request({"method": "GET", "body": "query", **read}, headers), state=state, id=name)
    if not ask.by_key and "{id}" not in f"{ask.request.url}{ask.request.fields}":
        raise ValueError("[ask] needs {key} or {id} in its url or fields")
    return ask


def _request(read: dict[str, Any], headers: Mapping[str, str]) -> GatewayRequest:
    request = GatewayRequest(**{"headers": headers, **read})
    address = urlsplit(request.url)
    if address.scheme != "https" and not (address.scheme == "http" and address.hostname in _LOOPBACK):
        raise ValueError(f"{request.url}: give an https:// address")
    if request.body not in ("json", "form", "query"):
        raise ValueError('body is "json", "form" or "query"')
    filled((request.url, request.headers, request.fields), _SAMPLE)  # a wrong name is found at once
    return request


def filled(template: Any, values: Mapping[str, str]) -> Any:
    """Fill `{…}` in, in texts, lists and tables; KeyError for a name that nobody knows."""
    match template:
        case str():
            return template.format_map(values)
        case Mapping():
            return {name: filled(one, values) for name, one in template.items()}
        case list() | tuple():
            return [filled(one, values) for one in template]
        case _:
            return template


def found_at(answer: Any, path: str) -> str:
    """Return the value at a path such as `messages.0.id`, as text; empty when there is none."""
    for name in path.split(".") if path else []:
        if isinstance(answer, Mapping):
            answer = answer.get(name)
        elif isinstance(answer, list) and name.isdecimal() and int(name) < len(answer):
            answer = answer[int(name)]
        else:
            return ""
    return "" if answer is None or isinstance(answer, (Mapping, list)) else str(answer)
