"""Whose a form is: asked whenever somebody else is on the line; the page says which call, nobody guesses."""

import html
import re
from collections.abc import Mapping
from datetime import timedelta

import pytest

from cti_server.appeals.form.whose import taken_over
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.calls.call import CallRecord
from hotline.line.presence_states import Presence
from hotline.people.citizens import Citizen
from storage.store import Storage
from tests.cti_server.appeals.conftest import CALL, HOME, NUMBER
from tests.cti_server.conftest import MovedClock, Person

NEXT, HIS = "hotline-9.9", "+380457900006"
ELSEWHERE = "Чернігівський квартал, 2"
FIRST = "2600001"


@pytest.fixture
async def bohdan(olena: Person, storage: Storage, clock: MovedClock) -> Citizen:
    """Rings after Maria's call is over; her card still stands there."""
    (desk,) = await storage.dispatchers.all()
    await storage.line.leave(CALL, clock.now())
    await storage.line.talk_ended(CALL, desk.id, clock.now(), wrap_up=timedelta(0))
    one = await storage.citizens.add("Богдан Вигаданий", ELSEWHERE, [HIS])
    await storage.calls.open(CallRecord(id=NEXT, number=HIS, shown=HIS, arrived_at=clock.now()))
    await storage.calls.flush()
    await storage.line.enter(NEXT, at=clock.now())
    assert await storage.line.pair(clock.now())
    return one


async def answers(storage: Storage, clock: MovedClock) -> None:
    (desk,) = await storage.dispatchers.all()
    assert await storage.line.answered(NEXT, desk.id, clock.now())


async def asked(person: Person, path: str) -> tuple[int, str]:
    answer = await person.get(path)
    return answer.status, html.unescape(await answer.text())


async def sent(person: Person, path: str, form: dict[str, str]) -> tuple[int, str]:
    answer = await person.post(path, form)
    return answer.status, html.unescape(await answer.text())


@pytest.mark.parametrize("kind", ["new", "emergency"])
@pytest.mark.parametrize("state", ["rings", "talks"])
@pytest.mark.parametrize("call", [CALL, ""], ids=["of the call before", "of no call"])
async def test_no_form_of_another_is_opened_unasked_while_somebody_rings_or_talks(  # noqa: PLR0917
    olena: Person, bohdan: Citizen, storage: Storage, clock: MovedClock, kind: str, state: str, call: str
) -> None:
    if state == "talks":
        await answers(storage, clock)
    status, page = await asked(olena, f"/desk/appeals/{kind}?call={call}")
    assert status == 409
    assert "Для кого це звернення?" in page
    assert "Богдан Вигаданий" in page
    assert ("Марія Демченко / Іван Демченко" if call else "Без дзвінка") in page
    assert "<form" not in page.partition('id="appeal"')[2]


@pytest.mark.parametrize("kind", ["new", "emergency"])
async def test_whoever_rings_has_their_own_form_with_their_name_number_and_address(
    olena: Person, bohdan: Citizen, kind: str
) -> None:
    status, page = await asked(olena, f"/desk/appeals/{kind}?call={NEXT}")
    assert status == 200
    title = page.partition('id="appeal-title"')[2].partition("</h2>")[0]
    assert "Богдан Вигаданий" in title
    assert "+380 4579 00006" in title
    assert ELSEWHERE in page
    assert "Марія" not in page.partition('id="appeal"')[2]


async def test_the_next_callers_form_has_neither_consent_nor_applicant_nor_address_of_the_one_before(
    olena: Person, filled: dict[str, str], bohdan: Citizen
) -> None:
    assert (await sent(olena, "/desk/appeals?own=yes", filled))[0] == 200
    _, page = await asked(olena, f"/desk/appeals/new?call={NEXT}")
    assert re.findall(r'name="applicant" value="(\d+)" checked', page) == [str(bohdan.id)]
    assert not re.search(r'name="consent"[^>]* checked', page)
    assert HOME not in page


