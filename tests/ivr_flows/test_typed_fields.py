"""What users listen to while they type is what a call will say."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from hotline.appeals.appeal import Appeal, AppealState
from hotline.enterprises.executors import Executor
from hotline.outages.outage import Outage
from hotline.voice.listening import SpokenField
from ivr_flows.appeal_phrases import for_applicant, written_answer
from ivr_flows.outage_phrases import whole
from ivr_flows.typed_fields import sentences
from tests.ivr_flows.test_outage_phrases import OUTAGE

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
LONG = "Замінили ділянку труби в під'їзді 2. " * 30
APPEAL = Appeal(
    number="2600417",
    applicant_number=None,
    state=AppealState.DONE,
    text="",
    category="street-light",
    registered_at=NOW,
    due_on=date(2026, 12, 12),
)


def heard(field: SpokenField, text: str) -> str:
    return " ".join(one.uk for one in sentences(field, text))


def told(state: AppealState, answer: str = "") -> str:
    appeal = replace(APPEAL, state=state, executor_id=7, answer=answer)
    executor = Executor(id=7, name="КП «Світло» (демо)", short="Світло")
    said = for_applicant(appeal, executor, KYIV, now=NOW, dispute_until=None)
    return " ".join(one.uk for one in (*said, *written_answer(appeal)))


@pytest.mark.parametrize("text", ["Замінили 2 лампи на вул. Миру.", LONG])
def test_an_answer_sounds_as_its_applicant_will_hear_it(text: str) -> None:
    assert heard(SpokenField.ANSWER, text) in told(AppealState.DONE, answer=text)
    assert heard(SpokenField.REASON, text) in told(AppealState.REJECTED, answer=text)


def test_an_enterprise_is_named_as_its_applicants_will_hear_it() -> None:
    assert heard(SpokenField.EXECUTOR, "КП «Світло» (демо)") in told(AppealState.IN_WORK)


def test_a_category_is_named_as_its_applicants_will_hear_it() -> None:
    said = heard(SpokenField.CATEGORY, "Не світить ліхтар")
    assert said.removeprefix("Ваше звернення номер два шість, нуль нуль, нуль нуль, один. ") in told(
        AppealState.DONE
    )


def test_a_reason_sounds_as_callers_will_hear_it() -> None:
    reason = "Заміна засувки на вул. Новій до 18:00. " * 9
    outage: Outage = replace(OUTAGE, reason=reason)
    said = " ".join(one.uk for one in whole(outage, KYIV, now=NOW))
    assert said.endswith(heard(SpokenField.OUTAGE_REASON, reason))


@pytest.mark.parametrize("field", SpokenField)
@pytest.mark.parametrize("text", ["", "  \n"])
def test_where_nothing_is_typed_nothing_is_said(field: SpokenField, text: str) -> None:
    assert not sentences(field, text)


def test_a_question_has_its_blanks_filled_in() -> None:
    assert "два шість" in heard(SpokenField.QUESTION, "Звернення {number}: {about}. Чи виконано роботу?")
    assert not sentences(SpokenField.QUESTION, "Звернення {номер}.")
    assert not sentences(SpokenField.QUESTION, "Звернення {number")
