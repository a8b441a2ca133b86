"""Who writes asks to be told before the power changes, is told, and is told no more once they say so."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from attrs import define
from sqlalchemy import func, select

from hotline.chats.chat_states import ChatState
from hotline.chats.chats import READ, LineKind, Medium, NewChat
from hotline.city.addresses import Address
from hotline.contact.channel import Channel
from hotline.contact.codes import MOST_A_DAY
from hotline.delivery.handing_over import Message
from hotline.delivery.wording import House, Wording
from hotline.outages.subscriptions import BY_CODE, PowerAhead, SubscriptionRequest
from hotline.power.subscribers import TellsOfPower
from hotline.power.telling import PowerSubscriber
from hotline.voice.speech import Language
from ivr_flows.languages import in_chat
from service.chats.conversations import Conversations
from service.chats.news import CarriesNews
from service.chats.told_ahead import contact_of
from service.delivery.courier import Courier
from service.talk.scene import read_script
from service.talk.town import SENT_CODE, Stage, staged
from service.wiring.chats import conversations_on, news_of_chats
from storage.tables import notices, outage_subscriptions
from tests.fakes.telegram_server import TelegramServer, blocked, telegram_server
from tests.fakes.towns import KYIV, town_of
from tests.ivr_flows.test_golden_conversations import GOLDEN
from tests.service.chats.test_sms import telephone
from tests.service.chats.test_telegram import Process, process

PERSON = contact_of(Medium.TELEGRAM, "11")
NUMBER = "+380671112233"
HOUSE = Address(street="Київський квартал", house="3")
ASKED = "Повідомляти мене перед вимкненням світла"
ON_AT_20 = "Київський квартал, 3: світло за графіком буде з 20:00."
STOPPED = in_chat("chat-ahead-stopped", Language.UKRAINIAN)
TO_19_30 = timedelta(minutes=70).total_seconds()


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """The city of the golden conversation: it is 18:20, and there is no power until 20:00."""
    script = read_script((GOLDEN / "power_ahead-noted.txt").read_text(encoding="utf-8"), KYIV)
    scene = replace(script.scene, dispatchers=0)
    async with town_of(scene) as built, staged(scene, KYIV, built) as opened:
        yield opened


@define(eq=False)
class Telegrams:
    """The service, whoever writes by Telegram, and the round that tells of the power."""

    server: TelegramServer
    running: Process
    tells: TellsOfPower
    courier: Courier

    @property
    def stage(self) -> Stage:
        return self.running.stage

    async def writes(self, *texts: str) -> None:
        for text in texts:
            await self.server.writes(text)
            await self.running.round()

    async def presses(self, *labels: str) -> None:
        for label in labels:
            await self.server.presses(label)
            await self.running.round()

    async def looks(self) -> None:
        """Another minute: who is due is owed a notice, which is carried into their chat."""
        await self.tells.round()
        await self.courier.round()

    async def living(self) -> list[PowerSubscriber]:
        return list(await self.stage.storage.power_subscribers.living())


@asynccontextmanager
async def telegrams(stage: Stage, server: TelegramServer) -> AsyncIterator[Telegrams]:
    storage, words = stage.storage, Wording(House(number="1580", zone=KYIV))
    async with process(stage, server, service_of(stage)) as running:
        tells = TellsOfPower(
            schedules=stage.city.power,
            outages=storage.outages,
            subscribers=storage.power_subscribers,
            clock=stage.clock,
            zone=KYIV,
        )
        courier = news_of_chats(storage, running.conversations, stage.clock, words, {Medium.TELEGRAM})
        yield Telegrams(server=server, running=running, tells=tells, courier=courier)


def service_of(stage: Stage) -> Callable[[], Conversations]:
    return lambda: conversations_on(stage.storage, stage.clock, stage.city)


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with telegram_server() as made:
        yield made


@pytest.fixture
async def told(stage: Stage, server: TelegramServer) -> AsyncIterator[Telegrams]:
    """Somebody has asked by Telegram to be told half an hour ahead."""
    async with telegrams(stage, server) as first:
        await first.writes("/start", "1", "Київський квартал 3", "так")
        await first.presses(ASKED)
    async with telegrams(stage, server) as made:  # another process: it knows nothing of the first
        await made.presses("За пів години")
        yield made


async def owed(stage: Stage, about: str) -> int:
    async with stage.storage.database.reading() as connection:
        query = select(func.count()).select_from(notices).where(notices.c.about == about)
        return int((await connection.execute(query)).scalar_one())


async def says(made: Conversations, stage: Stage, new: NewChat, *texts: str) -> str:
    """Write them in a chat of their own; what the hotline has said since the last of them."""
    chat = await made.begin(new)
    for text in texts:
        seen = (await stage.storage.chats.get(chat.id)).lines
        chat = await made.write(chat.id, text)
    lines = await stage.storage.chats.lines(chat.id, after=seen)
    return "\n".join(one.text for one in lines if one.kind in {LineKind.TOLD, LineKind.ASKED})


async def test_who_asks_by_telegram_is_told_there_once_and_no_more_once_they_say_so(told: Telegrams) -> None:
    server = told.server
    assert "за 30 хвилин" in server.texts()[-1]
    (one,) = await told.living()
    assert (one.channel, one.contact, one.place) == (Channel.CHAT, PERSON, HOUSE)
    assert one.ahead == PowerAhead(minutes=30)
    told.stage.clock.pass_by(TO_19_30 - 60)
    await told.looks()
    said = server.texts()
    await told.running.give()
    assert server.texts() == said, "it is too soon"
    told.stage.clock.pass_by(60)
    await told.looks()
    await told.looks()
    await told.running.give()
    (news,) = server.texts()[len(said) :]
    assert ON_AT_20 in news
    assert "«стоп»" in news
    assert "Чим допомогти?" in news, "the question that waits stands below it"
    await told.presses("Стан звернення")
    assert "номер звернення" in server.texts()[-1], "and is answered there"
    await told.writes("Стоп")
    assert server.texts()[-1].startswith(STOPPED)
    assert await told.living() == []
    told.stage.clock.pass_by(timedelta(hours=2).total_seconds())  # 21:30: it is off again at 22:00
    said = server.texts()
    await told.looks()
    await told.running.give()
    assert server.texts() == said


async def test_who_is_in_no_conversation_is_told_without_being_asked_anything(told: Telegrams) -> None:
    before = await told.running.chat()
    await told.running.conversations.leave(before.id)
    await told.running.give()
    said = told.server.texts()
    told.stage.clock.pass_by(TO_19_30)
    await told.looks()
    await told.running.give()
    after = await told.running.chat()
    assert (after.state, after.lines, after.id != before.id) == (ChatState.OVER, 1, True)
    (news,) = told.server.texts()[len(said) :]
    assert news.splitlines()[0] == ON_AT_20
    assert "inline_keyboard" not in (told.server.of()[-1].get("reply_markup") or "")
    await told.writes("стоп")
    assert told.server.texts()[len(said) + 1 :] == [STOPPED], "nobody is greeted who wants to hear nothing"
    assert await told.living() == []


async def test_news_do_not_come_behind_what_they_tell_of(told: Telegrams) -> None:
    """Telegram is away: what waits for it is not followed by news, and late ones are dropped."""
    await told.server.writes("2")
    assert await told.running.telegram.ask(1.0) == 0.0
    told.stage.clock.pass_by(TO_19_30)
    await told.looks()
    told.stage.clock.pass_by(timedelta(minutes=31).total_seconds())
    await told.looks()
    await told.running.give()
    await told.looks()
    await told.running.give()
    assert not [one for one in told.server.texts() if ON_AT_20 in one]


async def test_what_is_handed_over_twice_is_told_once(stage: Stage) -> None:
    made = service_of(stage)()
    message = Message(key="n1", address=PERSON, subject="", text="Новина", at=stage.clock.now())
    for _ in range(2):
        await CarriesNews(news=made.news, media={Medium.TELEGRAM}).hand_over(message)
    chat = await stage.storage.chats.latest(Medium.TELEGRAM, "11")
    assert chat is not None
    lines = await stage.storage.chats.lines(chat.id)
    assert [one.text for one in lines if one.kind in READ] == ["Новина"]


@pytest.mark.parametrize("by_update", [False, True])
async def test_who_has_blocked_us_is_told_no_more(told: Telegrams, *, by_update: bool) -> None:
    if by_update:
        await told.server.bring(my_chat_member=blocked())
        await told.running.round()
    else:
        told.stage.clock.pass_by(TO_19_30)
        await told.looks()
        told.server.answers = [(403, "Forbidden: bot was blocked by the user", 0)]
        await told.running.give()
    assert await told.living() == []


async def test_the_same_choice_ends_it_at_this_address(told: Telegrams) -> None:
    await told.writes("меню", "1", "Київський квартал 3", "так")
    await told.presses(ASKED, "Більше не надсилати")
    assert await told.living() == []
    await told.presses("Стан звернення")
    assert "номер звернення" in told.server.texts()[-1], "the flow goes on behind it"


async def test_viber_tells_in_its_chat_too(stage: Stage) -> None:
    made = service_of(stage)()
    person = NewChat(medium=Medium.VIBER, address="01234567890A=")
    await says(made, stage, person, "1", "Київський квартал 3", "так", "7", "2")
    (one,) = await stage.storage.power_subscribers.living()
    assert (one.contact, one.ahead.minutes) == ("viber:01234567890A=", 15)
    chat = await stage.storage.chats.latest(person.medium, person.address)
    assert chat is not None
    await stage.storage.chats.sent_up_to(chat.id, chat.lines)
    message = Message(key="n1", address=one.contact, subject="", text="Новина", at=stage.clock.now())
    await CarriesNews(news=made.news, media={Medium.VIBER}).hand_over(message)
    news = (await stage.storage.chats.lines(chat.id))[-1]
    assert news.text.startswith("Новина\n"), "with the question that waits"
    assert news.buttons


async def test_nobody_asks_without_end(stage: Stage) -> None:
    wish = SubscriptionRequest(
        channel=Channel.CHAT,
        contact=PERSON,
        language=Language.UKRAINIAN,
        place=replace(HOUSE, house="5"),
        power=PowerAhead(),
    )
    for _ in range(MOST_A_DAY):
        await stage.storage.outage_subscriptions.keep(wish, stage.clock.now())
    new = NewChat(medium=Medium.TELEGRAM, address="11")
    said = await says(service_of(stage)(), stage, new, "1", "Київський квартал 3", "так", "7", "1")
    assert in_chat("chat-ahead-many", Language.UKRAINIAN) in said
    assert len(await stage.storage.power_subscribers.living()) == 1


async def test_a_sender_of_short_messages_shows_the_code_and_a_forged_one_subscribes_nobody(
    stage: Stage,
) -> None:
    texts = telephone(stage, service_of(stage)())
    for text in ("меню", "1", "7"):
        await texts.send(text)
    assert "Код не підійшов" in "".join(await texts.send("111111"))
    assert await stage.storage.power_subscribers.living() == []
    another = telephone(stage, service_of(stage)())  # another process: it asks for no other code
    another.sent = texts.sent
    assert "за пів години" in "".join(await another.send(SENT_CODE))
    (one,) = await stage.storage.power_subscribers.living()
    assert (one.channel, one.contact) == (Channel.SMS, NUMBER)
    assert await owed(stage, BY_CODE) == 1


async def test_a_chat_with_a_number_shows_the_code_and_one_without_is_told_of_the_page(stage: Stage) -> None:
    made = service_of(stage)()
    known = NewChat(medium=Medium.WEB, address="one", number=NUMBER)
    assert "Ми надіслали вам повідомлення з кодом" in await says(made, stage, known, "1", "7")
    assert await stage.storage.power_subscribers.living() == []
    said = await says(made, stage, replace(known, address="two"), "1", "7", SENT_CODE)
    assert "за пів години" in said
    (one,) = await stage.storage.power_subscribers.living()
    assert (one.channel, one.contact) == (Channel.SMS, NUMBER)
    hidden = NewChat(medium=Medium.WEB, address="three")
    said = await says(made, stage, hidden, "1", "Київський квартал 3", "так", "7")
    assert "/power" in said
    async with stage.storage.database.reading() as connection:
        kept = (await connection.execute(select(func.count()).select_from(outage_subscriptions))).scalar_one()
    assert kept == 2, "one waits for its code, one lives, and who is not known has none"


async def test_whatsapp_proves_the_number_that_is_told_by_short_message(stage: Stage) -> None:
    made = service_of(stage)()
    new = NewChat(medium=Medium.WHATSAPP, address=NUMBER, number=NUMBER)
    assert "SMS за 60 хвилин" in await says(made, stage, new, "1", "7", "3")
    (one,) = await stage.storage.power_subscribers.living()
    assert (one.channel, one.contact, one.ahead.minutes) == (Channel.SMS, NUMBER, 60)
    assert await owed(stage, BY_CODE) == 0
    chat = await stage.storage.chats.latest(Medium.WHATSAPP, NUMBER)
    assert chat is not None
    await made.write(chat.id, "стоп")
    assert await stage.storage.power_subscribers.living() == []