async def test_a_form_begun_before_is_not_registered_while_somebody_else_talks_and_keeps_each_word(
    olena: Person, filled: dict[str, str], bohdan: Citizen, storage: Storage, clock: MovedClock
) -> None:
    await answers(storage, clock)
    status, page = await sent(olena, "/desk/appeals", filled)
    assert status == 409
    assert "на лінії зараз інший заявник" in page
    assert filled["text"] in page
    assert f'name="applicant" value="{filled["applicant"]}" checked' in page
    assert await storage.appeals.find(FIRST) is None
    status, _ = await sent(olena, "/desk/appeals", filled | {"do": "consultation"})
    assert status == 409
    assert (await sent(olena, "/desk/appeals?own=yes", filled))[0] == 200
    appeal = await storage.appeals.find(FIRST)
    assert appeal is not None
    assert (appeal.call_id, appeal.applicant_number) == (CALL, NUMBER)


async def test_the_same_form_sent_again_after_the_next_call_came_is_still_one_appeal(
    olena: Person, filled: dict[str, str], bohdan: Citizen, storage: Storage
) -> None:
    await sent(olena, "/desk/appeals?own=yes", filled)
    assert (await sent(olena, "/desk/appeals", filled))[0] == 200
    assert await storage.appeals.find("2600002") is None


async def test_a_form_asked_for_by_its_own_button_is_registered_until_yet_another_calls(
    olena: Person, filled: dict[str, str], bohdan: Citizen, storage: Storage, clock: MovedClock
) -> None:
    await answers(storage, clock)
    status, page = await asked(olena, f"/desk/appeals/new?call={CALL}&own=yes")
    assert status == 200
    assert "Не той заявник, що на лінії" in page
    assert f'name="beside" value="{NEXT}"' in page
    another = filled | {"beside": "hotline-8.8"}
    assert (await sent(olena, "/desk/appeals", another))[0] == 409
    assert (await sent(olena, "/desk/appeals", filled | {"beside": NEXT}))[0] == 200


async def test_an_emergency_of_the_call_before_is_asked_about_and_not_registered(
    olena: Person, bohdan: Citizen, storage: Storage, clock: MovedClock
) -> None:
    await answers(storage, clock)
    form = {"call": CALL, "idempotency_key": "form-7"}
    status, page = await sent(olena, "/desk/appeals/emergency", form)
    assert status == 409
    assert "Богдан Вигаданий" in page
    assert await storage.appeals.find(FIRST) is None
    assert (await sent(olena, "/desk/appeals/emergency", form | {"call": NEXT}))[0] == 200
    appeal = await storage.appeals.find(FIRST)
    assert appeal is not None
    assert (appeal.call_id, appeal.applicant_number, appeal.address) == (NEXT, HIS, ELSEWHERE)


async def test_what_was_typed_for_the_wrong_one_moves_to_the_right_one_without_the_person(
    olena: Person, filled: dict[str, str], bohdan: Citizen, storage: Storage, clock: MovedClock
) -> None:
    await answers(storage, clock)
    await sent(olena, "/desk/appeals/draft", filled)
    status, page = await sent(olena, f"/desk/appeals/move?to={NEXT}", filled)
    assert status == 200
    assert filled["text"] in page
    assert 'value="hot-water-none" selected' in page
    assert f'name="call" value="{NEXT}"' in page
    assert re.findall(r'name="applicant" value="(\d+)" checked', page) == [str(bohdan.id)]
    assert not re.search(r'name="consent"[^>]* checked', page)
    assert HOME not in page
    assert ELSEWHERE in page
    (user,) = [one for one in await storage.users.all() if one.role is Role.DISPATCHER]
    assert await storage.forms.saved(user.id, clock.now().replace(year=2025)) == [NEXT]


