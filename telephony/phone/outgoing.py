"""A call that this phone places."""

import asyncio

from telephony.phone.call import PATIENCE_SECONDS, Call
from telephony.phone.sdp import NoCommonSound
from telephony.phone.signalling import NoReply
from telephony.phone.sip import Headers, Request, Response
from telephony.phone.timeline import End, EventKind, Who

_REFUSED = 300
_TERMINATED = 487
_TIMED_OUT = 408
_FIRST_WORD = 5.0
"""Seconds given to a side that has said nothing yet before an attempt is dropped, and what comes later is
taken back. One that has a crowd to answer takes more than a second."""
_FINAL = 200


class OutgoingCall(Call):
    """Made by `Phone.call`."""

    code = 0
    """The last status code of the other side; 0: none yet."""
    _invite: Request | None = None
    _given_up = False
    _cancelled = False

    async def place(self, headers: Headers) -> None:
        """Send the INVITE and see it through to an answer or a refusal."""
        self._timeline.add(EventKind.CALLED, self.dialog.target)
        try:
            response = await self._line.ask(
                self.dialog, "INVITE", headers, self._media.offer(), sent=self._sent, provisional=self._rings
            )
        except NoReply as silence:
            self._over(End(Who.NETWORK, _TIMED_OUT, str(silence)))
            return
        self.code = response.code
        if response.code >= _REFUSED:
            who = Who.US if self._given_up and response.code == _TERMINATED else Who.PEER
            self._over(End(who, response.code, response.first("Reason") or response.reason))
        else:
            await self._take_answer(response)

    async def reached(self, timeout: float = PATIENCE_SECONDS) -> int:  # noqa: ASYNC109 - reads as a bound
        """Wait for any sign of life of the other side; its first status code. TimeoutError."""
        async with asyncio.timeout(timeout):
            await self._changed.until(lambda: self.code > 0 or self.end is not None)
        return self.code

    async def hang_up(self) -> End:
        if self.answered_at is not None or self.end is not None:
            return await super().hang_up()
        self._given_up = True
        try:
            await self.reached(_FIRST_WORD)
        except TimeoutError:
            self._over(End(Who.US, _TERMINATED, "nobody there"))
        self._cancel()
        return await self.ended(40)

    def _sent(self, invite: Request) -> None:
        self._invite = invite

    def _rings(self, response: Response) -> None:
        self.code = response.code
        self._timeline.add(EventKind.PROVISIONAL, f"{response.code} {response.reason}".strip())
        if response.body and self._media.mouth is None:
            self._media.agree(response.body)
        if self._given_up:
            self._cancel()
        self._changed.beat()

    def _cancel(self) -> None:
        """Take the call back once the other side has spoken: before that no CANCEL may go (RFC 3261, 9.1)."""
        if 0 < self.code < _FINAL and self._invite and not self._cancelled:
            self._cancelled = True
            self._line.spawn(self._line.cancel(self._invite, self.dialog.peer))

    async def _take_answer(self, response: Response) -> None:
        if self._given_up and self.end is not None:  # nobody is here any more, and they shall know
            await self._say_goodbye()
            return
        try:
            self._media.agree(response.body)
        except NoCommonSound:
            await super().hang_up()
            return
        if self.end is None:
            self._answered()
        if self._given_up:
            await super().hang_up()
