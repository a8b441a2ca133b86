"""The list of those to call back over HTTP."""

from collections.abc import Mapping

import pytest

from hotline.calls import Outcome
from hotline.users import AuditFilter, Role, User
from storage.store import Storage
from tests.cti_server.calls.conftest import MARIA, call
from tests.cti_server.conftest import Person


@pytest.fixture
async def worker(person: Person, users: Mapping[Role, User], storage: Storage) -> Person:
    assert users
    await call(storage, "m1", outcome=Outcome.ABANDONED_IN_LINE)
    await person.sign_in(Role.DISPATCHER.value)
    return person


async def test_a_number_can_be_dialled_and_leaves_only_when_it_was_reached(
    worker: Person, storage: Storage
) -> None:
    assert f'href="tel:{MARIA}"' in await worker.text("/calls/missed")
    assert (await worker.post("/calls/m1/callback", {"result": "no-answer"})).status == 303
    assert f'href="tel:{MARIA}"' in await worker.text("/calls/missed")
    assert (await worker.post("/calls/m1/callback", {"result": "reached", "note": "Так"})).status == 303
    assert "Ніхто не чекає на дзвінок" in await worker.text("/calls/missed")
    changes = await storage.audit.find(AuditFilter(action="change", subject="call:m1"), limit=9)
    assert [one.detail for one in changes] == ["callback reached", "callback no-answer"]
    assert await storage.audit.find(AuditFilter(action="view", subject="calls:missed"), limit=9)


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"result": "settled", "note": " "}, "Напишіть, як це вирішено."),
        ({"result": "nonsense", "note": "Листом"}, "Оберіть результат."),
        ({"result": "reached", "note": "я" * 501}, "Щонайбільше 500 знаків."),
    ],
)
async def test_a_bad_form_comes_back_with_the_reason_and_what_was_typed(
    worker: Person, form: Mapping[str, str], reason: str
) -> None:
    answer = await worker.post("/calls/m1/callback", form)
    page = await answer.text()
    assert answer.status == 422
    assert reason in page
    assert f'value="{form["note"].strip()}"' in page


async def test_a_call_that_nobody_can_call_back_is_not_found(worker: Person, storage: Storage) -> None:
    await call(storage, "hidden", None, outcome=Outcome.ABANDONED_IN_LINE)
    for call_id in ("hidden", "unknown"):
        assert (await worker.post(f"/calls/{call_id}/callback", {"result": "reached"})).status == 404
