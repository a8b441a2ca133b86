"""The automatic call to the senior of the shift, or the head, about an emergency that nobody takes."""

from collections.abc import Awaitable, Callable

from hotline.appeals.appeal import Appeal
from hotline.appeals.duty_calls import Acceptance
from hotline.calls.call import Step
from hotline.calls.conversation import Call
from hotline.voice.speech import Phrase
from ivr_flows import duty_phrases, prompts

KEYS = "123"
TIMES = 3
"""How often it is said to somebody, or to a machine, that presses nothing."""
_TAKEN = {
    Acceptance.ACCEPTED: duty_phrases.TAKEN,
    Acceptance.NOT_NEEDED: duty_phrases.NOT_NEEDED,
    Acceptance.OWED: duty_phrases.OWED,
}
_PASSED_ON = {True: duty_phrases.NEXT_CALLED, False: duty_phrases.NOBODY_LEFT, None: duty_phrases.OWED}


async def untaken_call(
    call: Call,
    appeal: Appeal,
    since: Phrase,
    *,
    take: Callable[[], Awaitable[Acceptance]],
    cannot: Callable[[], Awaitable[bool | None]],
) -> None:
    """Say what has happened, `since` when nobody took it; one key takes it, another passes it on.

    `cannot` tells whether somebody else is called; None: that is seen once the database is back.
    """
    before: tuple[Phrase, ...] = (duty_phrases.WHO_CALLS,)
    told = (duty_phrases.emergency(appeal), since)
    for _ in range(TIMES):
        match await call.choose(*before, *told, duty_phrases.TAKE_KEYS, keys=KEYS):
            case "1":
                taken = await take()
                await call.note(Step.INFORMED, about="emergency")
                await call.play(_TAKEN[taken])
                return
            case "2":
                another = await cannot()
                await call.note(Step.INFORMED, about="emergency")
                await call.play(_PASSED_ON[another])
                return
            case "3" | None:  # wants to hear it again, or is not there yet
                before = ()
            case _:
                before = (prompts.WRONG_KEY,)
    await call.play(duty_phrases.NOT_TAKEN)
