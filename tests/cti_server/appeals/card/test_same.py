"""Others reported the same: found by category and place, linked many at once, each result told."""

import re

from hotline.appeals.acts.keeping import Note
from hotline.appeals.appeal import AppealState
from tests.cti_server.appeals.card.conftest import FIRST, Road, text
from tests.cti_server.conftest import Person

TICKED = re.compile(r'name="child" value="(\d+:\d+)"')
STREET = "Київський квартал"


async def neighbours(road: Road) -> None:
    """In the house, in another one of the quarter, elsewhere, on something else, and one that is over."""
    await road.begins(number=2, address=f"{STREET}, 7, кв. 40")
    await road.begins(number=3, address=f"{STREET}, 7, кв. 41")
    await road.begins(number=4, address=f"{STREET}, 71")
    await road.begins(number=5, address="Ризький квартал, 7")
    await road.begins(number=6, address=f"{STREET}, 7, кв. 42", category="noise")
    await road.begins(number=7, address=f"{STREET}, 7, кв. 43", state=AppealState.CLOSED)


async def test_reports_from_the_house_are_found_or_from_the_whole_street(olena: Person, road: Road) -> None:
    await road.to(AppealState.IN_WORK)
    await neighbours(road)
    house = TICKED.findall(await olena.text(f"/appeals/{FIRST}/same"))
    assert house == ["2600003:1", "2600002:1"]
    street = TICKED.findall(await olena.text(f"/appeals/{FIRST}/same?street=1"))
    assert street == ["2600004:1", "2600003:1", "2600002:1"]
    assert "Ще 2 звернення з цього будинку" in await olena.text(f"/appeals/{FIRST}")


async def test_many_are_linked_at_once_and_each_result_is_told(olena: Person, road: Road) -> None:
    await road.to(AppealState.IN_WORK)
    await neighbours(road)
    changed = await road.now("2600003")
    await road.do(changed, Note(by=road.city, at=road.clock.now(), text="Передзвонити"))
    ticked = ["2600002:1", "2600003:1", "2600007:1"]
    answer = await olena.client.post(
        f"/appeals/{FIRST}/same",
        data=[("csrf", olena.csrf), *(("child", one) for one in ticked)],
        headers=olena.origin,
    )
    page = await text(answer)
    assert "№ 26 000 02: пов’язано" in page
    assert "№ 26 000 03: Тим часом його змінив хтось інший" in page
    assert "№ 26 000 07: У нинішньому стані це неможливо." in page
    linked = await road.storage.handling.linked(FIRST)
    assert [(one.number, one.state) for one in linked] == [("2600002", AppealState.IN_WORK)]


async def test_a_linked_appeal_leads_to_its_main_one(olena: Person, road: Road) -> None:
    await road.to(AppealState.IN_WORK)
    await road.begins(number=2, parent=FIRST)
    page = await olena.text("/appeals/2600002/same")
    assert f'href="/appeals/{FIRST}/same"' in page
    assert not TICKED.findall(page)
