import html
import re
from datetime import date, timedelta

import pytest

from cti_server.frame.numbers import grouped, read_out
from hotline.access.users import AuditFilter
from hotline.appeals.appeal import AppealKind, Sign
from hotline.calls.call import CallRecord
from hotline.city.addresses import Area
from hotline.city.classifier import Urgency, Utility, classifier
from hotline.outages.outage import By, NewOutage, Outage, OutageKind
from hotline.people.citizens import Citizen
from hotline.voice.speech import Language
from storage.store import Storage
from tests.cti_server.appeals.conftest import CALL, HOME, NUMBER, Goes
from tests.cti_server.conftest import MovedClock, Person

FIRST = "2600001"
REQUEST = "Запит на публічну інформацію має власні вид і категорію: виберіть обидва."
HTMX = {"HX-Request": "true"}


async def sent(person: Person, form: dict[str, str]) -> tuple[int, str]:
    answer = await person.post("/desk/appeals", form)
    return answer.status, html.unescape(await answer.text())


def offered(found: str) -> list[str]:
    return re.findall(r'data-value="([^"]+)"', found)


async def test_the_form_opens_for_the_call_in_hand_with_all_candidates_and_nobody_chosen(
    olena: Person,
) -> None:
    page = await olena.text(f"/desk/appeals/new?call={CALL}")
    assert f'name="call" value="{CALL}"' in page
    assert "Марія Демченко" in page
    assert "Іван Демченко" in page
    assert HOME in page
    assert not re.search(r'name="applicant"[^>]* checked', page)


async def test_the_one_person_known_by_the_number_is_chosen_and_their_consent_is_yet_to_be_asked(
    olena: Person, storage: Storage, clock: MovedClock
) -> None:
    number = "+380457900077"
    only = await storage.citizens.add("Ганна Одна", HOME, [number])
    await storage.calls.open(
        CallRecord(
            id="only", number=number, shown=number, arrived_at=clock.now(), language=Language.UKRAINIAN
        )
    )
    page = await olena.text("/desk/appeals/new?call=only&own=yes")
    assert re.search(rf'name="applicant" value="{only.id}" checked', page)
    assert not re.search(r'name="consent"[^>]* checked', page)


async def test_htmx_gets_the_part_alone(olena: Person) -> None:
    part = await (await olena.get("/desk/appeals/new", headers=HTMX)).text()
    assert part.startswith('<section id="appeal"')
    assert "<html" not in part


async def test_a_filled_in_form_becomes_an_appeal_whose_number_is_read_out(
    olena: Person, filled: dict[str, str], storage: Storage, clock: MovedClock
) -> None:
    status, page = await sent(olena, filled)
    assert status == 200
    assert "26 000 01" in page
    assert "два шість, нуль нуль нуль, нуль один" in page
    appeal = await storage.appeals.find(FIRST)
    assert appeal is not None
    assert (appeal.call_id, appeal.applicant_number, appeal.sign) == (CALL, NUMBER, Sign.FIRST)
    assert (appeal.kind, appeal.category, appeal.consent) == (AppealKind.APPLICATION, "hot-water-none", True)
    assert appeal.urgency is Urgency.URGENT
    assert appeal.due_at == clock.now() + timedelta(hours=24)
    entries = await storage.audit.find(AuditFilter(subject=f"appeal:{FIRST}"), limit=9)
    assert [entry.action for entry in entries] == ["add"]


async def test_a_request_for_information_has_its_own_index_and_five_working_days(
    olena: Person, filled: dict[str, str], storage: Storage
) -> None:
    of_request = {"kind": "information-request", "category": "public-information", "urgency": ""}
    assert (await sent(olena, filled | of_request))[0] == 200
    appeal = await storage.appeals.find(FIRST)
    assert appeal is not None
    assert (appeal.registration_index, appeal.due_on) == ("ЗПІ-1", date(2026, 3, 9))


