"""Subscribing: by a letter of a real mail server, by a code, told of what comes, and ended by any message."""

import re
from dataclasses import dataclass
from datetime import timedelta
from email.headerregistry import Address as Sender

import pytest

from cti_server.outages.public.subscribing_sources import FREE_ASKED, FREE_WRONG
from hotline.city.addresses import Area
from hotline.city.classifier import Utility
from hotline.contact.channel import Channel
from hotline.contact.codes import MOST_A_DAY, MOST_TRIES
from hotline.delivery.answering import AnswerLinks
from hotline.delivery.handing_over import Message
from hotline.delivery.outbox import Notice
from hotline.delivery.recipient_links import RecipientLinks
from hotline.delivery.wording import House, Wording, utf16
from hotline.outages.outage import By, NewOutage, Outage, OutageKind
from hotline.outages.subscribers import OutageSubscribers
from service.delivery.courier import Books, Courier
from service.delivery.mail import SmtpCarrier
from service.delivery.mail_server import MailServer, Security
from service.wiring.delivery import link_of
from tests.cti_server.conftest import KYIV, Person
from tests.cti_server.outages.public.conftest import ADDRESS, LINKS, Town
from tests.fakes.mail_server import Letters, mail_server

OLENA = "olena@example.org"
MOBILE = "+380671234567"
SETTLING = timedelta(seconds=30)
WORDING = Wording(House(number="1580", zone=KYIV))
NO_RECIPIENTS = RecipientLinks(key=b"test", address="")
NO_ANSWERS = AnswerLinks(key=b"test", address="", within=timedelta(days=1))


def written(notice: Notice) -> Message:
    return WORDING.message(notice, link=link_of(notice, NO_ANSWERS, LINKS, NO_RECIPIENTS))


@dataclass
class Post:
    """Takes what is owed to a real mail server; what is owed by short message is read from the outbox."""

    town: Town
    letters: Letters

    async def deliver(self) -> list[str]:
        """Hand over all that is due, and give the texts of the letters that came, whole."""
        before = len(self.letters.whole)
        server = MailServer(
            host="127.0.0.1",
            port=self.letters.port,
            security=Security.NONE,
            user="",
            password="",
            sender=Sender("Контакт-центр", addr_spec="hotline@city.example"),
            seconds=5.0,
        )
        storage, clock = self.town.storage, self.town.clock
        books = Books(outbox=storage.outbox, receipts=storage.receipts, clock=clock)
        await Courier(Channel.EMAIL, SmtpCarrier(server), books, written).round()
        return [str(one.get_content()) for one in self.letters.whole[before:]]

    async def messages(self) -> list[str]:
        claimed = await self.town.storage.outbox.claim((Channel.SMS,), self.town.clock.now())
        return [written(one).text for one in claimed]

    async def tell(self) -> None:
        """Let the services that tell look once, after what was done has settled."""
        self.town.clock.pass_(seconds=SETTLING.seconds + 1)
        storage, clock = self.town.storage, self.town.clock
        await OutageSubscribers(storage.outages, storage.outage_subscriptions, clock).round()
        await storage.outage_telling.tell(clock.now(), SETTLING)


@pytest.fixture
async def post(town: Town):  # noqa: ANN201 - an iterator of Post
    async with mail_server() as letters:
        yield Post(town, letters)


def link_in(text: str) -> str:
    """The path of the only link of ours in a message."""
    (found,) = re.findall(rf"{ADDRESS}(/\S+)", text)
    return str(found)


async def asks(person: Person, contact: str = OLENA, **form: str) -> str:
    """Send the form; the path of the page that comes then."""
    answer = await person.post("/outages/subscribe", {"address": "Курчатова 5", "contact": contact, **form})
    assert answer.status == 303, await answer.text()
    return answer.headers["Location"]


async def subscribed(person: Person, post: Post) -> None:
    await asks(person)
    (letter,) = await post.deliver()
    assert (await person.post(link_in(letter))).status == 303


async def enter(town: Town, kind: OutageKind = OutageKind.REPAIR) -> Outage:
    """Gas is off in the street that the tests subscribe to; entered after whatever was before."""
    town.clock.pass_(seconds=1)
    return await town.storage.outages.enter(
        NewOutage(
            utility=Utility.GAS,
            kind=kind,
            starts_at=town.clock.now() + timedelta(hours=1),
            expected_end=town.clock.now() + timedelta(hours=3),
            areas=(Area(street="вулиця Атомників"),),
        ),
        By(),
    )


