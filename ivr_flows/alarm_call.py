"""The automatic call to a duty contact while somebody holds with an emergency; a key joins the two."""

from typing import NamedTuple, Protocol

from hotline.calls.call import Step
from hotline.calls.conversation import Call
from hotline.voice.speech import Phrase
from ivr_flows import alarm_phrases as said
from ivr_flows import duty_phrases, prompts

KEYS = "12"
TIMES = 4
"""How often it is said to somebody, or to a machine, that presses nothing."""


class Left(NamedTuple):
    """One who is not on the line: who has hung up, or who `wrote`. `number` is None where none is known."""

    number: str | None
    wrote: bool = False


class InNeed(Protocol):
    """Callers with an emergency, for the part that rings the contacts."""

    def hold(self) -> bool:
        """Whether somebody holds now."""
        ...

    async def meet(self, call: Call) -> bool:
        """Bring the contact together with the first who holds, until they have spoken; False: nobody does."""
        ...

    def wrote(self) -> bool:
        """Tell whether the next one who is not on the line wrote, and did not call."""
        ...

    def who_left(self) -> Left | None:
        """Take one who is not on the line; None: there is nobody."""
        ...


async def alarm_call(call: Call, callers: InNeed) -> bool:
    """Say it until a key takes it; False: nobody pressed one, or nobody is in need any more."""
    before: tuple[Phrase, ...] = (duty_phrases.WHO_CALLS,)
    for _ in range(TIMES):
        asked = _told(callers)
        match await call.choose(*before, *asked, keys=KEYS):
            case "1":  # takes it
                await _take(call, callers)
                return True
            case "2" | None:  # wants to hear it again, or is not there yet
                before = ()
            case _:
                before = (prompts.WRONG_KEY,)
    await call.play(prompts.TALK_OVER)
    return False


def _told(callers: InNeed) -> tuple[Phrase, Phrase]:
    if callers.hold():
        return said.WAITS, said.KEYS
    return (said.WROTE, said.WROTE_KEYS) if callers.wrote() else (said.HUNG_UP, said.HUNG_UP_KEYS)


async def _take(call: Call, callers: InNeed) -> None:
    await call.note(Step.INFORMED, about="emergency")
    if await callers.meet(call):
        return
    left = callers.who_left()
    if left is None:
        await call.play(said.OVER)
        return
    if left.number is None:
        await call.play(said.WROTE_NO_NUMBER if left.wrote else said.NO_NUMBER)
        return
    number = said.call_them(left.number)
    await call.play(number, number)