async def test_a_form_sent_twice_is_one_appeal(
    olena: Person, filled: dict[str, str], storage: Storage
) -> None:
    first, second = await sent(olena, filled), await sent(olena, filled)
    assert first == second
    assert len(await storage.appeals.open_of(NUMBER)) == 1


@pytest.mark.parametrize(
    ("changed", "field", "reason"),
    [
        ({"text": ""}, "text", "Напишіть, про що звернення."),
        (
            {"category": ""},
            "category",
            "Категорії не вибрано: напишіть слово чи два й виберіть її зі списку.",
        ),
        ({"category": "no-such"}, "category", "Виберіть одну з показаних категорій."),
        ({"address": ""}, "address", "Напишіть адресу: де це сталося або де живе заявник."),
        ({"applicant": ""}, "applicant", "Виберіть, від кого звернення."),
        ({"applicant": "x"}, "applicant", "Виберіть, від кого звернення."),
        ({"applicant": "777"}, "applicant", "Виберіть, від кого звернення."),
        ({"applicant": "anonymous"}, "applicant", "Анонімним може бути лише повідомлення про несправність."),
        ({"applicant": "new", "name": " "}, "name", "Напишіть ім’я нового заявника."),
        ({"consent": ""}, "consent", "Запитайте згоду: без неї можливе лише анонімне повідомлення."),
        ({"kind": "x"}, "kind", "Виберіть вид."),
        ({"kind": "information-request"}, "category", REQUEST),
        ({"category": "public-information"}, "kind", REQUEST),
        ({"urgency": "x"}, "urgency", "Виберіть терміновість."),
        ({"text": "x" * 10_001}, "text", "Задовгий текст."),
    ],
)
async def test_a_bad_form_names_the_field_and_the_reason_and_keeps_what_was_typed(  # noqa: PLR0917
    olena: Person, filled: dict[str, str], storage: Storage, changed: dict[str, str], field: str, reason: str
) -> None:
    status, page = await sent(olena, filled | changed)
    assert status == 422
    assert re.search(rf'id="{field}-fault">{re.escape(reason)}', page)
    for typed in ("text", "address", "idempotency_key"):
        assert (filled | changed)[typed] in page
    assert "гар вод" in page
    assert await storage.appeals.find(FIRST) is None


async def test_no_open_form_is_lost_when_its_category_goes_and_it_is_said_what_to_do(
    olena: Person, filled: dict[str, str], storage: Storage, hot_water_goes: Goes
) -> None:
    await hot_water_goes()
    status, page = await sent(olena, filled)
    assert status == 422
    assert 'id="category-fault">Цієї категорії вже немає в класифікаторі: виберіть іншу.' in page
    assert filled["text"] in page
    status, _ = await sent(olena, filled | {"category": "hot-water-cool"})
    assert status == 200
    assert await storage.appeals.find(FIRST)


async def test_a_new_applicant_joins_the_register_under_the_number_that_called(
    olena: Person, filled: dict[str, str], storage: Storage
) -> None:
    status, _ = await sent(olena, filled | {"applicant": "new", "name": "Оксана Нова"})
    assert status == 200
    assert "Оксана Нова" in [one.name for one in await storage.citizens.calling_from(NUMBER)]


async def test_an_anonymous_report_is_taken_without_consent(
    olena: Person, filled: dict[str, str], storage: Storage
) -> None:
    form = filled | {"applicant": "anonymous", "kind": "report", "consent": "", "name": "Ніхто"}
    assert (await sent(olena, form))[0] == 200
    appeal = await storage.appeals.find(FIRST)
    assert appeal is not None
    assert appeal.applicant_id is None


async def test_the_same_again_is_asked_about_and_linked_as_a_duplicate(
    olena: Person, filled: dict[str, str], storage: Storage
) -> None:
    await sent(olena, filled)
    again = filled | {"idempotency_key": "form-2", "address": "київський квартал 7 кв 12"}
    status, page = await sent(olena, again)
    assert status == 422
    assert "Вкажіть, чи це про те саме, що й раніше." in page
    assert "та сама особа, адреса й категорія" in page
    assert (await sent(olena, again | {"earlier": FIRST}))[0] == 200
    appeal = await storage.appeals.find("2600002")
    assert appeal is not None
    assert (appeal.sign, appeal.earlier) == (Sign.DUPLICATE, FIRST)
    assert (await sent(olena, filled | {"idempotency_key": "form-3", "earlier": "none"}))[0] == 200


