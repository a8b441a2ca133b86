"""Short messages of residents: keywords, one answer each, nothing twice, and no road to cost."""

import asyncio
from collections.abc import Callable

import pytest
from attrs import define
from sqlalchemy import select

from hotline.access.permissions import Role
from hotline.chats.chat_states import ChatState
from hotline.chats.chats import LineKind, Medium
from hotline.contact.channel import Channel
from hotline.contact.mobiles import UKRAINIAN_MOBILES
from hotline.delivery.handing_over import may_wait
from hotline.delivery.outbox import CHAT_ANSWER
from hotline.delivery.wording import House, Wording
from hotline.outages.subscriptions import SubscriptionRequest
from hotline.voice.speech import Language
from service.chats.conversations import Conversations
from service.chats.receiving import Receiving
from service.chats.sending import Sending
from service.chats.sms import ALIKE_WITHIN, MOST_ALIKE, OF_NUMBER, SmsChats
from service.talk.town import Stage
from storage.delivery.outbox import read_notice
from storage.tables import notices
from tests.fakes.towns import KYIV
from tests.service.chats.test_conversations import APPEAL

HANNA = "+380671112233"


@define(eq=False)
class Texts:
    """A telephone that sends short messages, and the outbox with what is owed to it."""

    stage: Stage
    chats: SmsChats
    sending: Sending
    conversations: Conversations
    seconds: list[float]
    sent: int = 0

    async def send(self, text: str, sender: str = HANNA, *, name: str = "") -> list[str]:
        """Send it; what was owed because of it."""
        before = await self.owed()
        self.sent += 1
        await self.chats.take(name or f"m{self.sent}", sender, text)
        self.seconds[0] += 10
        await self.sending.once()
        return (await self.owed())[len(before) :]

    async def owed(self) -> list[str]:
        query = select(notices).where(notices.c.about == CHAT_ANSWER).order_by(notices.c.id)
        async with self.stage.storage.database.reading() as connection:
            rows = (await connection.execute(query)).mappings().all()
        wording = Wording(House(number="1580", zone=KYIV))
        assert not any(may_wait(read_notice(row)) for row in rows)
        return [wording.message(read_notice(row)).text for row in rows]


@pytest.fixture
def texts(stage: Stage, service: Callable[[], Conversations]) -> Texts:
    return telephone(stage, service())


def telephone(stage: Stage, conversations: Conversations) -> Texts:
    receiving, seconds = Receiving(chats=stage.storage.chats, conversations=conversations), [0.0]
    chats = SmsChats(
        receiving=receiving,
        outbox=stage.storage.outbox,
        subscriptions=stage.storage.outage_subscriptions,
        clock=stage.clock,
        prefixes=UKRAINIAN_MOBILES,
        settled=lambda: None,
    )
    sending = Sending(
        medium=Medium.SMS,
        chats=stage.storage.chats,
        messenger=chats,
        gone=receiving.lost,
        ready=chats.ready,
        answers_alone=True,
        monotonic=lambda: seconds[0],
    )
    return Texts(stage=stage, chats=chats, sending=sending, conversations=conversations, seconds=seconds)


async def test_the_state_of_an_appeal_is_told_in_one_message(texts: Texts) -> None:
    (told,) = await texts.send(f"СТАН {APPEAL}")
    assert told.startswith(f"Звернення № {APPEAL}")
    assert "Чим допомогти" not in told
    assert len(told) <= 335


async def test_a_dispatchers_letter_comes_whole(texts: Texts) -> None:
    await texts.send("диспетчер")
    storage, conversations = texts.stage.storage, texts.conversations
    user = await storage.users.add(login="writer", name="Олена", role=Role.DISPATCHER, password_hash="x")
    chat = await storage.chats.latest(Medium.SMS, HANNA)
    assert chat is not None
    await conversations.take(chat.id, user)
    letter = "Ми все перевірили. " * 40
    await conversations.reply(chat.id, user, letter)
    before = await texts.owed()
    texts.seconds[0] += 10
    await texts.sending.once()
    told = "".join((await texts.owed())[len(before) :])
    assert "".join(letter.split()) in "".join(told.split())


