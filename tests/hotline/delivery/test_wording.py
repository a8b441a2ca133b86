"""Every text that anybody can be told: whole, short enough, in both languages."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hotline.appeals.acts.routing import RejectionGround
from hotline.appeals.appeal import Appeal, AppealKind, AppealState, ResultKind
from hotline.appeals.escalation_steps import WHO_IS_TOLD
from hotline.appeals.telling import TOLD, facts_of
from hotline.city.classifier import Urgency
from hotline.contact.channel import Channel
from hotline.delivery.outbox import TAKEN_AWAY, Notice, Recipient, StepKind
from hotline.delivery.wording import (
    ROOM_OF_SMS,
    House,
    Wording,
    audience_of,
    catalogue,
    utf16,
    wants_code,
    wants_link,
)
from hotline.enterprises.executors import Executor
from hotline.voice.speech import Language
from tests.hotline.appeals.people import APPEAL

HOUSE = House(
    number="(04579) 2-15-80", zone=ZoneInfo("Europe/Kyiv"), address="https://hotline.slavutych.city"
)
LINK = "https://hotline.slavutych.city/answer/1234567.q83vEjRWeJASNFZ4"
WORDING = Wording(HOUSE)
AT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
LONG = (
    "У підвалі третій день стоїть вода, пахне каналізацією, лічильники залито, а мешканці першого поверху "
    "бояться, що вода дійде до щитової. Просимо приїхати якнайшвидше й відкачати."
)
HEAT = Executor(id=7, name="КП «Славутич Тепломережі»", short="КП «Славутич Тепломережі»")
WHO = {
    Recipient.APPLICANT: "applicant:2600001",
    Recipient.EXECUTOR: "contact:3",
    Recipient.FORMER: "executor:7",
    Recipient.CONTACT: "contact:3",
    Recipient.MANAGER: "contact:4",
    Recipient.HEAD: "head",
    Recipient.SENIOR: "user:7",
    Recipient.DEPARTMENT: "department",
}
MAILED = frozenset({Channel.EMAIL, Channel.SMS})
CASES = [
    *((act.name, one) for act, told in TOLD.items() for one in told),
    *((kind.value, one) for kind in StepKind for one in WHO_IS_TOLD[kind]),
    ("register", Recipient.APPLICANT),
    ("note", Recipient.APPLICANT),
    (TAKEN_AWAY, Recipient.FORMER),
]
ACT: dict[str, dict[str, Any]] = {
    "forward": {"to": "Міністерство розвитку громад та територій України, департамент житлової політики"},
    "reject": {"ground": RejectionGround.RESOLVED_BEFORE.value},
    "extend": {"until": "2026-12-10"},
    "ask-extension": {"until": "2026-12-10"},
}


def appeal(**fields: Any) -> Appeal:
    made = replace(
        APPEAL,
        registered_at=AT - timedelta(days=2),
        due_on=date(2026, 12, 8),
        due_at=datetime(2026, 12, 8, 22, 0, tzinfo=UTC),
        text=LONG,
        address="Сіверянський квартал, 12, корп. 3, кв. 148",
        answer="Насосом відкачано воду, заслінку замінено. " * 3,
    )
    return replace(made, **fields)


def notice(
    about: str,
    to: str = "applicant:2600001",
    channel: Channel = Channel.SMS,
    *,
    of: str = "",
    said: str = LONG,
    act: dict[str, Any] | None = None,
    **fields: Any,
) -> Notice:
    facts = facts_of(appeal(**fields), HEAT, said, ACT.get(about, {}) if act is None else act, of=of)
    return Notice(
        id=1234567,
        number=APPEAL.number,
        entry_id=1,
        to=to,
        channel=channel,
        address="+380671234567",
        about=about,
        facts=facts,
        owed_at=AT,
        due_at=AT,
        changed_at=AT,
    )


def every_notice(channel: Channel) -> Iterator[tuple[str, Notice]]:
    """One of each text, in each language, of appeals and requests, with each urgency."""
    for language, kind in product(Language, (AppealKind.APPLICATION, AppealKind.INFORMATION_REQUEST)):
        for urgency in Urgency:
            given: dict[str, Any] = {
                "language": language,
                "kind": kind,
                "urgency": urgency,
                "parent": "2600002",
            }
            for about, recipient in CASES:
                if about != "follow":
                    yield f"{language} {recipient} {about}", notice(about, WHO[recipient], channel, **given)
                if recipient is Recipient.APPLICANT and about != "follow":
                    yield (
                        f"{language} reporter {about}",
                        notice(about, channel=channel, of="2600002", **given),
                    )
            for result in ResultKind:
                act = {"result": result.value}
                yield f"{language} {result}", notice("report-done", channel=channel, act=act, **given)
            for state in (
                AppealState.REGISTERED,
                AppealState.ASSIGNED,
                AppealState.ACCEPTED,
                AppealState.IN_WORK,
                AppealState.DONE,
            ):
                yield f"{language} follows {state}", notice("follow", channel=channel, state=state, **given)


def code_for(one: Notice) -> str:
    return "4711" if wants_code(one) else ""


@pytest.mark.parametrize("link", ["", LINK])
def test_every_short_message_fits_into_two_parts_and_nothing_is_left_to_fill_in(link: str) -> None:
    for name, one in every_notice(Channel.SMS):
        text = WORDING.message(one, link=link if wants_link(one) else "", code=code_for(one)).text
        assert ("4711" in text) == wants_code(one), name
        assert utf16(text) <= ROOM_OF_SMS, (name, text)
        assert not re.search(r"[{}\[\]~]|  | [.,:]|\(\)", text), (name, text)
        assert one.number in text, name


def test_every_letter_is_whole_in_both_languages() -> None:
    for name, one in every_notice(Channel.EMAIL):
        message = WORDING.message(one, link=LINK if wants_link(one) else "", code=code_for(one))
        assert ("4711" in message.text) == wants_code(one), name
        assert message.subject, name
        assert "\n" not in message.subject, name
        assert not re.search(r"[{}\[\]~]|  | [.,:]|\(\)|\n{3}", message.text), (name, message.text)
        assert (LINK in message.text) == wants_link(one), name
        assert HOUSE.number in message.text, name


def test_nobody_who_is_told_something_is_told_it_in_general_words_only() -> None:
    for language in Language:
        texts = catalogue(language).texts
        for about, recipient in CASES:
            audience = audience_of(notice(about, WHO[recipient]))
            if about != "follow":
                assert about in texts[audience], (language, audience, about)


def test_both_languages_have_the_same_texts() -> None:
    uk, en = catalogue(Language.UKRAINIAN), catalogue(Language.ENGLISH)
    assert uk.words.keys() == en.words.keys()
    shape = {
        audience: {about: set(one) for about, one in texts.items()} for audience, texts in uk.texts.items()
    }
    assert shape == {
        audience: {about: set(one) for about, one in texts.items()} for audience, texts in en.texts.items()
    }


def test_the_applicants_short_message_says_nothing_of_who_and_where_they_are() -> None:
    for name, one in every_notice(Channel.SMS):
        if audience_of(one) in {"applicant", "reporter"} and one.about not in {"note", "extend"}:
            text = WORDING.message(one).text
            assert "квартал" not in text, name
            assert APPEAL.applicant_number not in text, name


def test_the_registration_says_number_executor_term_and_where_to_ring() -> None:
    text = WORDING.message(notice("register")).text
    assert text == (
        "Ваше звернення № 2600001 зареєстровано. Виконавець: КП «Славутич Тепломережі». "
        "Відповідь до 08.12.2026. Довідки: (04579) 2-15-80."
    )


def test_a_term_in_hours_is_told_to_the_minute_in_the_citys_time() -> None:
    urgent = notice("accept", urgency=Urgency.URGENT, due_at=datetime(2026, 11, 25, 12, 30, tzinfo=UTC))
    assert "до 25.11.2026, 14:30" in WORDING.message(urgent).text


def test_an_emergencys_address_is_whole_in_the_short_message_to_those_on_duty() -> None:
    soon = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)
    one = notice("assign", "contact:3", urgency=Urgency.EMERGENCY, due_at=soon, due_on=soon.date())
    text = WORDING.message(one).text
    assert text.startswith("АВАРІЯ! Звернення № 2600001: У підвалі")
    assert "Сіверянський квартал, 12, корп. 3, кв. 148." in text


def test_the_link_stands_where_there_is_room_and_is_left_out_where_there_is_none() -> None:
    done = notice("report-done", act={"result": "satisfied"})
    assert LINK in WORDING.message(done, link=LINK).text
    far = LINK.replace("hotline", "hotline-of-a-city-with-quite-a-long-name-of-its-own.and-more")
    text = WORDING.message(done, link=far).text
    assert "http" not in text
    assert "Скажіть нам, будь ласка" in text


def test_long_words_of_others_are_cut_between_words() -> None:
    text = WORDING.message(notice("note")).text
    assert utf16(text) <= ROOM_OF_SMS
    assert text.startswith("Звернення № 2600001: У підвалі третій день")
    assert text.endswith("… Довідки: (04579) 2-15-80.")


def test_what_stands_in_an_appeal_is_never_taken_for_a_template() -> None:
    text = WORDING.message(notice("note", said="Ціна [100] {phone} грн {nothing}")).text
    assert text.startswith("Звернення № 2600001: Ціна [100] {phone} грн {nothing}.")


def test_a_line_for_a_page_is_in_the_readers_language() -> None:
    one = notice("unrouted", "head", Channel.PAGE, urgency=Urgency.EMERGENCY)
    assert WORDING.line(one, Language.UKRAINIAN) == (
        "АВАРІЯ! Звернення № 2600001 не має виконавця: Сіверянський квартал, 12, корп. 3, кв. 148. "
        "Призначте його"
    )
    assert WORDING.line(one, Language.ENGLISH).startswith("EMERGENCY! Appeal No. 2600001 has no executor")


@pytest.mark.parametrize(("to", "page"), [("contact:3", "enterprise"), ("head", "appeals")])
def test_a_letter_leads_to_the_page_of_whoever_gets_it(to: str, page: str) -> None:
    told = WORDING.message(notice("assign", to, Channel.EMAIL))
    assert f"https://hotline.slavutych.city/{page}/{APPEAL.number}" in told.text
