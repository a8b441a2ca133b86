"""A caller has the rest of a conversation in writing: one key, one short message with a link."""

from collections.abc import Sequence

from hotline.calls.call import Step
from hotline.calls.conversation import Call, Next
from hotline.voice.speech import Phrase
from ivr_flows import chat_phrases as said
from ivr_flows.optional import if_it_can
from ivr_flows.ports import FlowPorts

WRITING = "8"


def writing_offered(call: Call, city: FlowPorts) -> Sequence[Phrase]:
    """Give what is said of the key; nothing where no link goes to them, or one was asked for in this call."""
    if city.links is None or call.outgoing or any(map(call.was_told, (said.LINK_SENT, said.LINK_NOT_SENT))):
        return ()
    return (said.IN_WRITING,) if city.links.goes_to(call.number) else ()


async def in_writing(call: Call, city: FlowPorts, going: Next, *, about: str = "") -> None:
    """Send the link; the call goes on as well. What they have given is not asked for there again."""
    if city.links is None or call.number is None:
        return
    sending = city.links.send(call.id, call.number, going=going, language=call.language, about=about)
    if await if_it_can(sending, False, "link to a chat not sent"):  # noqa: FBT003 - it was not
        await call.note(Step.SENT_IN_WRITING)
        await call.play(said.LINK_SENT)
    else:
        await call.play(said.LINK_NOT_SENT)
