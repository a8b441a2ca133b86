"""The automatic call to a duty contact: the emergency and its address; one key accepts it."""

from collections.abc import Awaitable, Callable

from hotline.appeals.appeal import Appeal
from hotline.appeals.duty_calls import Acceptance
from hotline.calls.call import Step
from hotline.calls.conversation import Call
from hotline.voice.speech import Phrase
from ivr_flows import duty_phrases, prompts

KEYS = "12"
TIMES = 4
"""How often it is said to somebody, or to a machine, that presses nothing."""
SETTLED_BY = {
    Acceptance.ACCEPTED: duty_phrases.ACCEPTED,
    Acceptance.NOT_NEEDED: duty_phrases.NOT_NEEDED,
    Acceptance.OWED: duty_phrases.OWED,
}


async def duty_call(call: Call, appeal: Appeal, accept: Callable[[], Awaitable[Acceptance]]) -> None:
    """Say it until a key accepts it; nobody is taken to have accepted by listening."""
    before: tuple[Phrase, ...] = (duty_phrases.WHO_CALLS,)
    for _ in range(TIMES):
        match await call.choose(*before, duty_phrases.emergency(appeal), duty_phrases.KEYS, keys=KEYS):
            case "1":  # accepts
                acceptance = await accept()
                await call.note(Step.INFORMED, about="emergency")
                await call.play(SETTLED_BY[acceptance])
                return
            case "2" | None:  # wants to hear it again, or is not there yet
                before = ()
            case _:
                before = (prompts.WRONG_KEY,)
    await call.play(duty_phrases.NOT_ACCEPTED)
