"""The notice of recording, said before any talk: recording begins when caller and dispatcher are joined."""

from hotline.calls.conversation import Call
from hotline.voice.speech import Phrase
from ivr_flows import prompts

REFUSES = "*"


async def recording_notice(call: Call, *before: Phrase) -> None:
    """Say it once a call, also while somebody comes for them: only a key cuts it short.

    A person who has refused to be recorded hears nothing of it. A refusal also counts when somebody comes
    before it is answered.
    """
    if call.recording_refused:
        return
    if call.was_told(prompts.RECORDING_NOTICE):
        if call.has_pressed(REFUSES):
            await call.refuse_recording()
        return
    await call.announce(*before, prompts.RECORDING_NOTICE, insist=True)
    if await call.stopped_by(REFUSES):
        await refuse(call)


async def refuse(call: Call) -> None:
    await call.refuse_recording()
    await call.play(prompts.RECORDING_REFUSED_OK)
