"""Documents are handed over to the addresses of webhooks, signed, and only to where may be connected to."""

import json
import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

import aiohttp
from attrs import define, field

from hotline.access.good_tokens import GoodTokens
from hotline.access.networks import Networks
from hotline.access.tokens import Token
from hotline.clock import Clock
from hotline.delivery.handing_over import Known, Message, NotTaken, Refused, Word
from hotline.delivery.outbox import Notice
from hotline.errors import NotFound
from hotline.webhooks.signing import headers
from hotline.webhooks.states import WebhookState
from hotline.webhooks.webhook import EVENTS, Webhook, Webhooks, given_up_notice, webhook_of
from service.asking import retry_after
from service.delivery.pace import Breaker
from service.webhooks.reaching import NotReached, require_reachable

ANSWER_SECONDS = 15.0
_NOTED_EVERY = timedelta(minutes=1)
_MOST_BYTES = 16_384
"""Of an answer, which is not read further: its status says all."""
USER_AGENT = "hotline-webhooks/1"

log = logging.getLogger(__name__)


def document_of(notice: Notice) -> Message:
    """Make the message of a notice: the webhook in the place of an address, the document as JSON."""
    document = notice.facts["document"]
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return Message(
        key=notice.key, address=notice.to, subject=str(document["id"]), text=text, at=notice.owed_at
    )


@define(eq=False, repr=False, kw_only=True)
class WebhookCarrier:
    """`hotline.delivery.handing_over.Carrier` to webhooks; the receiver knows by `webhook-id` what it has.

    Each webhook rests by itself while it fails (`hold`), so that one that is dead delays no other.
    """

    _webhooks: Webhooks
    _tokens: GoodTokens
    _session: aiohttp.ClientSession
    _clock: Clock
    _networks: Networks
    _seconds: Callable[[], float] = time.monotonic
    _rests: dict[int, Breaker] = field(factory=dict, init=False)
    repeatable: bool = field(default=True, init=False)
    asks_by_key: bool = field(default=False, init=False)
    asks_by_id: bool = field(default=False, init=False)

    def hold(self, notice: Notice) -> datetime | None:
        """Tell until when a notice waits because its webhook rests; None: it may be tried."""
        rest = self._rests.get(webhook_of(notice.to) or 0)
        if rest is None or not rest.open:
            return None
        return self._clock.now() + timedelta(seconds=rest.left)

    async def hand_over(self, message: Message) -> str:
        """Post the document; raises NotTaken, or Refused where it is for nobody any more."""
        webhook, token = await self._whose(message)
        rest = self._rests.get(webhook.id)
        if rest is not None and rest.open:  # it failed since this was claimed
            raise NotTaken("it rests", after=timedelta(seconds=rest.left))
        at, body = self._clock.now(), message.text.encode()
        signed = headers(webhook.secrets(at), message.subject, at, body)
        try:
            status, after = await self._post(webhook.address, signed, body)
        except (OSError, aiohttp.ClientError, TimeoutError) as error:
            raise await self._failed(webhook, token, _said(error), None) from error
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            await self._worked(webhook, at)
            return ""
        if status == HTTPStatus.GONE:
            await self._give_up(webhook, token, "answered 410: gone")
        raise await self._failed(webhook, token, f"answered {status}", after)

    async def ask(self, *, key: str, provider_id: str) -> Word:
        """Nobody is asked: what is not known to have arrived is sent once more."""
        del key, provider_id
        return Word(known=Known.UNKNOWN)

    async def _whose(self, message: Message) -> tuple[Webhook, Token]:
        """Find the webhook, on, with a token that may still see this; raises Refused or NotTaken."""
        try:
            webhook = await self._webhooks.get(webhook_of(message.address) or 0)
        except NotFound as error:
            raise Refused("the webhook has ended") from error
        if webhook.state is not WebhookState.ON:
            raise NotTaken("the webhook was turned off meanwhile")
        token = (await self._tokens.those({webhook.token_id})).get(webhook.token_id)
        needed = EVENTS.get(json.loads(message.text)["type"])
        if token is None or (needed is not None and not token.opens(needed)):
            raise Refused("its token opens this no more")
        return webhook, token

    async def _post(
        self, address: str, signed: Mapping[str, str], body: bytes
    ) -> tuple[int, timedelta | None]:
        require_reachable(urlsplit(address).hostname or "", self._networks)
        async with self._session.post(
            address,
            data=body,
            headers={**signed, "Content-Type": "application/json", "User-Agent": USER_AGENT},
            timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS),
            allow_redirects=False,
        ) as answer:
            await answer.content.read(_MOST_BYTES)
            return answer.status, retry_after(answer.headers)

    async def _worked(self, webhook: Webhook, at: datetime) -> None:
        if rest := self._rests.pop(webhook.id, None):
            rest.worked()
        seldom = webhook.delivered_at is None or at - webhook.delivered_at >= _NOTED_EVERY
        if seldom or webhook.failing_since is not None:
            await self._webhooks.worked(webhook.id, at)

    async def _failed(self, webhook: Webhook, token: Token, fault: str, after: timedelta | None) -> NotTaken:
        now = self._clock.now()
        failing = webhook
        if webhook.failing_since is None or webhook.fault != fault:
            failing = await self._webhooks.failed(webhook.id, now, fault)
        if failing.given_up(now):
            await self._give_up(failing, token, fault)
        pause = self._rests.setdefault(webhook.id, Breaker(self._seconds)).failed(after)
        log.warning("webhook failed id=%d again_in=%.0fs reason=%s", webhook.id, pause, fault)
        return NotTaken(fault, after=after)

    async def _give_up(self, webhook: Webhook, token: Token, fault: str) -> None:
        now = self._clock.now()
        notice = given_up_notice(webhook, token.name, fault, now)
        await self._webhooks.give_up(webhook.id, now, fault, notice)
        log.warning("webhook given up id=%d reason=%s", webhook.id, fault)


def _said(error: Exception) -> str:
    """Say shortly why nothing was sent; nothing of the address stands in it."""
    match error:
        case NotReached():
            return str(error)
        case TimeoutError():
            return "no answer in time"
        case aiohttp.ClientConnectorCertificateError():
            return "its certificate is not trusted"
        case aiohttp.ClientConnectorError() if isinstance(error.os_error, NotReached):
            return str(error.os_error)
        case aiohttp.ClientConnectorError():
            return f"not reached: {error.os_error.strerror or type(error.os_error).__name__}"
        case _:
            return f"broke off: {type(error).__name__}"
