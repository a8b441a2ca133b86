"""The automatic call to a watcher of an outage: its news, and the question whether it is restored."""

from collections.abc import Awaitable, Callable

from hotline.calls.call import Step
from hotline.calls.conversation import Call, Next
from hotline.outages.answers import WatcherAnswer
from hotline.voice.speech import Phrase
from ivr_flows import outage_over_phrases as said
from ivr_flows import prompts

TIMES = 3
"""How often it is said to somebody, or to a machine, that presses nothing."""
YES, NO, DISPATCHER = "1", "2", "0"

Answered = Callable[[WatcherAnswer], Awaitable[str | None]]
"""Takes the answer down; gives the number of the appeal that was made of it, if one was.

Empty: it is made of it as soon as the database is back.
"""


async def outage_over(call: Call, news: Phrase, answered: Answered, *, asks: bool) -> Next:
    """Say the news until a key is pressed; `asks`: whether it is restored at their address."""
    before: tuple[Phrase, ...] = (said.WHO_CALLS,)
    keys = YES + NO + DISPATCHER if asks else YES + DISPATCHER
    for _ in range(TIMES):
        match await call.choose(*before, news, said.ASK if asks else said.CONFIRM, keys=keys):
            case None:
                before = ()
            case key if key == YES:
                await answered(WatcherAnswer.RESTORED if asks else WatcherAnswer.HEARD)
                await call.note(Step.INFORMED, about="outage")
                await call.play(said.THANKS)
                return Next.HANG_UP
            case key if key == NO and asks:
                return await _not_restored(call, answered)
            case key if key == DISPATCHER:
                await answered(WatcherAnswer.DISPATCHER)
                await call.note(Step.INFORMED, about="outage")
                return Next.DISPATCHER
            case _:
                before = (prompts.WRONG_KEY,)
    await call.play(said.NOTHING)
    return Next.HANG_UP


async def _not_restored(call: Call, answered: Answered) -> Next:
    """An answer that the service cannot register goes to a dispatcher."""
    number = await answered(WatcherAnswer.NOT_RESTORED)
    await call.note(Step.INFORMED, about="outage", appeal=number or None)
    if number is None:
        return Next.DISPATCHER
    await call.play(said.registered(number) if number else said.REGISTERED_LATER)
    return Next.HANG_UP
