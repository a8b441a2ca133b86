"""Who gets what is registered, as the dispatcher sees it at once."""

import html
import re

import pytest

from cti_server.appeals.form.filled import Filled
from hotline.appeals.appeal import AppealState, Sign
from hotline.appeals.control import AppealWaitsFor
from hotline.appeals.registering import Likeness, Similar
from hotline.appeals.routing import Rule
from hotline.contact.channel import Channel
from hotline.enterprises.executors import Contact, Executor
from storage.store import Storage
from tests.cti_server.appeals.conftest import CALL, HOME
from tests.cti_server.conftest import KYIV, Person
from tests.hotline.appeals.people import APPEAL, NOON
from tests.storage.enterprise import waiting

FIRST, SECOND = "2600001", "2600002"
MOBILE = "+380671234567"


@pytest.fixture
async def heat(storage: Storage) -> Executor:
    """Has hot water and, as nobody else would, what is an emergency."""
    desk = Contact(name="Диспетчерська", number="+380457900061", email="desk@slavutych.example")
    made = await storage.executors.add("КП «Славутич Тепломережі»", "Тепломережі", (desk,), demo=True)
    await storage.rules.add(Rule(order=1, executor_id=made.id, categories=("hot-water-*", "emergency")))
    return made


async def sent(person: Person, form: dict[str, str]) -> str:
    answer = await person.post("/desk/appeals", form)
    assert answer.status == 200
    return html.unescape(await answer.text())


async def test_the_dispatcher_sees_who_got_it(
    olena: Person, filled: dict[str, str], heat: Executor, storage: Storage
) -> None:
    assert "Передано виконавцеві: Тепломережі." in await sent(olena, filled)
    appeal = await storage.appeals.find(FIRST)
    assert appeal is not None
    assert (appeal.state, appeal.executor_id) == (AppealState.ASSIGNED, heat.id)
    assert "Передано виконавцеві: Тепломережі." in await sent(olena, filled)  # sent twice


async def test_whoever_is_late_with_the_same_form_is_told_what_of_theirs_is_not_registered(
    olena: Person, filled: dict[str, str]
) -> None:
    await sent(olena, filled)
    assert "Набраного вами" not in await sent(olena, filled), "sent twice"
    late = await sent(olena, filled | {"text": f"{filled['text']}, вдома немовля", "details.helpless": "yes"})
    assert "вже зареєстровано з іншого вікна" in late
    assert f"{filled['text']}, вдома немовля" in late
    assert f'data-open="/desk/appeals/{FIRST}"' in late


async def test_what_no_rule_takes_is_said_to_be_on_the_list(
    olena: Person, filled: dict[str, str], heat: Executor, storage: Storage
) -> None:
    page = await sent(olena, filled | {"category": "noise"})
    assert "звернення чекає, доки його призначать" in page
    assert [one.number for one in await waiting(storage, AppealWaitsFor.UNROUTED)] == [FIRST]


async def test_an_emergency_in_two_keys_is_handed_over_at_once_by_every_way(
    olena: Person, heat: Executor, storage: Storage
) -> None:
    page = await olena.text(f"/desk/appeals/emergency?call={CALL}")
    found = re.search(r'name="idempotency_key" value="([^"]+)"', page)
    assert found
    answer = await olena.post("/desk/appeals/emergency", {"call": CALL, "idempotency_key": found[1]})
    assert "Передано виконавцеві: Тепломережі." in html.unescape(await answer.text())
    notices = await storage.outbox.of_appeal(FIRST)
    channels = {one.channel for one in notices if one.to == f"contact:{heat.contacts[0].id}"}
    assert channels == {Channel.EMAIL, Channel.SMS, Channel.CALL}


async def test_a_neighbours_report_goes_along_with_the_work_that_is_under_way(
    olena: Person, filled: dict[str, str], heat: Executor, storage: Storage
) -> None:
    other = await storage.citizens.add("Ганна Зразкова", HOME, [])
    await sent(olena, filled | {"idempotency_key": "form-0", "applicant": str(other.id)})
    page = await sent(olena, filled | {"earlier": FIRST})
    assert f"Виконується разом зі зверненням № {FIRST}." in page
    appeal = await storage.appeals.find(SECOND)
    assert appeal is not None
    assert (appeal.parent, appeal.sign, appeal.executor_id) == (FIRST, Sign.DUPLICATE, heat.id)
    again = await sent(olena, filled | {"idempotency_key": "form-3", "earlier": SECOND})
    assert f"№ {FIRST}." in again  # no chains


def test_who_calls_from_a_mobile_telephone_and_agrees_is_told_by_message(filled: dict[str, str]) -> None:
    def reply_by(number: str | None, earlier: Similar | None = None, **typed: str) -> Channel | None:
        form = Filled(filled | typed)
        new = form.appeal(address=HOME, number=number, earlier=earlier, user_id=1, now=NOON, zone=KYIV)
        return new.reply_by

    assert reply_by(MOBILE) is Channel.SMS
    assert reply_by(MOBILE, applicant="anonymous", kind="report") is None
    assert reply_by("+380457900001") is None
    assert reply_by(None) is None
    known = Similar(appeal=APPEAL, likeness=Likeness.PERSON)
    assert reply_by(MOBILE, known) is None  # they hear of the first one