async def test_categories_are_proposed_by_the_text_until_one_is_chosen(
    olena: Person, filled: dict[str, str]
) -> None:
    async def proposed(changed: dict[str, str]) -> list[str]:
        answer = await olena.post("/desk/appeals/proposals", filled | changed)
        assert answer.status == 200
        return re.findall(r'data-take="([^"]+)"', await answer.text())

    assert (await proposed({"category": ""}))[0] == "hot-water-none"
    assert await proposed({}) == []
    assert await proposed({"category": "", "text": ""}) == []
    assert await proposed({"category": "", "text": "Немає гарячої води " * 500}) != []
    page = await olena.text(f"/desk/appeals/new?call={CALL}")
    assert not re.search(
        r'<option value="[^"]+" selected', page.partition('name="category"')[2].partition("</select>")[0]
    )


async def test_what_is_looked_up_while_typing(olena: Person, filled: dict[str, str]) -> None:
    await sent(olena, filled)
    categories = await olena.text("/desk/appeals/categories?category_search=люди ліфт")
    assert offered(categories) == ["lift-stuck"]
    nothing = await olena.text("/desk/appeals/categories?category_search=ррр")
    assert "Нічого не знайдено" in nothing
    assert offered(nothing) == offered(await olena.text("/desk/appeals/categories"))
    assert offered(nothing)[0] == "other"
    assert set(offered(nothing)) == set(classifier().categories)
    assert "Поліський квартал, " in await olena.text("/desk/appeals/addresses?address=моск")
    assert "Іван Демченко" in await olena.text("/desk/appeals/people?name=ів дем")
    like = await olena.get("/desk/appeals/similar", params={**filled, "applicant": "anonymous"})
    assert "той самий номер телефону" in html.unescape(await like.text())


async def test_an_old_street_name_is_registered_with_the_new_one(
    olena: Person, filled: dict[str, str], storage: Storage
) -> None:
    await sent(olena, filled | {"address": "Московський квартал, 5"})
    appeal = await storage.appeals.find(FIRST)
    assert appeal is not None
    assert appeal.address == "Поліський квартал, 5"


async def test_what_is_typed_is_there_again_after_a_crash_and_gone_after_registering(
    olena: Person, filled: dict[str, str]
) -> None:
    kept = await olena.post("/desk/appeals/draft", filled | {"text": "Щойно набране"})
    assert await kept.json() == {"faults": []}
    page = html.unescape(await olena.text(f"/desk/appeals/new?call={CALL}"))
    assert "Щойно набране" in page
    assert 'value="hot-water-none" selected' in page
    assert 'value="form-1"' in page
    await sent(olena, filled)
    await olena.post("/desk/appeals/draft", filled | {"text": "Щойно набране"})
    assert "Щойно набране" not in await olena.text(f"/desk/appeals/new?call={CALL}")


async def test_while_one_types_it_is_told_which_fields_are_still_wrong(
    olena: Person, filled: dict[str, str]
) -> None:
    kept = await olena.post("/desk/appeals/draft", filled | {"text": "", "consent": ""})
    assert await kept.json() == {"faults": ["consent", "text"]}


async def test_a_form_thrown_away_is_gone(olena: Person, filled: dict[str, str]) -> None:
    await olena.post("/desk/appeals/draft", filled | {"text": "Щойно набране"})
    answer = await olena.client.post(
        "/desk/appeals/discard",
        data={"csrf": olena.csrf, "call": CALL},
        headers=olena.origin | HTMX,
    )
    assert (await answer.text()).strip() == '<section id="appeal" hidden></section>'
    assert "Щойно набране" not in await olena.text(f"/desk/appeals/new?call={CALL}")