async def test_a_letter_confirms_and_then_each_thing_that_happens_is_told(
    person: Person, town: Town, post: Post
) -> None:
    await subscribed(person, post)
    await post.tell()
    (heating,) = await post.deliver()  # what is announced for the whole city
    assert "Опалення: перерва 03.03.2026 з 14:00 орієнтовно до 20:00." in heating
    gas = await enter(town)
    await post.tell()
    (new,) = await post.deliver()
    assert "Газопостачання (вулиця Атомників): перерва 02.03.2026 з 15:00 орієнтовно до 17:00" in new
    moved = await town.move_end(gas, 6)
    await post.tell()
    (later,) = await post.deliver()
    assert "перенесено на" in later
    await town.storage.outages.end(moved.id, town.clock.now(), By())
    await post.tell()
    (over,) = await post.deliver()
    assert "відновлено" in over
    assert all(link_in(letter).startswith("/stop/") for letter in (new, later, over))


async def test_an_outage_that_grows_into_their_street_is_told_to_them(
    person: Person, town: Town, post: Post
) -> None:
    await town.storage.outages.end(town.heat.id, town.clock.now(), By())
    await subscribed(person, post)
    await post.tell()
    assert await post.deliver() == []
    there = await town.storage.outages.get(town.water.id)
    fields = {name: getattr(there, name) for name in NewOutage.__dataclass_fields__}
    grown = {"areas": (*there.areas, Area(street="вулиця Атомників"))}
    await town.storage.outages.change(there, NewOutage(**fields | grown), By())
    await post.tell()
    (water,) = await post.deliver()
    assert "Водопостачання" in water
    assert "вулиця Атомників): перерва 02.03.2026 з 13:00" in water


async def test_opening_the_link_of_the_letter_confirms_nothing(
    person: Person, town: Town, post: Post
) -> None:
    await asks(person)
    (letter,) = await post.deliver()
    for _ in range(3):
        assert "Так, повідомляйте" in await person.text(link_in(letter))
    assert await town.storage.outage_subscriptions.living() == []


async def test_a_link_that_is_older_than_two_days_confirms_nothing(
    person: Person, town: Town, post: Post
) -> None:
    await asks(person)
    (letter,) = await post.deliver()
    town.clock.pass_(days=2, seconds=1)
    await person.post(link_in(letter))
    assert "Це посилання застаріло" in await person.text(link_in(letter))
    assert await town.storage.outage_subscriptions.living() == []


async def test_any_message_ends_it_with_one_button(person: Person, town: Town, post: Post) -> None:
    await subscribed(person, post)
    gas = await enter(town)
    await post.tell()
    (_heating, new) = await post.deliver()
    path = link_in(new)
    assert "вулиця Атомників, 5" in await person.text(path)
    assert len(await town.storage.outage_subscriptions.living()) == 1
    assert (await person.post(path)).headers["Location"] == f"{path}?stopped"
    assert "більше не надсилатимемо" in await person.text(f"{path}?stopped")
    await town.move_end(gas, 9)
    await enter(town)
    await post.tell()
    assert await post.deliver() == []


async def test_a_short_message_confirms_by_its_code(person: Person, town: Town, post: Post) -> None:
    path = await asks(person, "067 123 45 67")
    (text,) = await post.messages()
    code = re.match(r"\d{6}", text)
    assert code
    wrong = await person.post(path, {"code": "000000" if code[0] != "000000" else "1"})
    assert wrong.status == 422
    assert "Код неправильний" in await wrong.text()
    assert (await person.post(path, {"code": f"{code[0][:3]} {code[0][3:]}"})).status == 303
    assert "підписку підтверджено" in await person.text(path)
    (one,) = await town.storage.outage_subscriptions.living()
    assert one.contact == MOBILE


async def test_whoever_has_to_wait_for_guessing_has_guessed_all_the_same(
    person: Person, town: Town, post: Post
) -> None:
    path = await asks(person, MOBILE)
    (text,) = await post.messages()
    for _ in range(FREE_WRONG + 1):
        waits = (await person.get("/stop/1.AAAAAAAAAAAAAAAA")).status
    assert waits == 429
    for guess in range(MOST_TRIES):
        assert (await person.post(path, {"code": f"x{guess}"})).status == 429
    assert (await person.post(path, {"code": text[:6]})).status == 429
    assert await town.storage.outage_subscriptions.living() == []


async def test_whoever_has_to_wait_for_others_guessing_beside_them_confirms_by_the_right_code(
    person: Person, town: Town, post: Post
) -> None:
    path = await asks(person, MOBILE)
    (text,) = await post.messages()
    for _ in range(FREE_WRONG + 1):
        await person.get("/stop/1.AAAAAAAAAAAAAAAA")
    for _ in range(2):  # a button that is pressed twice
        assert (await person.post(path, {"code": text[:6]})).status == 303
    assert len(await town.storage.outage_subscriptions.living()) == 1


