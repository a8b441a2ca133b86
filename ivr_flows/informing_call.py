"""The automatic call that informs a person: a key confirms that they heard it, or refuses further calls."""

from collections.abc import Awaitable, Callable

from hotline.calls.call import Step
from hotline.calls.conversation import Call
from hotline.voice.speech import Phrase
from ivr_flows import informing_phrases, prompts

KEYS = "129"
TIMES = 3
"""How often it is said to somebody, or to a machine, that presses nothing."""

Done = Callable[[], Awaitable[None]]


async def informing_call(call: Call, news: Phrase, *, heard: Done, call_no_more: Done) -> None:
    """Say it until a key confirms it; nobody is taken to have heard it by listening."""
    before: tuple[Phrase, ...] = (informing_phrases.WHO_CALLS,)
    for _ in range(TIMES):
        match await call.choose(*before, news, informing_phrases.KEYS, keys=KEYS):
            case "1":
                await heard()
                await call.note(Step.INFORMED, about="campaign")
                await call.play(informing_phrases.THANKS)
                return
            case "9":
                await call_no_more()
                await call.note(Step.INFORMED, about="do-not-call")
                await call.play(informing_phrases.NO_MORE_CALLS)
                return
            case "2" | None:  # wants to hear it again, or is not there yet
                before = ()
            case _:
                before = (prompts.WRONG_KEY,)
    await call.play(prompts.GOODBYE)
