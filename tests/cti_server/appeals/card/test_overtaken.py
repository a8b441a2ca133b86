"""Two people on one appeal: one wins, the other is told what changed, and nothing typed is lost."""

import asyncio

from hotline.appeals.appeal import AppealState
from tests.cti_server.appeals.card.conftest import Road, act, text
from tests.cti_server.conftest import Person


async def test_of_two_at_once_one_wins_and_the_other_is_told(
    olena: Person, road: Road, rival: Person
) -> None:
    appeal = await road.begins()
    given = {"executor_id": str(road.heat.id), "reason": "Труба в сьомому"}
    taken = {"executor_id": str(road.water.id), "reason": "Стояк холодної"}
    answers = await asyncio.gather(
        act(olena, "assign", given, version=appeal.version),
        act(rival, "assign", taken, version=appeal.version),
    )
    assert sorted(one.status for one in answers) == [303, 409]
    lost = next(number for number, one in enumerate(answers) if one.status == 409)
    page = await text(answers[lost])
    won, own = ("Водоканал", given) if lost == 0 else ("Тепломережі", taken)
    assert "Хтось випередив: ось що змінилося тим часом" in page
    assert f"Передано виконавцеві: {won}" in page
    assert f">{own['reason']}</textarea>" in page
    assert f'value="{own["executor_id"]}" selected' in page
    assert await road.acts() == ["assign"]


async def test_whoever_was_told_can_send_it_again(olena: Person, road: Road, rival: Person) -> None:
    appeal = await road.begins()
    await act(rival, "control", {"on": "true"}, version=appeal.version)
    noted = {"text": "Код дверей 12", "internal": "true"}
    answer = await act(olena, "note", noted, version=appeal.version)
    assert answer.status == 409
    page = await text(answer)
    assert "Поставлено на контроль" in page
    assert f'name="version" value="{appeal.version + 1}"' in page
    assert (await act(olena, "note", noted, version=appeal.version + 1)).status == 303
    assert await road.acts() == ["control", "note"]


async def test_what_was_typed_is_kept_where_the_act_is_not_possible_any_more(
    olena: Person, road: Road, rival: Person
) -> None:
    appeal = await road.to(AppealState.ACCEPTED)
    await act(rival, "forward", {"to": "Поліція", "reason": "Не наше"}, version=appeal.version)
    typed = {"executor_id": str(road.water.id), "reason": "Другий поверх, стояк"}
    answer = await act(olena, "assign", typed, version=appeal.version)
    page = await text(answer)
    assert answer.status == 409
    assert "цього вже не можна зробити" in page
    assert "Другий поверх, стояк" in page


async def test_a_form_that_was_sent_twice_is_done_once(olena: Person, road: Road) -> None:
    appeal = await road.begins()
    given = {"executor_id": str(road.heat.id), "reason": "Труба"}
    first = await act(olena, "assign", given, version=appeal.version)
    again = await act(olena, "assign", given, version=appeal.version)
    assert (first.status, again.status) == (303, 303)
    assert await road.acts() == ["assign"]
    other = await act(olena, "assign", given | {"executor_id": str(road.water.id)}, version=appeal.version)
    assert other.status == 409


async def test_at_the_desk_the_answer_is_the_opened_appeal_alone(
    olena: Person, road: Road, rival: Person
) -> None:
    appeal = await road.begins()
    await act(rival, "control", {"on": "true"}, version=appeal.version)
    typed = {"text": "Двері", "internal": "true"}
    late = await act(olena, "note", typed, version=appeal.version, where="/desk/appeals")
    page = await text(late)
    assert late.status == 409
    assert page.lstrip().startswith('<section id="opened"')
    assert ">Двері</textarea>" in page
    done = await act(olena, "note", typed, version=appeal.version + 1, where="/desk/appeals")
    assert done.status == 200
    assert ">Примітка.<" in await text(done)
