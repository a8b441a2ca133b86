"""A request from the centre to the enterprise's answer and back, typed and pressed clumsily as well."""

import html
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.inquiries.inquiries import Inquiry, NewInquiry
from hotline.inquiries.inquiry_states import InquiryAct, InquiryState
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.enterprise.sending import send
from tests.storage.enterprise import City
from tests.storage.pictures import pdf, photo


async def asked(city: City, clock: MovedClock) -> Inquiry:
    new = NewInquiry(
        executor_id=city.heat.id, text="Стан <b>робіт</b>", due_at=clock.now() + timedelta(days=5)
    )
    return await city.storage.inquiries.ask(new, city.olya.id, clock.now())


async def test_an_enterprise_answers_with_files_and_the_centre_returns_and_accepts(
    petro: Person, stranger: Person, city: City, clock: MovedClock, users: Mapping[Role, User]
) -> None:
    assert users
    one, path = await asked(city, clock), "/enterprise/inquiries/1"
    assert "&lt;b&gt;робіт" in await petro.text(path)
    files = [("Акт.pdf", pdf()), ("фото.jpg", photo())]
    answer = await send(petro, path, {"version": "1", "answer": ""}, files)
    assert answer.status == 422
    answer = await send(petro, path, {"version": "1", "answer": "Зроблено"}, files[:1])
    assert answer.status == 303
    assert [file.name for file in await city.storage.inquiries.files(one.id)] == ["Акт.pdf", "фото.jpg"]
    assert (await petro.get(f"{path}/files/1")).status == 200
    assert (await petro.get(f"{path}/files/2/preview")).status == 200
    for place in (path, f"{path}/files/1"):
        assert (await stranger.get(place)).status == 404
    await petro.enter("dispatcher")
    assert 'id="todo-inquiry-1"' in await petro.text("/todo")
    assert (await petro.get("/inquiries/files/1")).status == 200
    back = {"act": "return", "version": "2", "said": "Немає акта", "due": "01.01.2020"}
    assert (await petro.post("/inquiries/1/act", back)).status == 422
    due = f"{(clock.now() + timedelta(days=3)):%d.%m.%Y}"
    assert (await petro.post("/inquiries/1/act", back | {"due": due})).status == 303
    assert (await petro.post("/inquiries/1/act", back | {"due": due})).status == 409
    assert "Немає акта" in await petro.text("/inquiries/1")
    await petro.enter("petro")
    await send(petro, path, {"version": "3", "answer": "Тепер з актом"}, [])
    await petro.enter("dispatcher")
    assert (await petro.post("/inquiries/1/act", {"act": "accept", "version": "4"})).status == 303
    assert (await city.storage.inquiries.get(1)).state is InquiryState.ACCEPTED


async def test_an_answer_to_what_was_withdrawn_meanwhile_keeps_no_file(
    petro: Person, city: City, clock: MovedClock, folder: Path
) -> None:
    one = await asked(city, clock)
    await city.storage.inquiries.act(
        one, InquiryAct.WITHDRAW, clock.now(), user_id=city.olya.id, said="Помилка"
    )
    form = {"version": "1", "answer": "Ось відповідь"}
    answer = await send(petro, "/enterprise/inquiries/1", form, [("Акт.pdf", pdf())])
    page = html.unescape(await answer.text())
    assert answer.status == 409
    assert "відкликали" in page
    assert [file for file in folder.rglob("*") if file.is_file()] == []


async def test_after_the_term_it_is_marked_and_the_late_answer_as_well(
    petro: Person, city: City, clock: MovedClock
) -> None:
    await asked(city, clock)
    clock.pass_(days=6)
    await petro.enter("petro")
    assert "прострочено" in await petro.text("/enterprise/inquiries")
    await send(petro, "/enterprise/inquiries/1", {"version": "1", "answer": "Запізно"}, [])
    assert "із запізненням" in await petro.text("/enterprise/inquiries/1")


async def test_what_is_wrong_is_said_at_its_field(head: Person, city: City, clock: MovedClock) -> None:
    due = f"{clock.now():%d.%m.%Y}"
    form = {"executor": str(city.heat.id), "text": "Стан робіт", "appeals": "", "due": due}
    for typed, said in (
        ({"executor": "999"}, "не закрито"),
        ({"text": " "}, "що запитуєте"),
        ({"appeals": "2600009"}, "лише номери"),
        ({"appeals": "перше"}, "лише номери"),
        ({"due": "01.01.2020"}, "від сьогодні"),
    ):
        answer = await head.post("/inquiries/new", form | typed)
        assert (answer.status, said in await answer.text()) == (422, True), typed
    appeal = await city.enter()
    made = await head.post("/inquiries/new", form | {"appeals": f"№ {appeal.number}, {appeal.number}"})
    assert made.status == 303
    assert (await city.storage.inquiries.get(1)).appeals == (appeal.number,)
    assert "Стан робіт" not in await head.text(f"/inquiries/of/{appeal.number}")
    assert 'href="/inquiries/1"' in await head.text(f"/inquiries/of/{appeal.number}")
    assert f'href="/appeals/{appeal.number}"' in await head.text("/inquiries/1")


async def test_of_an_enterprise_that_was_closed_meanwhile_an_answer_on_paper_is_noted(
    head: Person, city: City, clock: MovedClock
) -> None:
    await asked(city, clock)
    await city.storage.executors.update(replace(city.heat, active=False))
    assert "вже закрито" in await head.text("/inquiries/1")
    form = {"act": "answer", "version": "1", "said": "Лист № 5 від 03.03"}
    assert (await head.post("/inquiries/1/act", form)).status == 303
    assert "Лист № 5" in await head.text("/inquiries/1")