async def test_a_short_message_has_its_link_and_fits_into_two_parts(
    person: Person, town: Town, post: Post
) -> None:
    path = await asks(person, MOBILE)
    (text,) = await post.messages()
    await person.post(path, {"code": text[:6]})
    await enter(town, OutageKind.EMERGENCY)
    await post.tell()
    _heating, told = await post.messages()
    assert link_in(told).startswith("/stop/")
    assert utf16(told) <= 134


async def test_the_page_after_the_form_does_not_let_who_typed_a_mailbox_confirm_it(
    person: Person, town: Town, post: Post
) -> None:
    path = await asks(person)
    assert (await person.post(path, {"code": "123456"})).status == 422
    for other in ("/outages/confirm", "/stop"):
        token = path.rpartition("/")[2]
        assert (await person.get(f"{other}/{token}")).status == 404
    assert await town.storage.outage_subscriptions.living() == []


async def test_one_outage_is_told_of_when_it_is_over(person: Person, town: Town, post: Post) -> None:
    assert f'name="outage" value="{town.water.id}"' in await person.text(
        f"/outages/subscribe?outage={town.water.id}"
    )
    await asks(person, outage=str(town.water.id), address="")
    (letter,) = await post.deliver()
    await person.post(link_in(letter))
    await town.storage.outages.end(town.water.id, town.clock.now(), By())
    await post.tell()
    (over,) = await post.deliver()
    assert "Водопостачання відновлено" in over


async def test_one_that_is_over_cannot_be_subscribed_to(person: Person, town: Town) -> None:
    assert (await person.get(f"/outages/subscribe?outage={town.lifts.id}")).status == 404
    assert (await person.get("/outages/subscribe?outage=x")).status == 404


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    ("address", "contact", "said"),
    [
        ("квартал 99", OLENA, "Такої адреси ми не знаємо."),
        ("Курчатова 5", "olena@", "Вкажіть адресу електронної пошти або номер мобільного"),
        ("Курчатова 5", "04579 2 34 56", "Вкажіть адресу електронної пошти або номер мобільного"),
        ("Курчатова 5", "+48 22 123 45 67", "Вкажіть адресу електронної пошти або номер мобільного"),
        ("Курчатова 5", "+49 151 12345678", "На цей номер ми не надсилаємо SMS"),
        ("", "", "Такої адреси ми не знаємо."),
    ],
)
async def test_what_is_typed_wrongly_is_explained_and_stays(
    person: Person, address: str, contact: str, said: str
) -> None:
    answer = await person.post("/outages/subscribe", {"address": address, "contact": contact})
    text = await answer.text()
    assert answer.status == 422
    assert said in text
    assert f'value="{contact}"' in text
    assert f'value="{address}"' in text


async def test_a_mailbox_is_asked_only_so_often_a_day(person: Person, town: Town, post: Post) -> None:
    for _ in range(MOST_A_DAY):
        await asks(person)
    answer = await person.post("/outages/subscribe", {"address": "Курчатова 5", "contact": OLENA})
    assert answer.status == 429
    assert "Забагато запитів." in await answer.text()
    assert len(await post.deliver()) <= MOST_A_DAY


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    "number",
    ["+992931234567", "+8801711234567", "+2348031234567", "+881612345678", "+79161234567", "+12025550123"],
)
async def test_no_code_goes_abroad_at_the_citys_cost(person: Person, post: Post, number: str) -> None:
    answer = await person.post("/outages/subscribe", {"address": "Курчатова 5", "contact": number})
    assert answer.status == 422
    assert "номер мобільного" in await answer.text()
    assert await post.messages() == []


async def test_one_browser_cannot_have_many_mailboxes_written_to(person: Person, town: Town) -> None:
    statuses = []
    for number in range(FREE_ASKED + 1):
        form = {"address": "Курчатова 5", "contact": f"m{number}@example.org"}
        statuses.append((await person.post("/outages/subscribe", form)).status)
    assert statuses == [303] * FREE_ASKED + [429]
    town.clock.pass_(hours=2)
    assert await asks(person)


@pytest.mark.usefixtures("town")
async def test_links_that_nobody_signed_are_not_there_and_guessing_soon_has_to_wait(person: Person) -> None:
    statuses = [
        (await person.get(f"/stop/{number}.AAAAAAAAAAAAAAAA")).status for number in range(FREE_WRONG + 1)
    ]
    assert statuses == [404] * FREE_WRONG + [429]


async def test_another_site_can_subscribe_nobody(person: Person, town: Town) -> None:
    answer = await person.client.post(
        "/outages/subscribe",
        data={"address": "Курчатова 5", "contact": OLENA},
        headers={"Origin": "https://evil.example"},
    )
    assert answer.status == 403
