"""The set-up of a new city over HTTP: the code, the steps in any order, wrong files, and the end."""

import re
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

from cti_server.new_city.door import COOKIE, FREE_FAILURES
from cti_server.new_city.sources import SpokenSoFar, Tried
from hotline.access.permissions import Role
from hotline.access.tokens import hash_of
from hotline.calls.call import CallRecord, JourneyStep, Step
from hotline.city.classifier import classifier
from hotline.enterprises.executors import Contact
from hotline.new_city.setup import NEEDED, SetupStep, plain_code
from hotline.voice.city_name import city_name
from hotline.voice.speech import Language
from ivr_flows import prompts
from service.intake.imports import Imports
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.new_city.conftest import CODE, NewCityAtHand

MOST_FIELDS = 40
CITY = {
    "name": "Вишневе",
    "whose": "міста Вишн+евого",
    "en": "Vyshneve",
    "organisation": "Виконавчий комітет Вишневої міської ради",
}
NUMBER = {"number": "1551", "address": "127.0.0.1"}
HEAD = {"login": "olha", "name": "Ольга Начальниця", "role": "head"}
_FIELD = re.compile(r'<(?:input|select|textarea)\b(?![^>]*type="hidden")[^>]*\bname="[^"]+"')


@pytest.fixture
async def setter(person: Person, storage: Storage) -> Person:
    """Somebody who typed the code."""
    await storage.city_setup.offer(hash_of(plain_code(CODE)))
    assert (await person.post("/setup", {"code": CODE})).status == 303
    return person


@pytest.fixture
async def other(server: TestServer) -> AsyncIterator[Person]:
    """Somebody else at another browser."""
    async with TestClient(server) as client:
        yield Person(client)


async def send(person: Person, step: SetupStep, content: str, typed: str = "") -> aiohttp.ClientResponse:
    """Send the form with a file, with typed lines, or with neither, as a browser does."""
    form = aiohttp.FormData()
    form.add_field("typed", typed, content_type="text/plain")
    if content:
        form.add_field("file", content.encode(), filename="list.csv", content_type="text/csv")
    return await person.client.post(f"/setup/{step}", data=form, headers=person.origin, allow_redirects=False)


async def done(storage: Storage) -> set[SetupStep]:
    return set((await storage.city_setup.get()).done)


async def test_nothing_else_is_open_before_the_city_is_there(person: Person, other: Person) -> None:
    for path in ("/", "/sign-in", "/admin/users", "/status"):
        answer = await person.get(path)
        assert (answer.status, answer.headers["Location"]) == (303, "/setup"), path
    assert (await person.post("/sign-in", {"login": "a", "password": "b"})).status == 403
    assert (await person.get("/health/live")).status == 200
    assert "Код" in await person.text("/setup")
    for step in SetupStep:
        answer = await other.get(f"/setup/{step}")
        assert (answer.status, answer.headers["Location"]) == (303, "/setup"), step


async def test_a_code_opens_once_and_a_new_one_ends_the_session_before(
    setter: Person, other: Person, storage: Storage
) -> None:
    assert (await other.post("/setup", {"code": CODE})).status == 422, "it is spent"
    await setter.post("/setup/city", CITY)
    await storage.city_setup.offer(hash_of("1" * 16))
    assert (await setter.get("/setup/city")).status == 200, "a code that nobody typed ends nothing"
    assert (await other.post("/setup", {"code": "1111-1111 1111.1111"})).status == 303
    assert "✓" in await other.text("/setup"), "what is done stays"
    assert (await setter.get("/setup/city")).status == 303


async def test_guessed_codes_are_limited_and_the_right_one_waits_as_well(
    person: Person, storage: Storage, clock: MovedClock
) -> None:
    await storage.city_setup.offer(hash_of(plain_code(CODE)))
    for _ in range(FREE_FAILURES):
        assert (await person.post("/setup", {"code": "0" * 16})).status == 422
    assert (await person.post("/setup", {"code": CODE})).status == 429
    clock.pass_(hours=1, minutes=1)
    assert (await person.post("/setup", {"code": CODE})).status == 303


