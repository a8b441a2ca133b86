"""The automatic call about equipment that is out of order: what it is; one key says that it is known."""

from collections.abc import Awaitable, Callable

from hotline.calls.call import Step
from hotline.calls.conversation import Call
from hotline.voice.speech import Phrase
from ivr_flows import duty_phrases, equipment_phrases, prompts

KEYS = "12"
TIMES = 3
"""How often it is said to somebody, or to a machine, that presses nothing."""


async def equipment_call(call: Call, fault: Phrase, known: Callable[[], Awaitable[None]]) -> None:
    """Say it until a key confirms it; nobody is taken to know of it by listening."""
    before: tuple[Phrase, ...] = (duty_phrases.WHO_CALLS,)
    for _ in range(TIMES):
        match await call.choose(*before, fault, equipment_phrases.KEYS, keys=KEYS):
            case "1":
                await known()
                await call.note(Step.INFORMED, about="equipment")
                await call.play(equipment_phrases.KNOWN)
                return
            case "2" | None:  # wants to hear it again, or is not there yet
                before = ()
            case _:
                before = (prompts.WRONG_KEY,)
    await call.play(equipment_phrases.NOT_CONFIRMED)
