"""The chats that wait, as desks show them beside the line."""

from service.chats.in_line import ChatsInLine
from service.talk.town import Stage
from tests.service.chats.conftest import Resident


async def test_a_chat_stands_there_while_it_waits_and_after_a_restart(
    resident: Resident, stage: Stage
) -> None:
    known = ChatsInLine(stage.storage.chats)
    resident.conversations.tell(known.tell)
    await resident.writes("диспетчер")
    assert [one.id for one in known.all()] == [resident.chat.id]
    again = ChatsInLine(stage.storage.chats)
    await again.load()
    assert [one.id for one in again.all()] == [resident.chat.id]
    await resident.conversations.leave(resident.chat.id)
    assert known.all() == []