async def test_a_made_up_cookie_and_another_site_open_nothing(
    person: Person, setter: Person, other: Person
) -> None:
    other.client.session.cookie_jar.update_cookies({COOKIE: "x" * 43})
    assert (await other.get("/setup/number")).status == 303
    answer = await setter.client.post(
        "/setup/city", data=CITY, headers={"Origin": "https://elsewhere.example"}, allow_redirects=False
    )
    assert answer.status == 403


async def test_the_name_is_said_in_greetings_at_once_and_mistakes_are_told_at_their_fields(
    setter: Person, storage: Storage
) -> None:
    answer = await setter.post("/setup/city", {**CITY, "en": "", "name": "В" * 100})
    assert answer.status == 422
    assert (await answer.text()).count("is-invalid") == 2
    assert not city_name().own
    assert (await setter.post("/setup/city", CITY)).status == 303
    assert prompts.WELCOME.written(Language.UKRAINIAN) == "Контакт-центр міста Вишневого."
    assert prompts.WELCOME.text(Language.UKRAINIAN) == "Контакт-центр міста Вишн+евого."
    assert prompts.WELCOME.text(Language.ENGLISH) == "The contact centre of the city of Vyshneve."
    assert await done(storage) == {SetupStep.CITY}
    assert "Вишневе" in await setter.text("/setup"), "the pages carry the name"


async def test_a_new_name_has_to_be_spoken_and_called_anew(setter: Person, storage: Storage) -> None:
    await setter.post("/setup/city", CITY)
    for step in (SetupStep.VOICE, SetupStep.TRIAL):
        await storage.city_setup.note(step)
    await setter.post("/setup/city", {**CITY, "whose": "міста Вишневе"})
    assert await done(storage) == {SetupStep.CITY}


async def test_the_number_is_kept_and_begun_anew_and_wrong_lines_are_refused(
    setter: Person, storage: Storage, at_hand: NewCityAtHand
) -> None:
    wrong = {"number": "15-80-x", "user": "лінія", "address": "10.9.9.9"}
    answer = await setter.post("/setup/number", wrong)
    assert (answer.status, (await answer.text()).count("is-invalid")) == (422, 4)
    answer = await setter.post("/setup/number", {**NUMBER, "address": "192.0.2.5"})
    assert "лише так номер можна випробувати" in await answer.text(), "nobody here could call it"
    answer = await setter.post("/setup/number", {**NUMBER, "trunk": "192.0.2.1", "address": "2001:db8::5"})
    assert "Адреса оператора — IPv4" in await answer.text(), "calls go by one of the two"
    assert at_hand.line.begun == 0
    answer = await setter.post("/setup/number", NUMBER)
    page = await answer.text()
    assert (answer.status, at_hand.line.values["HOTLINE_NUMBER"], at_hand.line.begun) == (200, "1551", 0)
    [begun] = re.findall(r'name="begun" value="([^"]+)"', page)
    assert (await setter.post("/setup/anew", {"begun": begun})).status == 204
    assert at_hand.line.begun == 1, "the page had its files first"
    assert (await setter.post("/setup/anew", {"begun": "before"})).headers["Location"] == "/setup"
    assert (await setter.post("/setup/number", NUMBER)).status == 303, "nothing changed: no new start"
    assert at_hand.line.begun == 1


async def test_what_the_environment_gives_is_shown_and_left_alone(
    setter: Person, at_hand: NewCityAtHand
) -> None:
    at_hand.line.given, at_hand.line.alone = {"HOTLINE_NUMBER"}, True
    page = await setter.text("/setup/number")
    assert 'name="number"' not in page
    assert "HOTLINE_NUMBER" in page
    answer = await setter.post("/setup/number", {"number": "999", "address": "127.0.0.1"})
    assert "systemctl restart" in await answer.text(), "a person has to start it anew"
    assert (at_hand.line.values["HOTLINE_NUMBER"], at_hand.line.begun) == ("1580", 0)
    at_hand.line.given = {"HOTLINE_SIP_HOST"}
    at_hand.line.values["HOTLINE_SIP_HOST"] = "192.0.2.5"
    answer = await setter.post("/setup/number", {"number": "1580"})
    assert "лише так номер можна випробувати" in await answer.text(), "told, though it is no field"


