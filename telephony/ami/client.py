"""AMI through panoramisk: failed actions raise, events come in order through one bounded queue.

panoramisk would start a task per callback and reconnect behind our back; here one plain callback fills the
queue, and a lost connection ends `read`, so that the owner connects anew and re-reads what is alive.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from attrs import define
from panoramisk.ami_protocol import AMIProtocol
from panoramisk.manager import Manager

from hotline.errors import CallGone, TelephonyError
from telephony.ami.messages import AmiEvent, FallbackCaller, read_event
from telephony.lived_time import Patience

log = logging.getLogger(__name__)

EVENTS_HELD = 10_000
ACTION_SECONDS = 5.0
QUEUE = "hotline"


class AmiUnavailable(TelephonyError):  # noqa: N818 - says what is the matter
    """Asterisk's manager interface cannot be reached."""

    code = "ami-unavailable"
    retriable = True


class AmiRefused(TelephonyError):  # noqa: N818 - says what happened
    """Asterisk refused a manager action."""

    code = "ami-refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class AmiAddress:
    """The address of AMI, and our credentials."""

    host: str
    port: int
    user: str
    secret: str


class AmiProtocol(AMIProtocol):  # type: ignore[misc]  # panoramisk is untyped
    """Panoramisk's reader, which a header that comes twice (a list) would end, and the connection with it.

    Asterisk writes each header of an event once, and each answer has one id: what has two is none of its own.
    """

    def handle_message(self, message: Any) -> None:
        if isinstance(message.id, list) or (
            "event" in message and any(isinstance(value, list) for value in message.values())
        ):
            log.warning("ami message passed over headers=%s", sorted(message))
        else:
            super().handle_message(message)


class _OneConnection(Manager):  # type: ignore[misc]  # panoramisk is untyped
    """A panoramisk manager that lives as long as one connection does."""

    def __init__(self, messages: "asyncio.Queue[Any]", **config: Any) -> None:
        super().__init__(**config)
        self._messages = messages

    def connection_lost(self, exc: Exception | None) -> None:
        log.info("ami connection ended reason=%s", exc)
        if self.pinger:
            self.pinger.cancel()
        if self._messages.full():
            self._messages.get_nowait()  # the news of the end matters more than the oldest event
        self._messages.put_nowait(None)


