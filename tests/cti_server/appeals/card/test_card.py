"""The card of an appeal whose term of keeping has ended."""

from collections.abc import Mapping
from datetime import timedelta

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.appeals.appeal import Appeal, AppealState
from hotline.retention.terms import Retention
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person


async def test_a_card_whose_term_has_ended_says_so_and_names_nobody(
    person: Person, users: Mapping[Role, User], storage: Storage, clock: MovedClock
) -> None:
    assert users
    now = clock.now()
    await storage.appeals.register(
        Appeal(
            number="2600001",
            applicant_number="+380671112201",
            text="Немає води",
            state=AppealState.CLOSED,
            state_since=now,
            registered_at=now,
            due_on=now.date(),
        )
    )
    kept = Retention()
    await storage.retention.sweep(kept, now + kept.appeals + timedelta(days=1))
    await person.enter(Role.HEAD.value)
    page = await person.text("/appeals/2600001")
    assert "Строк зберігання минув" in page
    assert "Немає води" not in page
    assert "2201" not in page