def test_what_is_moved_stands_below_what_is_there_and_changes_no_category() -> None:
    mistaken = {"text": "друге", "category": "b", "consent": "yes", "applicant": "7", "address": "там"}
    theirs = {"text": "перше", "category": "a", "call": "c2"}
    assert taken_over(mistaken, theirs) == {"text": "перше\nдруге", "category": "a", "call": "c2"}


async def test_without_a_call_the_form_says_so_and_is_registered(
    olena: Person, filled: dict[str, str], storage: Storage, clock: MovedClock
) -> None:
    (desk,) = await storage.dispatchers.all()
    await storage.line.leave(CALL, clock.now())
    await storage.line.talk_ended(CALL, desk.id, clock.now(), wrap_up=timedelta(0))
    assert (await storage.dispatchers.get(desk.id)).presence is Presence.READY
    status, page = await asked(olena, "/desk/appeals/new")
    assert status == 200
    assert "Без дзвінка" in page
    assert "Марія Демченко" not in page
    assert (await sent(olena, "/desk/appeals", filled | {"call": ""}))[0] == 200
    appeal = await storage.appeals.find(FIRST)
    assert appeal is not None
    assert (appeal.call_id, appeal.applicant_number) == (None, None)


async def test_what_is_read_aloud_names_whose_it_is(
    olena: Person, filled: dict[str, str], maria: Citizen
) -> None:
    _, page = await sent(olena, "/desk/appeals", filled)
    whose = page.partition('class="appeal-whom"')[2].partition("</p>")[0]
    assert "Марія Демченко" in whose
    assert "+380 4579 00001" in whose
    assert f'id="appeal" class="card appeal" data-call="{CALL}"' in page
    _, consulted = await sent(
        olena, "/desk/appeals", filled | {"idempotency_key": "two", "do": "consultation"}
    )
    assert "Марія Демченко / Іван Демченко" in consulted
    assert f'data-call="{CALL}"' in consulted


async def test_half_filled_forms_stand_in_one_line_each_with_name_and_time_but_for_the_open_one(
    olena: Person, filled: dict[str, str], bohdan: Citizen
) -> None:
    for call in (CALL, NEXT, ""):
        await sent(olena, "/desk/appeals/draft", filled | {"call": call, "idempotency_key": f"of-{call}"})
    _, lines = await asked(olena, f"/desk/appeals/left?open={NEXT}")
    assert re.findall(r"<strong>([^<]*)</strong>(, \d\d:\d\d)?", lines) == [
        ("Без дзвінка", ""),
        ("Марія Демченко / Іван Демченко", ", 14:00"),
    ]
    assert f'data-form-call="{CALL}"' in lines
    _, all_of_them = await asked(olena, "/desk/appeals/left")
    assert "Богдан Вигаданий" in all_of_them


async def test_a_form_begun_by_a_colleague_goes_along_with_whoever_is_passed_on_and_is_one_appeal(  # noqa: PLR0917
    olena: Person,
    filled: dict[str, str],
    bohdan: Citizen,
    users: Mapping[Role, User],
    storage: Storage,
    clock: MovedClock,
) -> None:
    colleague = users[Role.HEAD].id
    begun = filled | {"call": NEXT, "text": "Тече дах", "applicant": str(bohdan.id)}
    await storage.forms.save(colleague, NEXT, begun, clock.now())
    await storage.drafts.save(colleague, NEXT, "Просить майстра", clock.now())
    await answers(storage, clock)
    _, lines = await asked(olena, "/desk/appeals/left")
    assert "Богдан Вигаданий" in lines
    _, page = await asked(olena, f"/desk/appeals/new?call={NEXT}")
    assert "Тече дах" in page
    assert (await sent(olena, "/desk/appeals", begun))[0] == 200
    _, lines = await asked(olena, "/desk/appeals/left")
    assert "Богдан" not in lines
    _, page = await asked(olena, f"/desk/appeals/new?call={NEXT}")
    assert "Тече дах" not in page