@define(eq=False, repr=False)
class AmiConnection:
    """An open manager connection."""

    _manager: Manager
    _messages: "asyncio.Queue[Any]"

    async def events(self) -> AsyncIterator[AmiEvent]:
        """Yield Asterisk's events, in order, until the connection is lost."""
        while (message := await self._messages.get()) is not None:
            event = read_event(message)
            if event is not None:
                yield event

    async def absolute_timeout(self, channel: str, seconds: int) -> None:
        """Set the lease: Asterisk takes the channel back after these seconds, counted from now."""
        await self._act("AbsoluteTimeout", channel=channel, timeout=seconds)

    async def renew(self, channels: Sequence[str], seconds: int) -> None:
        """Set the leases of several at once; who hung up in this very moment is passed over."""
        action = "AbsoluteTimeout"
        asked = [self._ask(action, {"channel": one, "timeout": seconds}, as_list=False) for one in channels]
        for answer in await _answered(action, asyncio.gather(*asked)):
            if not answer.success:
                with contextlib.suppress(CallGone):
                    _refuse(action, answer.message)

    async def mute_recording(self, channel: str, *, muted: bool) -> None:
        """Have what MixMonitor records of the channel be silence, or sound again; its time goes on.

        Asterisk asks for `call` or `system`: the account has the former.
        """
        await self._act("MixMonitorMute", channel=channel, direction="both", state=int(muted))

    async def redirect(self, channel: str, context: str) -> None:
        """Send a channel to `s` of a dialplan context, out of any application or bridge."""
        await self._act("Redirect", channel=channel, context=context, exten="s", priority=1)

    async def queue_add(self, member: str, name: str) -> None:
        await self._act("QueueAdd", queue=QUEUE, interface=member, membername=name)

    async def queue_remove(self, member: str) -> None:
        await self._act("QueueRemove", queue=QUEUE, interface=member)

    async def queue_members(self) -> set[str]:
        """Interfaces of the fallback queue's members."""
        rows = await self._list("QueueStatus", queue=QUEUE)
        return {row.location for row in rows if row.event == "QueueMember"}

    async def registrations(self, endpoint: str) -> dict[str, tuple[str, str]]:
        """Read the registrations at an endpoint's aor of the same name: their ends and SIP calls, by contact.

        A phone that registers once more has the same contact, with another moment or call.
        """
        contacts = [one for one in (await self._variable(f"PJSIP_AOR({endpoint},contact)")).split(",") if one]
        return {
            one: (
                await self._variable(f"PJSIP_CONTACT({one},expiration_time)"),
                await self._variable(f"PJSIP_CONTACT({one},call_id)"),
            )
            for one in contacts
        }

    async def _variable(self, name: str) -> str:
        return str((await self._act("Getvar", variable=name)).value)

    async def fallback_callers(self) -> list[FallbackCaller]:
        """List the callers in Asterisk's own queue, and in that before it in which nobody is rung."""
        rows = await self._list("QueueStatus")
        found = [read_event(row) for row in rows if row.event == "QueueEntry"]
        return [caller for caller in found if isinstance(caller, FallbackCaller)]

    async def _act(self, action: str, **fields: object) -> Any:
        return await self._send(action, fields, as_list=False)

    async def _list(self, action: str, **fields: object) -> list[Any]:
        rows = await self._send(action, fields, as_list=True)
        return list(rows)

    async def _send(self, action: str, fields: dict[str, object], *, as_list: bool) -> Any:
        answer = await _answered(action, self._ask(action, fields, as_list=as_list))
        first = answer[0] if isinstance(answer, list) else answer
        if not first.success:
            _refuse(action, first.message)
        return answer

    def _ask(self, action: str, fields: dict[str, object], *, as_list: bool) -> "asyncio.Future[Any]":
        """Write an action; it is sent with whatever else is written in this turn of the loop."""
        if any(sign in str(value) for value in fields.values() for sign in "\r\n"):
            raise AmiRefused(f"{action}: a line break in a value would begin a field of its own")
        asked: asyncio.Future[Any] = self._manager.send_action({"Action": action, **fields}, as_list=as_list)
        return asked


async def _answered(action: str, asked: "asyncio.Future[Any]") -> Any:
    try:
        with Patience(asked, ACTION_SECONDS):
            return await asked
    except TimeoutError as error:
        raise AmiUnavailable(f"{action} got no answer") from error


def _refuse(action: str, reason: str) -> None:
    if "No such channel" in reason or "does not exist" in reason:
        raise CallGone(f"{action}: {reason}")
    raise AmiRefused(f"{action}: {reason}")


@asynccontextmanager
async def connect(address: AmiAddress) -> AsyncIterator[AmiConnection]:
    """Open and log in; raises AmiUnavailable when Asterisk is not there (yet)."""
    messages: asyncio.Queue[Any] = asyncio.Queue(EVENTS_HELD)
    loop = asyncio.get_running_loop()
    manager = _OneConnection(
        messages,
        loop=loop,
        host=address.host,
        port=address.port,
        username=address.user,
        secret=address.secret,
    )
    manager.register_event("*", lambda _manager, message: _keep(messages, message))
    try:
        await _log_in(manager, address)
        yield AmiConnection(manager, messages)
    finally:
        manager.close()


async def _log_in(manager: Manager, address: AmiAddress) -> None:
    loop = asyncio.get_running_loop()
    made = asyncio.ensure_future(loop.create_connection(AmiProtocol, address.host, address.port))
    made.add_done_callback(lambda done: None if done.exception() else manager.connection_made(done))
    try:
        await made
        async with asyncio.timeout(ACTION_SECONDS):
            await asyncio.sleep(0)
            login = await manager.authenticated_future
    except (OSError, TimeoutError) as error:
        raise AmiUnavailable(f"AMI at {address.host}:{address.port} does not answer: {error}") from error
    if not login.success:
        raise AmiRefused(f"AMI login: {login.message}")


def _keep(messages: "asyncio.Queue[Any]", message: Any) -> None:
    """A full queue drops the newest: states are re-read at the next reconciliation anyway."""
    try:
        messages.put_nowait(message)
    except asyncio.QueueFull:
        log.warning("ami event dropped event=%s held=%d", message.event, EVENTS_HELD)
