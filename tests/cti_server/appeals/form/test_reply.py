"""How the applicant wants to be told: chosen, checked, read back, and told at once."""

import html

import pytest

from cti_server.appeals.form.reply import Reply
from hotline.appeals.acts.keeping import ToldBy
from hotline.appeals.appeal import Sign
from hotline.calls.call import CallRecord
from hotline.contact.channel import Channel
from hotline.surveys.completion import number_to_ask
from hotline.voice.speech import Language
from storage.store import Storage
from tests.cti_server.appeals.conftest import CALL, NUMBER
from tests.cti_server.conftest import MovedClock, Person

FIRST = "2600001"
MOBILE = "+380671234567"


async def sent(person: Person, form: dict[str, str]) -> tuple[int, str]:
    answer = await person.post("/desk/appeals", form)
    return answer.status, html.unescape(await answer.text())


@pytest.mark.parametrize(
    ("way", "to", "number", "channel", "address"),
    [
        ("", "", MOBILE, Channel.SMS, ""),
        ("", "", NUMBER, None, ""),
        ("", "", None, None, ""),
        ("none", MOBILE, MOBILE, None, ""),
        ("sms", "067 123 45 67", NUMBER, Channel.SMS, MOBILE),
        ("sms", "0671234567", MOBILE, Channel.SMS, ""),
        ("sms-only", "", MOBILE, Channel.SMS, ""),
        ("email", " Maria@Example.org ", MOBILE, Channel.EMAIL, "Maria@example.org"),
        ("email-only", "Maria@Example.org", MOBILE, Channel.EMAIL, "Maria@example.org"),
    ],
)
def test_the_way_and_the_place_are_as_chosen(
    way: str, to: str, number: str | None, channel: Channel | None, address: str
) -> None:
    reply = Reply(way, to, number)
    assert reply.faults() == {}
    assert (reply.channel(), reply.address()) == (channel, address)


@pytest.mark.parametrize(
    ("typed", "field", "reason"),
    [
        ({"reply_by": "email"}, "reply_to", "Напишіть адресу електронної пошти"),
        ({"reply_by": "email", "reply_to": "maria@"}, "reply_to", "Напишіть адресу електронної пошти"),
        ({"reply_by": "sms"}, "reply_to", "Напишіть номер мобільного телефону"),
        ({"reply_by": "sms", "reply_to": "04579 2 15 80"}, "reply_to", "Напишіть номер мобільного телефону"),
        ({"reply_by": "sms", "reply_to": "+48 600 123 456"}, "reply_to", "На цей номер повідомлення не"),
        ({"reply_by": "pigeon"}, "reply_by", "Виберіть, як повідомляти."),
    ],
)
async def test_what_cannot_be_told_is_said_at_the_field_and_stays(
    olena: Person, filled: dict[str, str], typed: dict[str, str], field: str, reason: str
) -> None:
    status, page = await sent(olena, filled | typed)
    assert status == 422
    assert f'id="{field}-fault">{reason}' in page
    assert f'value="{typed.get("reply_to", "")}"' in page
    saved = await olena.post("/desk/appeals/draft", filled | typed)
    assert (await saved.json())["faults"] == [field]


async def test_the_form_names_the_numbers_that_get_short_messages(
    olena: Person, filled: dict[str, str]
) -> None:
    _, page = await sent(olena, filled | {"reply_by": "sms", "reply_to": "+48 600 123 456"})
    assert "SMS надсилаємо на номери, що починаються з 039, 050, 063" in page


def test_who_calls_from_abroad_is_not_told_by_short_message_unasked() -> None:
    assert Reply("", "", "+48600123456").channel() is None
    assert Reply("", "", MOBILE, prefixes=("+38050",)).channel() is None


async def test_the_address_is_read_back_and_the_registration_is_told_there(
    olena: Person, filled: dict[str, str], storage: Storage
) -> None:
    status, page = await sent(olena, filled | {"reply_by": "email", "reply_to": "Maria@Example.ORG"})
    assert status == 200
    assert "повідомимо вас листом на адресу Maria@example.org" in page
    (notice,) = await storage.outbox.of_appeal(FIRST)
    assert (notice.about, notice.channel, notice.address) == ("register", Channel.EMAIL, "Maria@example.org")


