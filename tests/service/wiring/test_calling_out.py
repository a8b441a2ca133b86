"""What becomes of a claim on a missed call when the call that answers it is over."""

from datetime import timedelta

import pytest

from hotline.access.permissions import Role
from hotline.calls.call import CallRecord, Outcome
from hotline.dialling.calling_out import CalledBack
from hotline.line.scheduled_callbacks import NewScheduled
from service.wiring.calling_out import called_back
from storage.store import Storage
from tests.fakes.clock import NOON

MARIA = "+380457900001"


@pytest.mark.parametrize(
    ("outcome", "tries", "owed"),
    [(Outcome.GIVEN_UP, 0, 1), (Outcome.BUSY, 1, 1), (Outcome.FAILED, 1, 1), (Outcome.TALKED, 1, 0)],
)
async def test_the_claim_ends_with_the_call_and_only_a_talk_takes_the_number_off_the_list(
    storage: Storage, outcome: Outcome, tries: int, owed: int
) -> None:
    user = await storage.users.add(login="olena", name="Олена", role=Role.DISPATCHER, password_hash="h")
    await storage.calls.open(CallRecord(id="m1", number=MARIA, shown=MARIA, arrived_at=NOON))
    await storage.calls.close("m1", Outcome.ABANDONED_IN_LINE, NOON + timedelta(seconds=30))
    await storage.calls.flush()
    await storage.callbacks.claim("m1", user.id, NOON)

    over = CalledBack(call_id="out-1", missed="m1", user_id=user.id, outcome=outcome, at=NOON)
    await called_back(storage.callbacks, storage.scheduled_callbacks)(over)

    left = await storage.callbacks.owed(9)
    assert [one.claim for one in left] == [None] * owed
    assert len(await storage.callbacks.tries(MARIA, 9)) == tries


@pytest.mark.parametrize(
    ("outcome", "tries", "waiting"),
    [(Outcome.GIVEN_UP, 0, 1), (Outcome.BUSY, 1, 1), (Outcome.NO_ANSWER, 1, 1), (Outcome.TALKED, 0, 0)],
)
async def test_an_arranged_call_is_closed_by_a_talk_alone(
    storage: Storage, outcome: Outcome, tries: int, waiting: int
) -> None:
    user = await storage.users.add(login="olena", name="Олена", role=Role.DISPATCHER, password_hash="h")
    wanted = NewScheduled(number=MARIA, due_at=NOON, why="Вода", arranged_by=user.id, arranged_at=NOON)
    made = await storage.scheduled_callbacks.arrange(wanted)
    await storage.scheduled_callbacks.claim(made.id, user.id, NOON)

    over = CalledBack(call_id="out-1", missed=made.reference, user_id=user.id, outcome=outcome, at=NOON)
    for _told_again in range(2):
        await called_back(storage.callbacks, storage.scheduled_callbacks)(over)

    left = await storage.scheduled_callbacks.waiting(9)
    assert [(one.claim, one.tries) for one in left] == [(None, tries)] * waiting
