"""Orders of the city: entered once, their points given as tasks."""

from tests.cti_server.conftest import Person
from tests.cti_server.tasks.conftest import Centre

ORDER = {"kind": "mayor", "number": "12-р", "dated": "01.03.2026", "title": "Про паводок"}


async def test_an_order_is_entered_once_and_its_points_are_tasks_that_lead_back_to_it(
    centre: Centre, olena: Person
) -> None:
    entered = [await centre.head.post("/tasks/orders", ORDER) for _ in range(2)]
    pages = {answer.headers["Location"].partition("?")[0] for answer in entered}
    assert pages == {"/tasks/orders/1"}
    assert "№ 12-р від 01.03.2026" in await centre.head.text("/tasks/new?order=1")
    path = await centre.give("/tasks/new?order=1", text="Обстежити береги")
    assert 'href="/tasks/orders/1"' in await olena.text(path)
    page = await olena.text("/tasks/orders/1")
    assert "Обстежити береги" in page
    assert "Ще не прийнято" in page
    assert "Обстежити береги" in await olena.text("/tasks?kind=mayor&q=паводком")
    for person in (olena, centre.head):
        assert "Про паводок" in await person.text("/tasks/orders")


async def test_what_is_missing_of_an_order_is_said(centre: Centre, olena: Person) -> None:
    answer = await centre.head.post("/tasks/orders", {**ORDER, "dated": "колись", "number": ""})
    page = await answer.text()
    assert answer.status == 422
    assert "Вкажіть номер." in page
    assert "Вкажіть дату: дд.мм.рррр." in page
    assert (await olena.post("/tasks/orders", ORDER)).status == 403