async def test_another_number_can_be_given_for_short_messages(
    olena: Person, filled: dict[str, str], storage: Storage
) -> None:
    _, page = await sent(olena, filled | {"reply_by": "sms", "reply_to": "067 123-45-67"})
    assert "на номер +380 67 123 4567" in page
    (notice,) = await storage.outbox.of_appeal(FIRST)
    assert (notice.channel, notice.address) == (Channel.SMS, MOBILE)


async def test_whoever_wants_it_only_in_writing_is_told_by_short_message_and_no_more_called(
    olena: Person, filled: dict[str, str], storage: Storage
) -> None:
    _, page = await sent(olena, filled | {"reply_by": "sms-only", "reply_to": "067 123-45-67"})
    assert "на номер +380 67 123 4567" in page
    assert "Телефонувати вам про це не будемо: усе надійде письмово." in page
    (notice,) = await storage.outbox.of_appeal(FIRST)
    assert (notice.channel, notice.address) == (Channel.SMS, MOBILE)
    appeal = await storage.registry.find(FIRST)
    assert appeal is not None
    assert (appeal.reply_by, appeal.only_in_writing) == (Channel.SMS, True)
    assert number_to_ask(appeal) is None


async def test_whoever_is_told_by_e_mail_may_want_it_only_in_writing_as_well(
    olena: Person, filled: dict[str, str], storage: Storage
) -> None:
    _, page = await sent(olena, filled | {"reply_by": "email-only", "reply_to": "maria@example.org"})
    assert "листом на адресу maria@example.org" in page
    assert "Телефонувати вам про це не будемо: усе надійде письмово." in page
    appeal = await storage.registry.find(FIRST)
    assert appeal is not None
    assert (appeal.reply_by, appeal.only_in_writing) == (Channel.EMAIL, True)


async def test_whoever_reports_the_same_again_and_wants_no_call_is_told_once_and_not_called(
    olena: Person, filled: dict[str, str], storage: Storage
) -> None:
    only = filled | {"reply_by": "sms-only", "reply_to": "067 123-45-67"}
    await sent(olena, only)
    _, page = await sent(olena, only | {"idempotency_key": "form-2", "earlier": FIRST})
    assert "Телефонувати вам про це не будемо" in page
    appeal = await storage.registry.find("2600002")
    assert appeal is not None
    assert (appeal.sign, appeal.reply_by, appeal.only_in_writing) == (Sign.DUPLICATE, None, True)
    assert number_to_ask(appeal) is None
    assert ToldBy.of(appeal) is ToldBy.SMS_ONLY


async def test_whoever_is_not_to_be_told_hears_that_they_can_call(
    olena: Person, filled: dict[str, str], storage: Storage
) -> None:
    _, page = await sent(olena, filled | {"reply_by": "none"})
    assert "Щоб дізнатися про стан звернення, телефонуйте нам." in page
    assert await storage.outbox.of_appeal(FIRST) == []


async def test_the_applicant_is_told_in_the_language_that_they_chose_in_the_menu(
    olena: Person, filled: dict[str, str], storage: Storage, clock: MovedClock
) -> None:
    english = CallRecord(
        id="hotline-2.1", number=MOBILE, shown=MOBILE, arrived_at=clock.now(), language=Language.ENGLISH
    )
    await storage.calls.open(english)
    await storage.calls.flush()
    await sent(olena, filled | {"call": "hotline-2.1", "beside": CALL})
    (notice,) = await storage.outbox.of_appeal(FIRST)
    assert notice.facts["language"] == "en"


async def test_the_form_of_a_mobile_telephone_begins_with_a_short_message(
    olena: Person, storage: Storage, clock: MovedClock
) -> None:
    assert '<option value="none" selected>' in await olena.text(f"/desk/appeals/new?call={CALL}")
    mobile = CallRecord(id="hotline-3.1", number=MOBILE, shown=MOBILE, arrived_at=clock.now())
    await storage.calls.open(mobile)
    await storage.calls.flush()
    page = await olena.text("/desk/appeals/new?call=hotline-3.1&own=yes")
    assert '<option value="sms" selected>' in page
    assert 'placeholder="+380 67 123 4567"' in page
