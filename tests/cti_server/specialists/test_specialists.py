"""A specialist asked for, consented to, drawn in and let go again, by pages of accounts and of links."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.appeals.acts.keeping import DrawIn
from hotline.meetings.meetings import NewMeeting
from hotline.specialists.involvement_states import InvolvementState
from hotline.specialists.telling import MANAGER, SPECIALIST
from hotline.tasks.parties import user_party
from hotline.tasks.task import NewTask, TaskKind, TaskSource
from storage.tables import audit as audit_log
from storage.tables import notices
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.meetings.conftest import LINKS
from tests.cti_server.specialists.conftest import Scene
from tests.storage.enterprise import City

CONSENT = f"/specialists/consent/{LINKS.token(MANAGER, 1)}"
DRAWN_IN = f"/specialists/drawn-in/{LINKS.token(SPECIALIST, 1)}"
OWN = "/enterprise/specialists/1"


def typed(clock: MovedClock, **fields: str) -> dict[str, str]:
    """The form for a specialist without an account; three days are left."""
    due = f"{clock.now() + timedelta(days=3):%d.%m.%Y}"
    who = {"account": "", "executor": "1", "name": "Іваненко, теплотехнік", "address": "067 000 00 07"}
    return {**who, "why": "Спірна причина", "what": "Оглянути стояк", "due": due, **fields}


async def ask(centre: Person, clock: MovedClock, record: str, **fields: str) -> None:
    answer = await centre.post(f"/specialists/new?record={record}", typed(clock, **fields))
    assert answer.status == 303, await answer.text()


async def owed(city: City, state: str = "owed") -> list[tuple[str, str]]:
    wanted = select(notices.c.recipient, notices.c.about).where(
        notices.c.about.startswith("specialist-"), notices.c.state == state
    )
    async with city.storage.database.reading() as connection:
        return sorted(tuple(row) for row in await connection.execute(wanted))


async def test_with_a_managers_link_a_specialist_sees_that_appeal_alone_until_the_end(
    scene: Scene, guest: Person
) -> None:
    await ask(scene.centre, scene.clock, f"appeal:{scene.appeal.number}")
    assert (await guest.get(DRAWN_IN)).status == 404, "nothing is seen before the consent"
    question = await guest.text(CONSENT)
    assert "Оглянути стояк" in question
    assert scene.appeal.text not in question, "the manager consents to a person, and reads no appeal"
    assert (await guest.post(CONSENT, {"do": "perhaps", "version": "1"})).status == 400
    assert (await guest.post(CONSENT, {"do": "refuse", "version": "1", "said": " "})).status == 422
    assert (await guest.post(CONSENT, {"do": "agree", "version": "1"})).status == 303
    assert (await guest.post(CONSENT, {"do": "agree", "version": "1"})).status == 422, "pressed twice"
    seen = await guest.text(DRAWN_IN)
    assert scene.appeal.text in seen
    for hidden in ("Демченко", "380671234567", "067 123"):
        assert hidden not in seen, "the applicant is no matter of theirs"
    assert (await guest.get(f"/appeals/{scene.appeal.number}")).status == 302, "the link opens nothing else"
    assert (await guest.post(DRAWN_IN, {"do": "report", "version": "2", "said": ""})).status == 422
    said = {"do": "report", "version": "2", "said": "Засмічений стояк"}
    assert (await guest.post(DRAWN_IN, said)).status == 303
    assert 'id="todo-specialist-1"' in await scene.centre.text("/todo?wait=specialists")
    card = await scene.centre.text(f"/appeals/{scene.appeal.number}")
    for line in ("Запитано", "керівник погодив", "Іваненко, теплотехнік, Тепломережі: Засмічений стояк"):
        assert line.lower() in card.lower(), line
    assert "Іваненко" in await scene.centre.text(f"/specialists/of?record=appeal:{scene.appeal.number}")
    assert "Директор" in await scene.centre.text("/specialists/1")
    assert (await scene.centre.post("/specialists/1/end", {"version": "3", "said": "Дякуємо"})).status == 303
    assert (await guest.get(DRAWN_IN)).status == 404
    assert 'id="todo-specialist-1"' not in await scene.centre.text("/todo?wait=specialists")
    assert await owed(scene.city) == [
        ("consent:1", "specialist-asked"),
        ("specialist:1", "specialist-drawn-in"),
        ("specialist:1", "specialist-ended"),
    ]
    assert ("consent:1", "specialist-overdue") in await owed(scene.city, "needless")
    history = await scene.city.storage.handling.history(scene.appeal.number, hidden=False)
    assert not [one for one in history if one.act == DrawIn.name], "no matter of the applicant"


async def test_time_ends_it_and_so_does_the_contact_that_is_no_manager_any_more(
    scene: Scene, guest: Person
) -> None:
    await ask(scene.centre, scene.clock, f"appeal:{scene.appeal.number}")
    heat = await scene.city.storage.executors.get(scene.city.heat.id)
    left = tuple(one for one in heat.contacts if one not in heat.managers())
    await scene.city.storage.executors.update(replace(heat, contacts=left))
    assert (await guest.get(CONSENT)).status == 404
    assert "вже немає серед контактів" in await scene.centre.text("/specialists/1")
    answer = await scene.centre.post("/specialists/new?record=task:77", typed(scene.clock))
    assert answer.status == 404
    answer = await scene.centre.post(
        f"/specialists/new?record=appeal:{scene.appeal.number}", typed(scene.clock)
    )
    assert (answer.status, "є керівник" in await answer.text()) == (422, True)
    again = replace(heat.managers()[0], id=0)
    await scene.city.storage.executors.update(replace(heat, contacts=(*left, again)))
    await ask(scene.centre, scene.clock, f"appeal:{scene.appeal.number}")
    consent = f"/specialists/consent/{LINKS.token(MANAGER, 2)}"
    assert (await guest.post(consent, {"do": "agree", "version": "1"})).status == 303
    drawn_in = f"/specialists/drawn-in/{LINKS.token(SPECIALIST, 2)}"
    assert scene.appeal.text in await guest.text(drawn_in)
    scene.clock.pass_(days=4)
    for link in (drawn_in, consent):
        assert (await guest.get(link)).status == 404
    await scene.centre.sign_in(scene.users[Role.DISPATCHER].login)
    todo = await scene.centre.text("/todo?wait=specialists")
    assert "час минув, висновку немає" in todo


async def test_an_account_is_consented_to_by_a_colleague_and_sees_a_task_until_the_consent_is_taken_back(
    scene: Scene, petro: Person, olha: Person, stranger: Person, accounts_of: Mapping[str, User]
) -> None:
    task = await scene.city.storage.tasks.give(
        NewTask(
            once="k",
            source=TaskSource(kind=TaskKind.INSTRUCTION),
            text="Перелік будинків без тепла",
            responsible=user_party(scene.city.olya.id),
            controller=scene.city.head.id,
            due_at=scene.clock.now() + timedelta(days=9),
        ),
        scene.city.head.id,
        scene.clock.now(),
    )
    await ask(scene.centre, scene.clock, f"task:{task.id}", account=str(accounts_of["petro"].id))
    assert (await petro.post(OWN, {"do": "agree", "version": "1"})).status == 403, "not for oneself"
    assert (await stranger.get(OWN)).status == 404
    assert "чекаємо на згоду" in await olha.text("/enterprise/specialists")
    assert "work-count" in await olha.text("/enterprise")
    assert (await petro.get(f"{OWN}/matter")).status == 404
    assert (await olha.post(OWN, {"do": "agree", "version": "1"})).status == 303
    assert "Перелік будинків без тепла" in await petro.text(f"{OWN}/matter")
    assert (await petro.get(f"/tasks/{task.id}")).status == 404, "that page and nothing else"
    for other in (olha, stranger):
        assert (await other.get(f"{OWN}/matter")).status == 404
    again = await olha.post(OWN, {"do": "refuse", "version": "2", "said": ""})
    assert (again.status, "чому відмовляєте" in await again.text()) == (422, True)
    assert (await olha.post(OWN, {"do": "refuse", "version": "2", "said": "Аварія"})).status == 303
    assert (await petro.get(f"{OWN}/matter")).status == 404
    page = await scene.centre.text(f"/tasks/{task.id}")
    assert "Петро Слюсар, Тепломережі: Аварія" in page
    assert "керівник відмовив" in await scene.centre.text("/todo?wait=specialists")
    async with scene.city.storage.database.reading() as connection:
        seen = select(audit_log.c.subject).where(audit_log.c.subject == f"task:{task.id}")
        assert len((await connection.execute(seen)).all()) == 2, "the specialist's look and the centre's"


async def test_a_meeting_is_shown_with_its_agenda_and_overdue_consent_waits_for_the_centre(
    scene: Scene, head: Person, guest: Person
) -> None:
    meeting = await scene.city.storage.meetings.draft(
        NewMeeting(
            topic="Підготовка до зими",
            begins_at=scene.clock.now() + timedelta(days=2),
            minutes_long=60,
            place="каб. 12",
            secretary=scene.users[Role.HEAD].id,
        ),
        scene.users[Role.HEAD].id,
        scene.clock.now(),
    )
    await ask(head, scene.clock, f"meeting:{meeting.id}", address="ivan@example.org")
    scene.clock.pass_(days=2, hours=1)
    await head.enter(scene.users[Role.HEAD].login)
    assert "прострочено" in await head.text("/todo?wait=specialists")
    due = {about for _, about in await owed(scene.city)}
    assert due == {"specialist-asked", "specialist-reminder", "specialist-overdue"}
    assert (await guest.post(CONSENT, {"do": "agree", "version": "1"})).status == 303
    assert "Підготовка до зими" in await guest.text(DRAWN_IN)
    await scene.city.storage.meetings.call_off(meeting.id, scene.clock.now(), "Карантин")
    assert (await guest.get(DRAWN_IN)).status == 404, "with the meeting it is over"
    assert "відповідати вже не потрібно" in await guest.text(CONSENT)
    closed = await head.post(f"/specialists/new?record=meeting:{meeting.id}", typed(scene.clock))
    assert (closed.status, "залучати вже нікого" in await closed.text()) == (422, True)


async def test_what_is_wrong_is_said_at_its_field_and_who_does_not_see_the_matter_draws_nobody_in(
    scene: Scene,
) -> None:
    path = f"/specialists/new?record=appeal:{scene.appeal.number}"
    for fields, said in (
        ({"name": ""}, "Виберіть спеціаліста"),
        ({"account": "999"}, "Виберіть спеціаліста"),
        ({"executor": str(scene.city.water.id)}, "є керівник"),
        ({"address": "завтра"}, "адресу електронної пошти"),
        ({"why": ""}, "чому потрібен"),
        ({"what": "Х" * 2001}, "що він має зробити"),
        ({"due": "01.01.2020"}, "від сьогодні"),
    ):
        answer = await scene.centre.post(path, typed(scene.clock, **fields))
        assert (answer.status, said in await answer.text()) == (422, True), fields
    for record in ("appeal:2699999", "meeting:5", "task:9"):
        assert (await scene.centre.get(f"/specialists/new?record={record}")).status == 404
    assert (await scene.centre.get("/specialists/new?record=outage:5")).status == 404
    assert (await scene.centre.get("/specialists/9")).status == 404
    assert (await scene.city.storage.involvements.waiting(scene.clock.now(), 9)) == []


async def test_of_two_answers_the_first_counts_and_the_later_is_told(
    scene: Scene, guest: Person, olha: Person
) -> None:
    await ask(scene.centre, scene.clock, f"appeal:{scene.appeal.number}")
    assert (await olha.post(OWN, {"do": "refuse", "version": "1", "said": "Немає людей"})).status == 303
    late = await guest.post(CONSENT, {"do": "agree", "version": "1", "said": "Беріть"})
    page = await late.text()
    assert (late.status, "не прийнято" in page) == (422, True)
    assert (await scene.city.storage.involvements.get(1)).state is InvolvementState.REFUSED
    assert (await scene.centre.post("/specialists/1/end", {"version": "1"})).status == 409
