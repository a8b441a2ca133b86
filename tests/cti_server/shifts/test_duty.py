"""The roster is asked: by the desk, by the city's page, and of who begins work; nobody is kept from it."""

from hotline.shifts.duty import duty_at
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock, Person
from tests.cti_server.shifts.conftest import Team

PAGE = "/shifts/now"


async def test_the_desk_says_until_when_who_comes_after_and_when_to_hand_over(
    team: Team, olena: Person, clock: MovedClock
) -> None:
    assert "графік" not in await olena.text(PAGE), "nothing is drawn: all is as it was"
    await team.publish(olena_0="День", taras_0="Ніч")
    page = await olena.text(PAGE)
    assert "Ваша зміна до 20:00, після вас: Тарас" in page
    assert "Передати" not in page
    clock.pass_(hours=5, minutes=46)
    await olena.enter(team.olena.login)
    assert "Передати зміну" in await olena.text(PAGE)
    clock.pass_(minutes=15)
    assert "ви зараз не на зміні" in await olena.text(PAGE)


async def test_who_comes_half_an_hour_early_comes_to_their_shift(
    team: Team, storage: Storage, clock: MovedClock
) -> None:
    await team.publish(olena_0="14:30-20", taras_0="14:31-20")
    duty = await duty_at(storage.roster, clock.now(), KYIV)
    assert (duty.planned, duty.drawn) == (0, True)
    assert not duty.outside(team.olena.id, clock.now(), KYIV)
    assert duty.outside(team.taras.id, clock.now(), KYIV)
    clock.pass_(days=14)
    another = await duty_at(storage.roster, clock.now(), KYIV)
    assert another.planned is None, "of a week without a roster nobody is outside"
    assert not another.outside(team.taras.id, clock.now(), KYIV)


async def test_a_star_names_the_senior_whom_the_desk_tells_and_it_stays_when_the_week_is_drawn_again(
    team: Team, olena: Person, storage: Storage, clock: MovedClock
) -> None:
    assert await team.publish(olena_0="день*", taras_0="9-18 *") == 303
    duty = await duty_at(storage.roster, clock.now(), KYIV)
    assert duty.senior is not None
    assert duty.senior.user_id == team.olena.id, "of two the one who began first"
    assert "Ви старший зміни" in await olena.text(PAGE)
    assert "старший зміни" in await olena.text("/shifts/mine")
    assert 'value="День*"' in await team.head.text("/shifts")
    assert await team.publish(1, olena_0="День", taras_0="9–18*") == 303
    assert "Старший зміни: Тарас" in await olena.text(PAGE)
    assert await team.save(2, olena_0="*") == 422, "a star alone is no shift"