async def test_who_is_named_and_known_to_nobody_is_a_new_applicant(
    olena: Person, filled: dict[str, str], storage: Storage
) -> None:
    status, _ = await sent(olena, filled | {"applicant": "", "name": "Оксана Нова"})
    assert status == 200
    assert "Оксана Нова" in [one.name for one in await storage.citizens.calling_from(NUMBER)]


async def test_who_is_named_and_known_has_to_be_chosen(
    olena: Person, filled: dict[str, str], storage: Storage
) -> None:
    status, page = await sent(olena, filled | {"applicant": "", "name": "марія"})
    assert status == 422
    assert "Виберіть, від кого звернення." in page
    assert await storage.appeals.find(FIRST) is None


async def test_a_further_appeal_of_the_same_call_is_from_the_same_person(
    olena: Person, filled: dict[str, str], maria: Citizen
) -> None:
    await sent(olena, filled)
    page = await olena.text(f"/desk/appeals/new?call={CALL}")
    assert f'name="applicant" value="{maria.id}" checked' in page
    assert 'name="consent" value="yes" checked' in page
    assert filled["text"] not in page


async def test_the_applicants_categories_are_noted_with_them_and_of_nobody_else(
    olena: Person, filled: dict[str, str], maria: Citizen, storage: Storage
) -> None:
    asked = await olena.text(f"/desk/appeals/benefits?applicant={maria.id}")
    assert f'name="benefits_of" value="{maria.id}"' in asked
    assert "Потерпіла особа від Чорнобильської катастрофи" in asked
    of_another = filled | {"benefits": "7.13", "benefits_of": "new"}
    await sent(olena, of_another)
    assert (await storage.citizens.get(maria.id)).benefits == ()
    await sent(
        olena,
        filled
        | {"idempotency_key": "form-2", "earlier": "none", "benefits": "7.14", "benefits_of": str(maria.id)},
    )
    assert (await storage.citizens.get(maria.id)).benefits == ("7.14",)
    assert "Потерпіла особа" in await olena.text(f"/desk/appeals/new?call={CALL}")
    entries = await storage.audit.find(AuditFilter(subject=f"citizen:{maria.id}"), limit=9)
    assert [entry.action for entry in entries] == ["change", "view"]


async def test_an_appeal_is_opened_at_the_desk_beside_the_form(
    olena: Person, filled: dict[str, str], storage: Storage
) -> None:
    await sent(olena, filled)
    part = await olena.text(f"/desk/appeals/{FIRST}")
    assert part.startswith('<section id="opened"')
    assert "Немає гарячої води" in part
    entries = await storage.audit.find(AuditFilter(subject=f"appeal:{FIRST}"), limit=9)
    assert (entries[0].action, entries[0].detail) == ("view", "desk")


async def test_an_emergency_takes_one_page_and_one_post(olena: Person, storage: Storage) -> None:
    page = await olena.text(f"/desk/appeals/emergency?call={CALL}")
    found = re.search(r'name="idempotency_key" value="([^"]+)"', page)
    assert found
    answer = await olena.post("/desk/appeals/emergency", {"call": CALL, "idempotency_key": found[1]})
    assert "26 000 01" in await answer.text()
    appeal = await storage.appeals.find(FIRST)
    assert appeal is not None
    assert (appeal.kind, appeal.urgency) == (AppealKind.REPORT, Urgency.EMERGENCY)
    assert (appeal.address, appeal.applicant_id, appeal.applicant_number) == (HOME, None, NUMBER)
    assert appeal.due_at == appeal.registered_at + timedelta(hours=2)


async def test_a_consultation_leaves_no_appeal(
    olena: Person, filled: dict[str, str], storage: Storage
) -> None:
    answer = await olena.post("/desk/appeals", filled | {"do": "consultation"})
    assert "Консультацію записано" in await answer.text()
    assert await storage.appeals.open_of(NUMBER) == []
    empty = await olena.post("/desk/appeals", filled | {"do": "consultation", "text": ""})
    assert empty.status == 422


