"""Files of tasks and of orders: brought by whoever may note, read by right, each handing out written down."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import func, select

from hotline.access.permissions import Role
from hotline.access.users import User
from storage.store import Storage
from storage.tables import audit
from tests.cti_server.conftest import Person
from tests.cti_server.enterprise.sending import send
from tests.cti_server.tasks.conftest import Centre, lay_signature
from tests.cti_server.tasks.test_directives import ORDER
from tests.storage.pictures import pdf, photo


async def handed_out(storage: Storage, record: str) -> int:
    wanted = select(func.count()).where(audit.c.action == "export", audit.c.detail == record)
    async with storage.database.reading() as connection:
        found: int = (await connection.execute(wanted)).scalar_one()
    return found


async def test_a_task_has_files_that_are_checked_and_read_by_those_who_know_its_reports(
    centre: Centre, olena: Person, storage: Storage, tmp_path: Path, users: Mapping[Role, User]
) -> None:
    path = await centre.give()
    files = [("Перелік.pdf", pdf()), ("двір.jpg", photo())]
    assert (await send(olena, f"{path}/files", {}, files)).status == 303
    page = await olena.text(path)
    assert "Перелік.pdf" in page
    for file in (f"{path}/files/1", f"{path}/files/2/preview"):
        assert (await centre.head.get(file)).status == 200
    assert await handed_out(storage, "task:1") == 1, "a preview is a look, not a file taken out"
    assert (await olena.get(f"{path}/files/1/preview")).status == 404, "a paper has no small picture"
    other = await centre.give(key="k2", text="Інше")
    assert (await centre.head.get(f"{other}/files/1")).status == 404, "of another task"
    refused = await send(olena, f"{path}/files", {}, [("хитрий.pdf", b"MZ" + bytes(600))])
    assert (refused.status, "хитрий.pdf" in await refused.text()) == (422, True)
    nothing = await send(olena, f"{path}/files", {}, [])
    assert (nothing.status, "Файл не вибрано" in await nothing.text()) == (422, True)
    await olena.enter(users[Role.OBSERVER].login)
    assert "Перелік.pdf" not in await olena.text(path)
    assert (await olena.get(f"{path}/files/1")).status == 403
    kept = [one for one in (tmp_path / "evidence").rglob("*") if one.is_file()]
    assert len(kept) == 3, "the paper, the photo and its small picture"


async def test_the_same_file_sent_twice_at_once_is_one_and_an_ended_task_takes_none(
    centre: Centre, olena: Person, storage: Storage
) -> None:
    path = await centre.give()
    sent = [send(one, f"{path}/files", {}, [("Акт.pdf", pdf())]) for one in (olena, centre.head)]
    assert [answer.status for answer in await asyncio.gather(*sent)] == [303, 303]
    assert len(await storage.record_files.of_record("task:1")) == 1
    assert (await centre.head.post(f"{path}/withdraw", {"version": "1", "said": "Помилка"})).status == 303
    assert (await send(olena, f"{path}/files", {}, [("Другий.jpg", photo())])).status == 403
    assert len(await storage.record_files.of_record("task:1")) == 1


async def test_an_order_has_its_own_text_as_a_file(centre: Centre, olena: Person, storage: Storage) -> None:
    await centre.head.post("/tasks/orders", ORDER)
    path = "/tasks/orders/1"
    assert (await send(olena, f"{path}/files", {}, [("р.pdf", pdf())])).status == 403
    assert (await send(centre.head, f"{path}/files", {}, [("Розпорядження.pdf", pdf())])).status == 303
    assert "Розпорядження.pdf" in await olena.text(path)
    assert (await olena.get(f"{path}/files/1")).status == 200
    assert await handed_out(storage, "directive:1") == 1
    found = await storage.record_files.known(["нема", (await storage.record_files.get(1, "directive:1")).key])
    assert len(found) == 1, "the sweep of what nobody names leaves it"


async def test_a_signature_beside_the_paper_says_whose_it_is_as_soon_as_the_paper_is_there(
    centre: Centre, storage: Storage, tmp_path: Path
) -> None:
    await centre.head.post("/tasks/orders", ORDER)
    path, paper = "/tasks/orders/1", pdf()
    await lay_signature(storage, tmp_path, paper, centre.head_user)
    assert (await send(centre.head, f"{path}/files", {}, [("двір.jpg", photo())])).status == 303
    page = await centre.head.text(path)
    assert "Підпис тут перевірити не можна" in page
    assert "поруч немає документа" in page
    both = [("Розпорядження.pdf", paper), ("Розпорядження.pdf", paper + b"\n")]
    assert (await send(centre.head, f"{path}/files", {}, both)).status == 303
    page = await centre.head.text(path)
    assert "Фомічев Юрій Кирилович, Славутицька міська рада" in page
    assert "довірчого списку, за яким видно, чий він, не задано" in page, "no list, no trust"
    [found, *_] = await storage.record_files.of_record("directive:1")
    assert (found.name, found.signatures[0].of) == ("Розпорядження.p7s", "Розпорядження.pdf")