async def test_streets_come_from_a_file_with_each_bad_line_named(
    setter: Person, storage: Storage, imports: Imports
) -> None:
    answer = await send(setter, SetupStep.STREETS, "Вулиця;Будинок\nСадова;1\n;5\nСадова;2\nСадова;1\n")
    assert answer.status == 303
    page = await setter.text(answer.headers["Location"])
    assert "<td>3</td>" in page, "the line without a street"
    assert page.count('<td class="text-break">Садова</td>') == 2
    assert await storage.streets.find("Садова") == []
    assert (await setter.post(answer.headers["Location"])).status == 303
    async for _ in imports._stored.run(1):
        pass
    assert [one.name for one in await storage.streets.find("Садова")] == ["Садова"]
    assert await done(storage) == {SetupStep.STREETS}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "Виберіть файл або наберіть"),
        ("Щось;Інше\nа;б\n", "заголовк"),
        ("PK\x03\x04 no workbook", "list.csv"),
    ],
)
async def test_a_file_that_is_none_is_refused_with_what_to_do(
    setter: Person, content: str, said: str
) -> None:
    answer = await send(setter, SetupStep.ENTERPRISES, content)
    assert answer.status == 422
    assert said in await answer.text()


async def test_typed_lines_go_the_road_of_a_file(setter: Person, storage: Storage, imports: Imports) -> None:
    typed = "вулиця Шевченка; 1, 2, 2а\n\nвулиця Нова"
    answer = await send(setter, SetupStep.STREETS, "", typed=typed)
    assert "Буде заведено: <strong>4</strong>" in await setter.text(answer.headers["Location"])
    answer = await send(
        setter, SetupStep.ENTERPRISES, "", typed="Водоканал; Черговий; 0671234567\nТепло; Х; 12"
    )
    page = await setter.text(answer.headers["Location"])
    assert "Це не повний номер телефону" in page
    await setter.post(answer.headers["Location"])
    async for _ in imports._stored.run(2):
        pass
    [made] = await storage.executors.all()
    assert (made.short, made.contacts[0].number) == ("Водоканал", "+380671234567")
    assert (await setter.get("/setup/streets/2")).status == 404, "the other register's"


async def test_an_enterprise_that_can_be_rung_gets_emergencies_once(setter: Person, storage: Storage) -> None:
    assert (await setter.post("/setup/rules", {"executor": ""})).status == 303
    assert await storage.rules.all() == []
    silent = await storage.executors.add("Без телефона", "Без", [])
    assert (await setter.post("/setup/rules", {"executor": str(silent.id)})).status == 422
    rung = await storage.executors.add(
        "Водоканал", "Вода", [Contact(name="Черговий", number="+380671234567")]
    )
    for _ in range(2):
        assert (await setter.post("/setup/rules", {"executor": str(rung.id)})).status == 303
    [rule] = await storage.rules.all()
    assert (rule.executor_id, rule.categories) == (rung.id, (classifier().emergency,))


async def test_holidays_and_terms_are_shown_as_they_hold(setter: Person, storage: Storage) -> None:
    page = await setter.text("/setup/holidays")
    assert "Різдво Христове" in page
    assert "воєнного стану" in page
    assert "24 години" in await setter.text("/setup/rules")
    await setter.post("/setup/holidays")
    assert await done(storage) == {SetupStep.HOLIDAYS}


async def test_first_users_get_a_password_once_and_a_telephone_of_their_own(
    setter: Person, storage: Storage
) -> None:
    answer = await setter.post("/setup/people", {**HEAD, "login": "О", "name": "", "extension": "112"})
    assert (answer.status, (await answer.text()).count("is-invalid")) == (422, 3)
    answer = await setter.post("/setup/people", {"login": "taras", "name": "Тарас", "role": "dispatcher"})
    assert "Диспетчер відповідає телефоном" in await answer.text()
    assert SetupStep.PEOPLE not in await done(storage), "a city has a head first"
    page = await (await setter.post("/setup/people", HEAD)).text()
    [password] = re.findall(r'id="password-text">([^<]+)<', page)
    assert password not in await setter.text("/setup/people")
    user = await storage.users.by_login("olha")
    assert user
    assert (user.role, user.password_given) == (Role.HEAD, True)
    desk = {"login": "taras", "name": "Тарас", "role": "dispatcher", "extension": "201"}
    assert (await setter.post("/setup/people", desk)).status == 200
    taken = [
        await setter.post("/setup/people", desk),
        await setter.post("/setup/people", desk | {"login": "o2"}),
    ]
    assert [one.status for one in taken] == [422, 422]
    assert len(await storage.dispatchers.all()) == 1
    again = await (await setter.post("/setup/people/password", {"user": str(user.id)})).text()
    assert password not in again
    assert (await storage.users.get(user.id)).password_hash != user.password_hash
    assert await done(storage) == {SetupStep.PEOPLE}


