"""A message for the dispatchers: recorded, listed, never lost."""

from hotline.calls.conversation import Call, Next
from ivr_flows import prompts

LONGEST_SECONDS = 180


async def leave_message(call: Call) -> Next:
    """Record the caller's message. The recording is kept, however the call ends."""
    await call.play(prompts.LEAVE_MESSAGE)
    said = await call.record(most_seconds=LONGEST_SECONDS)
    await call.play(prompts.MESSAGE_KEPT if said.seconds or said.words else prompts.MESSAGE_EMPTY)
    return Next.GOODBYE
