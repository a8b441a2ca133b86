"""Abusive callers wait behind all others, for a reason and until a day; nobody is refused."""

from datetime import timedelta

from hotline.access.permissions import Role
from hotline.line.line import Priority
from hotline.supervision.slower_places import NewSlowerPlace
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock, Person

NUMBER = "+380671112299"


def day(clock: MovedClock, days: int) -> str:
    return (clock.now().astimezone(KYIV) + timedelta(days=days)).strftime("%d.%m.%Y")


async def test_a_place_is_entered_reviewed_and_ended(
    chief: Person, storage: Storage, clock: MovedClock
) -> None:
    form = {
        "number": "067 111 22 99",
        "reason": "лайка",
        "until": day(clock, 30),
        "review_on": day(clock, 7),
    }
    for wrong in ({"reason": ""}, {"until": day(clock, 91)}, {"review_on": day(clock, 31)}, {"number": "1"}):
        answer = await chief.post("/board/slower", form | wrong)
        assert answer.status == 422
        assert "Не збережено" in await answer.text()
    assert (await chief.post("/board/slower", form)).status == 303
    assert "лайка" in await chief.text("/board/slower")
    assert "лайка" not in await chief.text("/todo")

    clock.moment += timedelta(days=7)
    await chief.enter(Role.HEAD.value)
    assert "лайка" in await chief.text("/todo")
    (one,) = await storage.slower_places.standing(clock.now().date())
    assert (
        await chief.post(f"/board/slower/{one.id}", {"act": "review", "review_on": day(clock, 40)})
    ).status == 422
    again = {"act": "review", "review_on": day(clock, 10)}
    assert (await chief.post(f"/board/slower/{one.id}", again)).status == 303
    assert "лайка" not in await chief.text("/todo")
    assert (await chief.post(f"/board/slower/{one.id}", {"act": "end"})).status == 303
    assert await storage.slower_places.of(NUMBER, clock.now().date()) is None


async def test_it_ends_by_itself_and_another_takes_its_place(
    head: Person, storage: Storage, clock: MovedClock
) -> None:
    user, today = (await storage.users.all())[0], clock.now().date()
    for days in (5, 10):
        new = NewSlowerPlace(
            number=NUMBER, reason="погрози", until=today + timedelta(days=days), review_on=today
        )
        await storage.slower_places.place(new, by=user.id, at=clock.now())
    assert len(await storage.slower_places.standing(today)) == 1
    assert await storage.slower_places.of(NUMBER, today + timedelta(days=10)) is not None
    assert await storage.slower_places.of(NUMBER, today + timedelta(days=11)) is None
    del head


async def test_they_wait_behind_all_others_and_an_emergency_goes_first(
    storage: Storage, clock: MovedClock
) -> None:
    now = clock.now()
    await storage.line.enter("slow", at=now, priority=Priority.SLOWER)
    await storage.line.enter("ordinary", at=now + timedelta(seconds=1))
    assert [one.call_id for one in await storage.line.entries()] == ["ordinary", "slow"]
    await storage.line.enter("slow", at=now, priority=Priority.EMERGENCY)
    assert [one.call_id for one in await storage.line.entries()] == ["slow", "ordinary"]
