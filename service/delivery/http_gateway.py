"""Short messages by any gateway over HTTP that a description fits (`gateway_plan`)."""

import json
import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import aiohttp

from hotline.contact.numbers import begins_with
from hotline.delivery.handing_over import Known, Message, NotTaken, Refused, Unclear, Word
from service.asking import retry_after
from service.delivery.gateway_plan import GatewayPlan, GatewayRequest, filled, found_at

MOST_BYTES = 65_536
"""Of an answer; more than that no gateway has to say."""
_OURS = frozenset(
    {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
)
"""Our settings are wrong, or what we pay for has ended: the next message would fare no better."""
_TAKEN_BEFORE = HTTPStatus.CONFLICT

log = logging.getLogger(__name__)


class HttpGateway:
    """`hotline.delivery.handing_over.Carrier` over HTTP. Its session is closed by its opener."""

    def __init__(
        self,
        plan: GatewayPlan,
        session: aiohttp.ClientSession,
        *,
        sender: str,
        secret: str,
        only_to: Sequence[str] = ("+",),
    ) -> None:
        self._plan = plan
        self._only_to = only_to
        self._session = session
        self._values = {"sender": sender, "secret": secret}
        self._timeout = aiohttp.ClientTimeout(total=plan.seconds)

    @property
    def repeatable(self) -> bool:
        return self._plan.idempotent

    @property
    def asks_by_key(self) -> bool:
        return self._plan.ask is not None and self._plan.ask.by_key

    @property
    def asks_by_id(self) -> bool:
        return self._plan.ask is not None

    async def hand_over(self, message: Message) -> str:
        if not begins_with(message.address, self._only_to):
            raise Refused("No short message goes to such a number: HOTLINE_SMS_PREFIXES.")
        to = message.address.lstrip("+") if self._plan.number == "digits" else message.address
        values = {"to": to, "text": message.text, "key": message.key, "id": ""}
        status, retry, answer = await self._send(self._plan.send, values)
        if status == _TAKEN_BEFORE and self._plan.idempotent:
            return found_at(answer, self._plan.answer.id)
        if status in self._plan.answer.again or status in _OURS:
            raise NotTaken(f"gateway answered {status}", theirs=True, after=retry)
        if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Refused(f"gateway answered {status}: {_excerpt(answer)}")
        if status != HTTPStatus.OK and not HTTPStatus.OK < status < HTTPStatus.MULTIPLE_CHOICES:
            raise Unclear(f"gateway answered {status}")
        self._check(answer)
        return found_at(answer, self._plan.answer.id)

    async def ask(self, *, key: str, provider_id: str) -> Word:
        plan = self._plan.ask
        if plan is None:
            return Word(known=Known.UNKNOWN)
        try:
            asked = {"key": key, "id": provider_id, "to": "", "text": ""}
            status, retry, answer = await self._send(plan.request, asked)
        except Unclear as error:
            raise NotTaken(str(error), theirs=True) from error
        if status == HTTPStatus.NOT_FOUND:
            return Word(known=Known.UNKNOWN)
        if status != HTTPStatus.OK:
            raise NotTaken(f"gateway answered {status} when asked", theirs=True, after=retry)
        said = found_at(answer, plan.state)
        return Word(
            known=self._plan.states.known(said),
            provider_id=found_at(answer, plan.id) or provider_id,
            said=said,
        )

    def _check(self, answer: Any) -> None:
        """Raise Refused or NotTaken for an answer that says no though its status says yes."""
        plan = self._plan.answer
        if not plan.check:
            return
        said = found_at(answer, plan.check)
        if said in plan.refused:
            raise Refused(f"gateway says {said}")
        if said not in plan.ok:
            raise NotTaken(f"gateway says {said or 'nothing that we understand'}", theirs=True)

    async def _send(
        self, request: GatewayRequest, values: Mapping[str, str]
    ) -> tuple[int, timedelta | None, Any]:
        """Send it; HTTP status, how long we are asked to wait, and the answer. NotTaken, or Unclear."""
        everything = self._values | dict(values)
        fields = filled(request.fields, everything)
        url = filled(request.url, {name: quote(value, safe="") for name, value in everything.items()})
        sent: dict[str, Any] = {"json" if request.body == "json" else "data": fields}
        if request.body == "query":
            sent = {"params": fields}
        try:
            async with self._session.request(
                request.method,
                url,
                headers=filled(request.headers, everything),
                timeout=self._timeout,
                allow_redirects=False,  # the secret goes only to the host it was given for
                **(sent if fields else {}),
            ) as answered:
                body = await answered.content.read(MOST_BYTES)
                return answered.status, retry_after(answered.headers), _read(body)
        except aiohttp.ClientConnectorError as error:
            raise NotTaken(f"gateway not reached: {error.os_error.strerror}", theirs=True) from error
        except (aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            raise NotTaken(f"gateway not reached: {error}", theirs=True) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unclear(f"gateway gave no answer: {type(error).__name__}") from error


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")


def _excerpt(answer: Any) -> str:
    text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
    return " ".join(text.split())[:200]
