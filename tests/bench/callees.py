"""Citizens whom the hotline calls: a real SIP phone at the trunk's other end, acting by a script."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from hotline.errors import CallGone
from telephony.phone.incoming import IncomingCall
from telephony.phone.phone import Phone
from telephony.phone.sip import user_of

HEARS_SECONDS = 1.0
"""The time for which they listen before each key, and before they hang up."""
LONGEST_SECONDS = 180.0
_AWAIT_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Act:
    """The act of a person who is called: to press these keys and stay; without any they stay silent."""

    keys: str = ""
    hangs_up: bool = False
    """They hang up as soon as they hear who calls."""
    rejects: int = 0
    """With this SIP code, at once."""
    answers: bool = True


SILENT = Act()
HANGS_UP = Act(hangs_up=True)
BUSY = Act(rejects=486)
REFUSES = Act(rejects=603)
NO_ANSWER = Act(answers=False)

Others = Callable[[str, IncomingCall], Coroutine[Any, Any, None] | None]
"""Somebody who acts by no script, by their number; None: nobody of that number."""
Script = Callable[[str, int], Act]
"""The act of a person, by their number and by how often they were called, from 1."""


@dataclass(slots=True)
class Rung:
    """One call that reached somebody."""

    number: str
    act: Act
    call: IncomingCall
    told: bool = False
    """All keys of their act were pressed in it, and something new was said to them afterwards."""

    @property
    def ended(self) -> float:
        """The moment of its end, in monotonic seconds; infinite while it has not ended."""
        began = self.call.timeline.began.monotonic
        return began + self.call.timeline.moments[-1].at if self.call.end is not None else float("inf")


class Callees:
    """Everybody whom the hotline may call, on one phone. `rung` is what reached them, in its order."""

    def __init__(self, phone: Phone, script: Script, others: Others) -> None:
        self.phone = phone
        self.rung: list[Rung] = []
        self._others = others
        self._script = script
        self._times: Counter[str] = Counter()

    async def answer(self) -> None:
        """Take each call that comes, for ever."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                call = await self.phone.next_call(_AWAIT_SECONDS)
                number = user_of(call.invite.uri)
                if (acts := self._others(number, call)) is not None:
                    tasks.create_task(acts)
                    continue
                self._times[number] += 1
                rung = Rung(number, self._script(number, self._times[number]), call)
                self.rung.append(rung)
                tasks.create_task(_act(rung))


async def _act(rung: Rung) -> None:
    call, act = rung.call, rung.act
    with contextlib.suppress(CallGone, TimeoutError):
        if act.rejects:
            await call.reject(act.rejects)
            return
        await call.ring()
        if act.answers:
            await call.answer()
            await call.heard_voice()
        for key in act.keys:
            await asyncio.sleep(HEARS_SECONDS)
            await call.press(key)
            pressed = time.monotonic()
        if act.hangs_up:
            await asyncio.sleep(HEARS_SECONDS)
            await call.hang_up()
        await call.ended(LONGEST_SECONDS)
        rung.told = bool(act.keys) and any(span.start > pressed for span in call.ear.spans)


@contextlib.asynccontextmanager
async def answering(
    script: Script, *, host: str, port: int = 0, others: Others = lambda _number, _call: None
) -> AsyncIterator[Callees]:
    """Have everybody at home for the time of the block."""
    async with Phone(host, port, user="provider") as phone:
        callees = Callees(phone, script, others)
        answers = asyncio.create_task(callees.answer())
        try:
            yield callees
        finally:
            answers.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await answers
