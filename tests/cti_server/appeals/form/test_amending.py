import html
import re

import pytest

from hotline.access.users import AuditFilter
from hotline.appeals.acts.keeping import Amend
from hotline.city.classifier import Urgency
from storage.store import Storage
from tests.cti_server.appeals.conftest import Goes
from tests.cti_server.conftest import MovedClock, Person

FIRST = "2600001"


@pytest.fixture
async def right(olena: Person, filled: dict[str, str]) -> dict[str, str]:
    """An appeal was registered a moment ago; the form that puts it right, with nothing changed yet."""
    await olena.post("/desk/appeals", filled)
    return {
        "version": "1",
        "text": filled["text"],
        "category": filled["category"],
        "address": filled["address"],
        "urgency": "urgent",
    }


async def test_what_was_registered_a_moment_ago_is_put_right_and_the_history_keeps_what_was(
    olena: Person, right: dict[str, str], storage: Storage
) -> None:
    page = html.unescape(await olena.text(f"/desk/appeals/{FIRST}/amend"))
    assert "Немає гарячої води з ранку" in page
    appeal = await storage.registry.find(FIRST)
    assert appeal is not None
    right |= {"version": str(appeal.version), "text": "Немає холодної води", "category": "water-none"}
    right |= {"address": "Московський квартал, 5", "urgency": "emergency"}
    answer = await olena.post(f"/desk/appeals/{FIRST}/amend", right)
    assert "26 000 01" in await answer.text()
    then = await storage.registry.find(FIRST)
    assert then is not None
    assert (then.text, then.category, then.urgency) == (
        "Немає холодної води",
        "water-none",
        Urgency.EMERGENCY,
    )
    assert then.address == "Поліський квартал, 5"
    assert then.due_at == appeal.due_at
    entry = (await storage.handling.history(FIRST, hidden=True))[-1]
    assert entry.act == Amend.name
    entries = await storage.audit.find(AuditFilter(subject=f"appeal:{FIRST}"), limit=9)
    assert [(one.action, one.detail) for one in entries][:2] == [("change", "amend"), ("view", "amend")]


async def test_a_fault_keeps_what_was_typed_and_changes_nothing(
    olena: Person, right: dict[str, str], storage: Storage
) -> None:
    answer = await olena.post(f"/desk/appeals/{FIRST}/amend", right | {"text": "", "address": "Нова, 1"})
    assert answer.status == 422
    page = html.unescape(await answer.text())
    assert "Напишіть, про що звернення." in page
    assert "Нова, 1" in page
    appeal = await storage.registry.find(FIRST)
    assert appeal is not None
    assert appeal.text == "Немає гарячої води з ранку"


async def test_who_saw_an_older_version_is_told_so_and_what_they_typed_stays(
    olena: Person, right: dict[str, str], storage: Storage
) -> None:
    appeal = await storage.registry.find(FIRST)
    assert appeal is not None
    answer = await olena.post(f"/desk/appeals/{FIRST}/amend", right | {"text": "Інше", "version": "77"})
    assert answer.status == 409
    page = html.unescape(await answer.text())
    assert ">Інше</textarea>" in page
    assert "Тим часом його змінив хтось інший" in page
    assert f'name="version" value="{appeal.version}"' in page
    assert (await olena.post(f"/desk/appeals/{FIRST}/amend", right | {"version": ""})).status == 400


@pytest.mark.usefixtures("right")
async def test_later_it_is_put_right_elsewhere(olena: Person, clock: MovedClock) -> None:
    clock.pass_(hours=11)
    assert (await olena.get(f"/desk/appeals/{FIRST}/amend")).status == 200
    clock.pass_(hours=2)
    assert (await olena.get(f"/desk/appeals/{FIRST}/amend")).status in {302, 404}


