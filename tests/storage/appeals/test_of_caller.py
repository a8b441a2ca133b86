"""The appeals of whoever calls."""

from datetime import timedelta

from hotline.appeals.appeal import Appeal, AppealState
from hotline.contact.channel import Channel
from storage.store import Storage
from tests.storage.conftest import NOON

CALLER, OTHER = "+380457900001", "+380457900002"
MAILBOX = "oksana@example.org"


async def enter(
    storage: Storage, number: str, applicant: str | None, state: AppealState, **fields: object
) -> None:
    values: dict[str, object] = {
        "number": number,
        "applicant_number": applicant,
        "text": "Ліхтар",
        "state": state,
        "registered_at": NOON + timedelta(minutes=int(number)),
        "due_on": NOON.date(),
        "state_since": NOON,
    }
    await storage.appeals.register(Appeal(**values | fields))


async def found(
    storage: Storage, *, since: timedelta = timedelta(0), most: int = 9, at: str = CALLER
) -> list[str]:
    return [one.number for one in await storage.appeals.of_caller(at, ended_since=NOON + since, most=most)]


async def test_open_ones_come_first_and_the_newest_of_them_at_the_head(storage: Storage) -> None:
    await enter(storage, "1", CALLER, AppealState.IN_WORK)
    await enter(storage, "2", CALLER, AppealState.DONE)
    await enter(storage, "3", CALLER, AppealState.CLOSED)
    await enter(storage, "4", OTHER, AppealState.IN_WORK)
    assert await found(storage) == ["2", "1", "3"]
    assert await found(storage, most=2) == ["2", "1"]


async def test_those_that_are_answered_at_this_telephone_are_among_them(storage: Storage) -> None:
    await enter(storage, "1", OTHER, AppealState.IN_WORK, reply_by=Channel.SMS, reply_to=CALLER)
    await enter(storage, "2", None, AppealState.IN_WORK, reply_by=Channel.CALL, reply_to=CALLER)
    await enter(storage, "3", None, AppealState.IN_WORK, reply_by=Channel.EMAIL, reply_to=MAILBOX)
    await enter(storage, "4", CALLER, AppealState.IN_WORK, reply_by=Channel.SMS, reply_to=CALLER)
    assert await found(storage) == ["4", "2", "1"]
    assert await found(storage, at=MAILBOX) == ["3"]


async def test_those_that_ended_before_are_left_out(storage: Storage) -> None:
    await enter(storage, "1", CALLER, AppealState.CLOSED)
    await enter(storage, "2", CALLER, AppealState.CLOSED, state_since=None)
    assert await found(storage) == ["2", "1"]
    assert await found(storage, since=timedelta(seconds=1)) == ["2"]
