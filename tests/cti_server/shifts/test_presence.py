"""The head sees who came: late, absent, gone early, and those whom nobody expected."""

from dataclasses import replace

import pytest

from hotline.line.presence_states import Presence
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.shifts.conftest import Team

PAGE = "/shifts/presence"


@pytest.fixture
async def desk(team: Team, storage: Storage) -> int:
    """Olena's desk."""
    one = await storage.dispatchers.add("201", "Олена", "s", frozenset())
    await storage.users.update(replace(team.olena, dispatcher_id=one.id))
    return one.id


@pytest.fixture
async def other_desk(team: Team, storage: Storage) -> int:
    """Taras's desk."""
    one = await storage.dispatchers.add("202", "Тарас", "s", frozenset())
    await storage.users.update(replace(team.taras, dispatcher_id=one.id))
    return one.id


@pytest.mark.usefixtures("other_desk")
async def test_late_missing_and_absent_are_told_by_presence(
    team: Team, storage: Storage, clock: MovedClock, desk: int
) -> None:
    await team.publish(olena_0="14-20", taras_0="9-13")
    clock.pass_(minutes=4)
    page = await team.head.text(PAGE)
    assert "14:00–20:00: ще не почалася" in page
    assert "09:00–13:00: неявка" in page
    clock.pass_(minutes=2)
    assert "14:00–20:00: на місці ще нікого" in await team.head.text(PAGE)
    clock.pass_(minutes=1)
    await storage.dispatchers.set_presence(desk, Presence.READY, clock.now())
    clock.pass_(hours=1)
    page = await team.head.text(PAGE)
    assert "14:00–20:00: запізнення, 14:07" in page
    assert 'class="presence-ready" x="564.7" y="8" width="40.0"' in page
    await storage.dispatchers.set_presence(desk, Presence.AWAY, clock.now())
    clock.pass_(hours=6)
    assert "завершення раніше, 15:07" in await team.head.text(PAGE)


async def test_somebody_who_was_there_without_a_shift_is_shown(
    team: Team, storage: Storage, clock: MovedClock, desk: int
) -> None:
    assert "Нікого не було" in await team.head.text(PAGE)
    await storage.dispatchers.set_presence(desk, Presence.READY, clock.now())
    clock.pass_(minutes=30)
    page = await team.head.text(PAGE)
    assert "немає в графіку" in page
    assert "Тарас" not in page


async def test_of_somebody_without_a_desk_nothing_is_said(team: Team) -> None:
    await team.publish(taras_0="9-13")
    page = await team.head.text(PAGE)
    assert "09:00–13:00: не має робочого місця" in page
    assert "неявка" not in page


@pytest.mark.usefixtures("other_desk")
async def test_a_night_shows_on_both_of_its_days_and_a_day_to_come_is_today(
    team: Team, clock: MovedClock
) -> None:
    await team.publish(taras_0="Ніч")
    clock.pass_(days=2)
    await team.head.sign_in("head")
    for day in ("2026-03-02", "2026-03-03"):
        assert "20:00–08:00: неявка" in await team.head.text(f"{PAGE}?day={day}")
    assert "Нікого не було" in await team.head.text(f"{PAGE}?day=2026-03-04")
    assert "<strong>04.03.2026</strong>" in await team.head.text(f"{PAGE}?day=2027-01-01")


async def test_dispatchers_do_not_see_it(olena: Person) -> None:
    assert (await olena.get(PAGE)).status == 403