async def test_an_appeal_has_a_page_and_looking_at_it_is_on_record(
    olena: Person, filled: dict[str, str], storage: Storage
) -> None:
    await sent(olena, filled)
    page = await olena.text(f"/appeals/{FIRST}")
    for shown in ("26 000 01", "Немає гарячої води", "Марія Демченко", HOME, "Первинне"):
        assert shown in page
    entries = await storage.audit.find(AuditFilter(subject=f"appeal:{FIRST}"), limit=9)
    assert [entry.action for entry in entries] == ["view", "add"]
    assert (await olena.get("/appeals/999")).status == 404


def test_a_number_is_read_out_in_both_languages() -> None:
    assert grouped("2600123") == "26 001 23"
    assert read_out("2600001", "en") == "two six, zero zero zero, zero one"


async def hot_water_off(storage: Storage, clock: MovedClock) -> Outage:
    new = NewOutage(
        utility=Utility.HOT_WATER,
        kind=OutageKind.REPAIR,
        starts_at=clock.now() - timedelta(hours=1),
        areas=(Area(street="Київський квартал", first=1, last=15),),
    )
    return await storage.outages.enter(new, By())


async def test_an_outage_at_the_address_is_offered_and_the_appeal_belongs_to_it(
    olena: Person, filled: dict[str, str], storage: Storage, clock: MovedClock
) -> None:
    asked = {"category": filled["category"], "address": "кв-л Київський 7", "call": CALL}
    before = await (await olena.get("/desk/appeals/similar", params=asked)).text()
    assert "Там уже відоме відключення" not in before
    outage = await hot_water_off(storage, clock)
    offered = await (await olena.get("/desk/appeals/similar", params=asked)).text()
    assert "Гаряча вода, Київський квартал, 1–15" in offered
    assert f'name="outage" value="{outage.id}" checked' in offered
    elsewhere = await olena.get("/desk/appeals/similar", params=asked | {"address": "Ризький квартал, 7"})
    assert "Там уже відоме відключення" not in await elsewhere.text()
    answer = await olena.post("/desk/appeals", filled | {"outage": str(outage.id)})
    assert answer.status == 200
    assert await storage.outage_reports.outage_of("2600001") == outage
    card = await olena.text("/appeals/2600001")
    assert f'href="/outage-register/{outage.id}"' in card
    assert "триває" in card


async def test_what_is_about_something_else_is_kept_apart_and_can_be_linked_on_the_card(
    olena: Person, filled: dict[str, str], storage: Storage, clock: MovedClock
) -> None:
    outage = await hot_water_off(storage, clock)
    await olena.post("/desk/appeals", filled | {"outage": "none"})
    kept = await storage.outage_reports.of_appeal("2600001")
    assert kept is not None
    assert (kept.apart, kept.outage_id) == (True, None)
    assert f'href="/outage-register/{outage.id}"' not in await olena.text("/appeals/2600001")


async def test_on_the_card_an_outage_is_offered_linked_and_taken_away_again(
    olena: Person, filled: dict[str, str], storage: Storage, clock: MovedClock
) -> None:
    await olena.post("/desk/appeals", filled)
    outage = await hot_water_off(storage, clock)
    assert "Долучити звернення до цього відключення" in await olena.text("/appeals/2600001")
    answer = await olena.post("/appeals/2600001/outage", {"outage": str(outage.id)})
    assert (answer.status, answer.headers["Location"]) == (303, "/appeals/2600001")
    assert await storage.outage_reports.outage_of("2600001") == outage
    await storage.outages.end(outage.id, clock.now(), By())
    card = await olena.text("/appeals/2600001")
    assert "Відключення закінчилося, звернення — ще ні" in card
    await olena.post("/appeals/2600001/outage", {"outage": "none"})
    assert await storage.outage_reports.outage_of("2600001") is None
    assert (await olena.post("/appeals/2600001/outage", {"outage": "77"})).status == 409
    assert (await olena.post("/appeals/2609999/outage", {"outage": "none"})).status == 404
