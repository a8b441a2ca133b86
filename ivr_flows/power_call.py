"""The automatic calls to a landline that is told before its power changes: first the consent, then the news.

The number alone subscribes nobody, as it can be forged: we call it, and the person who answers says so by a
key.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from hotline.calls.call import Step
from hotline.calls.conversation import Call, Next
from hotline.city.addresses import Address
from hotline.voice.speech import Phrase
from ivr_flows import power_call_phrases as said
from ivr_flows import prompts

TIMES = 2
"""How often it is said to somebody, or to a machine, that presses nothing."""
MINUTES: Mapping[str, int] = {"1": 30, "2": 15, "3": 60}
"""Keys by which they choose how long before a change they are called."""
HEARD, STOP, DISPATCHER = "1", "9", "0"


async def power_consent(
    call: Call,
    there: Address,
    agreed: Callable[[int], Awaitable[None]],
    refused: Callable[[], Awaitable[None]],
) -> Next:
    """Ask whether they want these calls, and how many minutes ahead; silence agrees to nothing."""
    before: tuple[Phrase, ...] = (said.ASKED_FOR,)
    for _ in range(TIMES):
        asked = (*before, said.address(there), said.CONSENT)
        match await call.choose(*asked, keys="".join(MINUTES) + STOP + DISPATCHER):
            case None:
                before = ()
            case key if key in MINUTES:
                await agreed(MINUTES[key])
                await call.note(Step.INFORMED, about="power-calls")
                await call.play(said.AGREED)
                return Next.HANG_UP
            case key if key == STOP:
                await refused()
                await call.note(Step.INFORMED, about="do-not-call")
                await call.play(said.STOPPED)
                return Next.HANG_UP
            case key if key == DISPATCHER:
                return Next.DISPATCHER
            case _:
                before = (prompts.WRONG_KEY,)
    await call.play(said.NOTHING)
    return Next.HANG_UP


async def power_call(
    call: Call,
    there: Address,
    news: Sequence[Phrase],
    heard: Callable[[], Awaitable[None]],
    stopped: Callable[[], Awaitable[None]],
) -> Next:
    """Say what changes until a key is pressed; one key ends these calls for this address."""
    before: tuple[Phrase, ...] = (said.WHO_CALLS,)
    for _ in range(TIMES):
        match await call.choose(
            *before, said.address(there), *news, said.KEYS, keys=HEARD + STOP + DISPATCHER
        ):
            case None:
                before = ()
            case key if key == HEARD:
                await heard()
                await call.note(Step.INFORMED, about="power-schedule")
                await call.play(said.THANKS)
                return Next.HANG_UP
            case key if key == STOP:
                await stopped()
                await call.note(Step.INFORMED, about="do-not-call")
                await call.play(said.STOPPED)
                return Next.HANG_UP
            case key if key == DISPATCHER:
                await heard()
                return Next.DISPATCHER
            case _:
                before = (prompts.WRONG_KEY,)
    await call.play(said.NOTHING)
    return Next.HANG_UP