async def test_what_was_registered_in_a_category_that_has_gone_is_put_right_in_it(
    olena: Person, right: dict[str, str], storage: Storage, hot_water_goes: Goes
) -> None:
    await hot_water_goes()
    page = await olena.text(f"/desk/appeals/{FIRST}/amend")
    assert re.search(r'value="hot-water-none" selected', page)
    appeal = await storage.registry.find(FIRST)
    assert appeal is not None
    mended = right | {"version": str(appeal.version), "text": "Немає гарячої води від учора"}
    answer = await olena.post(f"/desk/appeals/{FIRST}/amend", mended)
    assert answer.status == 200, await answer.text()
    then = await storage.registry.find(FIRST)
    assert then is not None
    assert (then.text, then.category) == ("Немає гарячої води від учора", "hot-water-none")


async def test_another_category_asks_its_own_questions_and_keeps_what_both_ask(
    olena: Person, right: dict[str, str], storage: Storage
) -> None:
    appeal = await storage.registry.find(FIRST)
    assert appeal is not None
    form = html.unescape(await olena.text(f"/desk/appeals/{FIRST}/amend"))
    assert 'name="asked" value="hot-water-none"' in form
    answered = {"asked": "hot-water-none", "details.since": "1.03.2026 7:30", "details.flats": "12"}
    url = f"/desk/appeals/{FIRST}/amend"
    answer = await olena.post(url, right | answered | {"version": str(appeal.version)})
    assert answer.status == 200, await answer.text()
    appeal = await storage.registry.find(FIRST)
    assert appeal is not None
    assert [one.code for one in appeal.details] == ["since", "flats"]
    part = await olena.text(f"/desk/appeals/asked?category=lift-stuck&of={FIRST}&within=right")
    assert 'id="right-details.lift-where"' in part
    assert "details.since" not in part

    lift = right | {"category": "lift-stuck", "version": str(appeal.version)}
    quick = await olena.post(url, lift | answered)  # sent before the questions of the other category came
    page = html.unescape(await quick.text())
    assert (quick.status, 'name="details.lift-where"' in page) == (422, True)
    assert "У цієї категорії інші запитання" in page
    needed = await olena.post(url, lift | {"asked": "lift-stuck", "details.lift-people": "2"})
    assert (needed.status, "Запитайте: це обов’язково." in await needed.text()) == (422, True)
    same = await storage.registry.find(FIRST)
    assert same == appeal, "nothing was changed"

    said = {"asked": "lift-stuck", "details.lift-where": "другий, між 3 і 4", "details.lift-ill": "unknown"}
    assert (await olena.post(url, lift | said)).status == 200
    then = await storage.registry.find(FIRST)
    assert then is not None
    assert [(one.code, one.answer) for one in then.details] == [
        ("lift-where", "другий, між 3 і 4"),
        ("lift-ill", "unknown"),
    ]
    card = html.unescape(await olena.text(f"/appeals/{FIRST}"))
    assert "Було: Відколи? — 01.03.2026 07:30; Скільки приблизно квартир без послуги? — 12</p>" in card, (
        "the history keeps what was answered"
    )
    assert "категорія, відповіді на запитання категорії" in card


async def test_answers_that_the_other_category_asks_for_too_go_along(
    olena: Person, filled: dict[str, str], storage: Storage
) -> None:
    answered = {"details.since": "1.03.2026 7:30", "details.extent": "у всьому будинку"}
    await olena.post("/desk/appeals", filled | answered)
    part = html.unescape(await olena.text(f"/desk/appeals/asked?category=street-light&of={FIRST}"))
    assert 'name="details.since" autocomplete="off" maxlength="500" value="01.03.2026 07:30"' in part
    appeal = await storage.registry.find(FIRST)
    assert appeal is not None
    right = {"version": str(appeal.version), **{one: filled[one] for one in ("text", "address")}}
    right |= {"category": "street-light", "urgency": appeal.urgency.value}
    await olena.post(f"/desk/appeals/{FIRST}/amend", right)  # of a page without questions
    then = await storage.registry.find(FIRST)
    assert then is not None
    assert (then.category, then.details) == ("street-light", appeal.details[:1])
