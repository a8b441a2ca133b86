"""What waits to be worked off is found by an index of its own, however much was worked off before."""

from typing import Any

import pytest
from sqlalchemy import Executable

from hotline.line.report import By
from hotline.office.journals import Journal
from storage.calls.log import _UNFINISHED, _UNFINISHED_MESSAGES
from storage.chats.chats import _UNSENT
from storage.delivery.outbox import _REFUSED, _UNDECIDED, _WAITING
from storage.equipment.register import _TOLD
from storage.line.report_counts import OF_MONTHS, work
from storage.line.steps import _END_TALK
from storage.neighbours.taken import _LATE
from storage.office.journals import entries_of
from storage.outages.subscriptions import _CODES
from storage.store import Storage
from storage.tasks.tasks import _DUE
from tests.storage.conftest import NOON
from tests.storage.plans import plan

DAY = {"since": NOON, "until": NOON, "offset": 0}
AS_ASKED = [
    (_UNFINISHED, {}, "ix_recordings_unfinished"),
    (_UNFINISHED_MESSAGES, {}, "ix_voice_messages_unfinished"),
    (_END_TALK, {"call": "c1", "dispatcher": 1, "at": NOON}, "ix_talks_"),
    (_WAITING, {}, "ix_notices_unsent"),
    (_UNDECIDED, {"most": 99}, "ix_notices_undecided"),
    (_REFUSED, {"by": "sms", "hour_ago": NOON}, "ix_notices_un"),  # undecided, or unsent
    (_UNSENT, {"medium": "telegram"}, "ix_chats_unsent"),
    (_TOLD, {"matter": "equipment-1"}, "uq_notices_matter_recipient_channel"),
    (_DUE, {"now": NOON, "most": 100}, "ix_tasks_step_at"),
    (entries_of(Journal.LETTERS, NOON, NOON, 99), {}, "ix_notices_given"),
    (_CODES.unconfirmed, {"way": "sms", "since": NOON, "whence": ""}, "ix_outage_subscriptions_unconfirmed"),
    (_LATE, {"others": NOON, "emergencies": NOON}, "ix_neighbour_appeals_open"),
    (work(OF_MONTHS[By.TOPIC]), DAY, "ix_presence_history_of_dispatcher"),
]


@pytest.mark.parametrize(("statement", "values", "index"), AS_ASKED, ids=[one[2] for one in AS_ASKED])
async def test_work_that_waits_is_not_looked_for_among_all_that_ever_was(
    storage: Storage, statement: Executable, values: dict[str, Any], index: str
) -> None:
    assert index in await plan(storage, statement, values)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_the_work_of_days_is_looked_for_along_the_days(storage: Storage) -> None:
    """PostgreSQL chooses by how many there are of each: `bench growth` shows its choice."""
    assert "ix_calls_arrived_at" in await plan(storage, work(OF_MONTHS[By.DISPATCHER]), DAY)
