"""Citizens whom the hotline calls: real SIP phones at the trunk's other end, each acting by a script."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from enum import StrEnum

from hotline.errors import CallGone
from telephony.phone.incoming import IncomingCall
from telephony.phone.phone import Phone
from telephony.phone.sip import user_of

HEARS_SECONDS = 1.0
"""How long they listen before they press a key or hang up."""
LONGEST_SECONDS = 180.0
_AWAIT_SECONDS = 3600.0


class Acts(StrEnum):
    """What somebody does who is called."""

    PRESSES = "presses"
    """Answers, hears who calls, and presses 1."""
    WANTS_NO_CALLS = "wants-no-calls"
    """Answers and presses 9."""
    SILENT = "silent"
    """Answers and presses nothing, as a machine does."""
    HANGS_UP = "hangs-up"
    """Answers and hangs up while they are told who calls."""
    BUSY = "busy"
    REFUSES = "refuses"
    NO_ANSWER = "no-answer"


_KEYS = {Acts.PRESSES: "1", Acts.WANTS_NO_CALLS: "9"}
_CODES = {Acts.BUSY: 486, Acts.REFUSES: 603}

Script = Callable[[str, int], Acts]
"""What somebody does, by their number and by how often they were called, from 1."""


@dataclass(slots=True)
class Rung:
    """One call that reached somebody."""

    number: str
    acts: Acts
    pressed: bool = False


class Callees:
    """Everybody whom the hotline may call, on one phone. `rung` is what reached them, in its order."""

    def __init__(self, phone: Phone, script: Script) -> None:
        self.phone = phone
        self.rung: list[Rung] = []
        self._script = script
        self._times: Counter[str] = Counter()

    async def answer(self) -> None:
        """Take what comes, for ever."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                call = await self.phone.next_call(_AWAIT_SECONDS)
                tasks.create_task(self._act(call))

    async def _act(self, call: IncomingCall) -> None:
        number = user_of(call.invite.uri)
        self._times[number] += 1
        rung = Rung(number, self._script(number, self._times[number]))
        self.rung.append(rung)
        with contextlib.suppress(CallGone, TimeoutError):
            await _acted(call, rung)


async def _acted(call: IncomingCall, rung: Rung) -> None:
    if rung.acts in _CODES:
        await call.reject(_CODES[rung.acts])
        return
    await call.ring()
    if rung.acts is not Acts.NO_ANSWER:
        await call.answer()
        await call.heard_voice()
        if rung.acts is not Acts.SILENT:
            await asyncio.sleep(HEARS_SECONDS)
        if rung.acts is Acts.HANGS_UP:
            await call.hang_up()
            return
        if key := _KEYS.get(rung.acts):
            await call.press(key)
            rung.pressed = True
    await call.ended(LONGEST_SECONDS)


@contextlib.asynccontextmanager
async def answering(host: str, script: Script) -> AsyncIterator[Callees]:
    """Have everybody at home for the time of the block."""
    async with Phone(host, user="provider") as phone:
        callees = Callees(phone, script)
        answers = asyncio.create_task(callees.answer())
        try:
            yield callees
        finally:
            answers.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await answers