async def test_the_power_is_asked_of_an_address_and_the_conversation_goes_on(texts: Texts) -> None:
    (told,) = await texts.send("світло Київський 12")
    assert "Київський квартал, будинок 12?" in told
    (told,) = await texts.send("так")
    assert told


async def test_help_tells_the_keywords_and_begins_no_chat(texts: Texts) -> None:
    (told,) = await texts.send("допомога")
    assert "СТАН" in told
    assert "СТОП" in told
    assert await texts.stage.storage.chats.latest(Medium.SMS, HANNA) is None


async def test_stop_ends_all_subscriptions_of_the_number(texts: Texts) -> None:
    kept, at = texts.stage.storage.outage_subscriptions, texts.stage.clock.now()
    there = (await texts.stage.storage.streets.gazetteer()).locate("Київський квартал 12")
    wish = SubscriptionRequest(channel=Channel.SMS, contact=HANNA, language=Language.UKRAINIAN, place=there)
    one = await kept.ask(wish, "1234", "Київський 12", at)
    await kept.confirm(one.id, at)
    (told,) = await texts.send("СТОП")
    assert "більше не буде" in told
    assert not await kept.of_contact(Channel.SMS, HANNA)


async def test_a_message_brought_twice_is_answered_once_by_another_process_too(
    texts: Texts, stage: Stage, service: Callable[[], Conversations]
) -> None:
    assert len(await texts.send(f"СТАН {APPEAL}", name="gw-1")) == 1
    assert await texts.send(f"СТАН {APPEAL}", name="gw-1") == []
    again = telephone(stage, service())
    assert await again.send(f"СТАН {APPEAL}", name="gw-1") == []


async def test_nobody_is_answered_but_mobile_telephones_of_our_networks(texts: Texts) -> None:
    strangers = ["1580", "4411", "KYIVSTAR", "+380900123456", "+447700900123", "+380445551122", "", "абв"]
    assert [await texts.send("допомога", one) for one in strangers] == [[]] * len(strangers)


async def test_a_machine_that_answers_us_soon_speaks_to_nobody(texts: Texts) -> None:
    said = [len(await texts.send("Я зараз за кермом, відповім пізніше")) for _ in range(MOST_ALIKE + 3)]
    assert said == [*[1] * MOST_ALIKE, 0, 0, 0]


async def test_a_person_who_asks_the_same_each_day_is_answered(texts: Texts) -> None:
    for day in range(MOST_ALIKE + 1):
        assert len(await texts.send(f"СТАН {APPEAL}")) == 1, day
        texts.stage.clock.pass_by(ALIKE_WITHIN.total_seconds())


async def test_what_the_gateway_brings_again_and_again_is_one_message(texts: Texts) -> None:
    for _ in range(MOST_ALIKE + 1):
        await texts.send(f"СТАН {APPEAL}", name="gw-1")
    assert len(await texts.send(f"СТАН {APPEAL}", name="gw-2")) == 1


async def test_two_keywords_sent_at_once_do_not_mix(texts: Texts) -> None:
    await asyncio.gather(
        texts.chats.take("m1", HANNA, f"СТАН {APPEAL}"), texts.chats.take("m2", HANNA, "світло Київський 12")
    )
    await texts.sending.once()
    assert "Київський квартал, будинок 12?" in (await texts.owed())[-1]


async def test_who_waits_with_an_emergency_stays_before_dispatchers_whatever_they_add(texts: Texts) -> None:
    await texts.send("Горить щиток у під'їзді, пожежа!")
    await texts.send("світло зникло")
    chat = await texts.stage.storage.chats.latest(Medium.SMS, HANNA)
    assert chat is not None
    assert (chat.state, chat.urgent) == (ChatState.WAITING, True)
    (added,) = [one for one in await texts.stage.storage.chats.lines(chat.id) if one.kind is LineKind.WROTE]
    assert added.text == "світло зникло"


async def test_one_number_costs_so_much_a_day_and_no_more(texts: Texts) -> None:
    told = [len(await texts.send(word)) for _ in range(OF_NUMBER.at_once) for word in ("довідка", "help")]
    assert sum(told) == OF_NUMBER.at_once
    assert len(await texts.send("допомога", "+380671112244")) == 1