async def test_the_voice_is_begun_stopped_and_heard(
    setter: Person, storage: Storage, at_hand: NewCityAtHand
) -> None:
    await setter.post("/setup/city", CITY)
    assert "Ще не озвучено" in await setter.text("/setup/voice")
    await setter.post("/setup/voice", {"do": "begin"})
    assert "3 із 10" in await setter.text("/setup/voice/progress")
    await setter.post("/setup/voice", {"do": "stop"})
    assert "Зупинено або перервано" in await setter.text("/setup/voice")
    heard = await setter.get("/setup/voice/uk.wav")
    assert (heard.status, (await heard.read())[:4]) == (200, b"RIFF")
    assert (await setter.get("/setup/voice/xx.wav")).status == 404
    at_hand.speaking.now = SpokenSoFar(done=10, of=10)
    await storage.city_setup.note(SetupStep.VOICE)
    assert "Усе озвучено" in await setter.text("/setup/voice")


async def test_the_first_call_is_told_with_what_was_heard(
    setter: Person, storage: Storage, clock: MovedClock, at_hand: NewCityAtHand
) -> None:
    await setter.post("/setup/city", CITY)
    await setter.post("/setup/trial")
    assert "Телефонуємо…" in await setter.text("/setup/trial/progress")
    at_hand.trial.now = Tried(lines=("відповіли",))
    assert "Дзвінка ще не було" in await setter.text("/setup/trial"), "no answered call is on record"
    clock.pass_(minutes=1)
    now = clock.now()
    await storage.calls.open(CallRecord(id="c1", number=None, shown="", arrived_at=now, answered_at=now))
    said = {"phrases": "emergency-notice welcome"}
    await storage.calls.note(JourneyStep(call_id="c1", number=1, at=now, step=Step.HEARD, detail=said))
    await storage.calls.flush()
    page = await setter.text("/setup/trial")
    assert "Контакт-центр міста Вишневого." in page
    assert SetupStep.TRIAL in await done(storage)
    clock.pass_(minutes=1)
    await setter.post("/setup/city", {**CITY, "whose": "селища Вишневе"})
    assert "Дзвінка ще не було" in await setter.text("/setup/trial"), "it was in another name"


async def test_it_ends_for_good_when_all_that_is_needed_is_done(
    setter: Person, other: Person, storage: Storage
) -> None:
    assert (await setter.post("/setup/finish")).status == 422
    await setter.post("/setup/people", HEAD)
    for step in NEEDED:
        await storage.city_setup.note(step)
    answer = await setter.post("/setup/finish")
    assert (answer.status, answer.headers["Location"]) == (303, "/sign-in")
    await storage.city_setup.offer(hash_of(plain_code(CODE)))
    assert not await storage.city_setup.needed()
    for path in ("/setup", *(f"/setup/{step}" for step in SetupStep)):
        assert [(await one.get(path)).status for one in (setter, other)] == [404, 404], path
    assert (await other.post("/setup", {"code": CODE})).status == 404
    assert (await other.get("/sign-in")).status == 200


async def test_all_steps_together_have_forty_fields_at_most(setter: Person) -> None:
    pages = [await setter.text(f"/setup/{step}") for step in SetupStep]
    fields = [len(_FIELD.findall(page.split("<main", 1)[1])) for page in pages]
    code = 1
    assert code + sum(fields) <= MOST_FIELDS, dict(zip(SetupStep, fields, strict=True))
    assert sum(fields) == 4 + 5 + 2 + 2 + 0 + 1 + 4 + 0 + 0, dict(zip(SetupStep, fields, strict=True))


async def test_where_people_have_accounts_there_is_nothing_to_set_up(
    person: Person, storage: Storage
) -> None:
    await storage.users.add(login="olha", name="Ольга", role=Role.HEAD, password_hash="h")
    assert (await person.get("/setup")).status == 404
    assert (await person.get("/sign-in")).status == 200
