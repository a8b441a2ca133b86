"""The chat of a number that calls."""

from collections.abc import Callable

from hotline.chats.chat_states import ChatState
from hotline.chats.chats import Medium, NewChat
from service.chats.by_number import SHOWN_FOR, ChatsByNumber
from service.chats.conversations import Conversations
from service.talk.town import Stage
from tests.service.chats.conftest import Resident

HANNA = "+380671112233"


async def test_a_number_that_was_proven_in_a_chat_leads_to_it_for_a_day_and_after_a_restart(
    resident: Resident, stage: Stage, service: Callable[[], Conversations]
) -> None:
    known = ChatsByNumber(chats=stage.storage.chats, clock=stage.clock)
    resident.conversations.tell(known.tell)
    await resident.writes("немає води")
    assert known.of(HANNA) is None
    await resident.conversations.prove(resident.chat.id, HANNA)
    left = await resident.conversations.leave(resident.chat.id)
    found = known.of(HANNA)
    assert found is not None
    assert (found.id, found.state) == (left.id, ChatState.OVER)
    later = await service().begin(NewChat(medium=Medium.SMS, address=HANNA, number=HANNA))
    again = ChatsByNumber(chats=stage.storage.chats, clock=stage.clock)
    await again.load()
    newest = again.of(HANNA)
    assert newest is not None
    assert newest.id == later.id
    stage.clock.pass_by(SHOWN_FOR.total_seconds())
    assert again.of(HANNA) is None
    await again.load()
    assert again.of(HANNA) is None
