"""What is entered in a trial call stands in the training record, whichever form it was typed into."""

import pytest

from hotline.calls.call import TRIAL_PREFIX, CallRecord, Direction
from hotline.line.presence_states import Presence
from hotline.quality.trial_calls import Entered, TrialCall
from storage.store import Storage
from tests.cti_server.appeals.conftest import CALL, HOME
from tests.cti_server.conftest import MovedClock, Person

TRIAL = f"{TRIAL_PREFIX}1"


@pytest.fixture
async def trying(olena: Person, storage: Storage, clock: MovedClock) -> Person:
    """Olena has ended her talk with Maria and is in a trial call."""
    desk = await storage.dispatchers.by_extension("201")
    user = await storage.users.by_login("dispatcher")
    assert desk is not None
    assert user is not None
    await storage.line.talk_ended(CALL, desk.id, clock.now(), wrap_up=clock.now() - clock.now())
    await storage.line.leave(CALL, clock.now())
    record = CallRecord(id=TRIAL, number=None, shown="", arrived_at=clock.now(), direction=Direction.TRIAL)
    await storage.calls.open(record)
    await storage.calls.flush()
    other = await storage.dispatchers.add("299", "Ігор", "s", frozenset())
    await storage.dispatchers.set_presence(other.id, Presence.READY, clock.now())
    assert await storage.line.calls_out(TRIAL, desk.id, clock.now())
    await storage.trial_calls.add(
        TrialCall(
            call_id=TRIAL,
            dispatcher_id=desk.id,
            user_id=user.id,
            scenario="street-light",
            asked_at=clock.now(),
        )
    )
    return olena


async def entered(storage: Storage) -> Entered | None:
    found = await storage.trial_calls.of_call(TRIAL)
    assert found is not None
    return found.entered


@pytest.mark.parametrize("call", [TRIAL, ""], ids=["its own form", "a form without a call"])
async def test_a_form_is_kept_in_the_training_record_and_registered_nowhere(
    trying: Person, filled: dict[str, str], storage: Storage, call: str
) -> None:
    assert "Навчальний дзвінок" in await trying.text(f"/desk/appeals/new?call={TRIAL}")
    form = filled | {"call": call, "beside": TRIAL}
    answer = await trying.post("/desk/appeals", form)
    page = await answer.text()
    assert (answer.status, "нічого не зареєстровано" in page) == (200, True)
    assert "Відрізняється: категорія, терміновість, адреса" in page
    assert await entered(storage) == Entered(
        text=filled["text"], category="hot-water-none", urgency="urgent", address=HOME
    )
    assert await storage.appeals.find("2600001") is None


async def test_a_consultation_and_an_emergency_in_two_keys_are_kept_too(
    trying: Person, filled: dict[str, str], storage: Storage
) -> None:
    await trying.post("/desk/appeals", filled | {"call": TRIAL, "do": "consultation"})
    assert await entered(storage) == Entered(text=filled["text"])
    emergency = {"call": TRIAL, "idempotency_key": "e-1", "beside": ""}
    assert (await trying.post("/desk/appeals/emergency", emergency)).status == 200
    kept = await entered(storage)
    assert kept is not None
    assert kept.urgency == "emergency"
    assert await storage.appeals.find("2600001") is None


@pytest.mark.parametrize("call", [CALL, ""], ids=["an earlier call", "somebody who came"])
async def test_a_form_begun_before_is_registered_meanwhile_by_who_says_whose_it_is(
    trying: Person, filled: dict[str, str], storage: Storage, call: str
) -> None:
    asked = await trying.post("/desk/appeals", filled | {"call": call})
    assert "Навчальний дзвінок" in await asked.text()
    assert await storage.appeals.find("2600001") is None
    answer = await trying.post("/desk/appeals?own=yes", filled | {"call": call})
    assert (answer.status, "26 000 01" in await answer.text()) == (200, True)
    assert await entered(storage) is None
