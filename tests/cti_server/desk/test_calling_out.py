"""Calling out from a page: who may, what is refused in words, what stands in the audit log."""

import pytest
from aiohttp import web

from cti_server.application import application
from cti_server.desk.calling_out import add_calling_out
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from hotline.calls.call import CallRecord, Outcome
from hotline.dialling.calling_out import CallingRules, Phase, Third, ThirdPhase, own_numbers
from hotline.line.callbacks import Claim
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock, SetBoard
from tests.cti_server.desk.conftest import AtDesk, calling_out_sources
from tests.fakes.telephone import FakeTelephone

FEW = CallingRules(most=3, own=own_numbers("1580", "+380457900012"))
MARIA = "+380457900001"


@pytest.fixture
def telephone() -> FakeTelephone:
    return FakeTelephone()


@pytest.fixture
def app(
    board: SetBoard, accounts: Accounts, telephone: FakeTelephone, storage: Storage, clock: MovedClock
) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_calling_out(made, calling_out_sources(storage, clock, telephone, FEW))
    return made


@pytest.fixture
async def missed(storage: Storage, clock: MovedClock) -> dict[str, str]:
    """What the page sends when a missed call is clicked."""
    record = CallRecord(id="m1", number=MARIA, shown=MARIA, arrived_at=clock.now())
    await storage.calls.open(record)
    await storage.calls.close("m1", Outcome.ABANDONED_IN_LINE, clock.now())
    await storage.calls.flush()
    return {"number": MARIA, "missed": "m1"}


async def claim(storage: Storage) -> Claim | None:
    (one,) = await storage.callbacks.owed(9)
    return one.claim


async def test_a_number_is_called_and_stands_in_the_audit_log(
    olena: AtDesk, telephone: FakeTelephone, accounts: Accounts
) -> None:
    fields = {"number": "067 123 45 67", "clicked": "abc-1", "missed": "call-7"}
    answer = await olena.person.post("/desk/call-out", fields)

    assert answer.status == 202
    assert (await answer.json())["call"]["words"] == "Дзвонить ваш телефон: візьміть слухавку"
    (called,) = telephone.called
    assert (called.number, called.clicked, called.answers_missed) == ("+380671234567", "abc-1", "call-7")
    assert (called.dispatcher_id, called.user_id) == (olena.dispatcher.id, olena.user_id)
    entry = (await accounts.audit.latest(1))[0]
    assert (entry.action, entry.subject, entry.user_id) == ("call-out", "number:+380671234567", olena.user_id)


async def test_a_number_dialled_from_the_card_of_another_citys_call_is_called_in_its_name_and_says_so(
    olena: AtDesk, telephone: FakeTelephone
) -> None:
    await olena.person.post("/desk/call-out", {"number": MARIA, "about": "call-7"})
    assert (telephone.called[0].for_call, telephone.called[0].answers_missed) == ("call-7", "")
    assert telephone.talk is not None
    telephone.talk.city = "Славутич"
    for phase, said in (
        (Phase.DESK, "Дзвонить ваш телефон: візьміть слухавку · Від імені: Славутич"),
        (Phase.DIALLING, "Набираємо номер… · Від імені: Славутич"),
        (Phase.TALKING, "Розмова триває"),
    ):
        telephone.talk.phase = phase
        shown = await (await olena.person.get("/desk/call-out")).json()
        assert shown["call"]["words"] == said


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("12", "Це не номер телефону"),
        ("0900123456", "платн"),
        ("+48221234567", "Україн"),
        ("1580", "номер самої гарячої лінії"),
        ("+38 04579 00012", "номер самої гарячої лінії"),
    ],
)
async def test_a_number_that_is_not_called_is_refused_in_words(
    olena: AtDesk, telephone: FakeTelephone, typed: str, word: str
) -> None:
    answer = await olena.person.post("/desk/call-out", {"number": typed})

    assert answer.status == 422
    assert word in (await answer.json())["message"]
    assert telephone.called == []


async def test_a_word_that_could_end_a_header_is_left_out(olena: AtDesk, telephone: FakeTelephone) -> None:
    await olena.person.post("/desk/call-out", {"number": "112", "clicked": "a\r\nX-Evil: 1"})

    assert telephone.called[0].clicked == ""


async def test_too_many_calls_are_refused_until_later(
    olena: AtDesk, telephone: FakeTelephone, clock: MovedClock
) -> None:
    answers = [(await olena.person.post("/desk/call-out", {"number": "112"})).status for _ in range(4)]
    assert answers == [202, 202, 202, 429]
    clock.pass_(minutes=11)
    assert (await olena.person.post("/desk/call-out", {"number": "112"})).status == 202


async def test_who_is_engaged_or_finds_the_exchange_away_is_told(
    olena: AtDesk, telephone: FakeTelephone
) -> None:
    telephone.engaged = True
    assert (await olena.person.post("/desk/call-out", {"number": "112"})).status == 409
    telephone.away = True
    answer = await olena.person.post("/desk/call-out", {"number": "112"})
    assert answer.status == 503
    assert "станція" in (await answer.json())["message"]


async def test_whom_the_hotline_itself_is_calling_no_dispatcher_calls_as_well(
    olena: AtDesk, telephone: FakeTelephone
) -> None:
    telephone.being_called = True
    answer = await olena.person.post("/desk/call-out", {"number": "0671234567"})
    assert answer.status == 409
    assert "сама зараз телефонує на цей номер" in (await answer.json())["message"]
    assert telephone.called == []


async def test_a_call_that_failed_is_told_in_words(olena: AtDesk, telephone: FakeTelephone) -> None:
    assert await (await olena.person.get("/desk/call-out")).json() == {
        "call": None,
        "third": None,
        "with": None,
    }
    await olena.person.post("/desk/call-out", {"number": "0671234567"})
    assert telephone.talk is not None
    telephone.talk.phase, telephone.talk.outcome = Phase.OVER, Outcome.NOT_IN_USE

    call = (await (await olena.person.get("/desk/call-out")).json())["call"]

    assert (call["number"], call["words"]) == ("+380 67 123 4567", "Такого номера не існує")


async def test_a_third_is_asked_joined_and_let_go(olena: AtDesk, telephone: FakeTelephone) -> None:
    me = olena.dispatcher.id
    asked = [("consult", "202"), ("join", ""), ("leave", ""), ("pass", "+380457900099")]
    for act, number in asked:
        assert (await olena.person.post("/desk/third", {"act": act, "number": number})).status == 200
    assert telephone.asked == [(act, me, number) for act, number in asked]
    assert (await olena.person.post("/desk/third", {"act": "consult", "number": "12"})).status == 422
    assert (await olena.person.post("/desk/third", {"act": "shout"})).status == 400


async def test_a_third_is_shown_with_what_they_do(olena: AtDesk, telephone: FakeTelephone) -> None:
    await olena.person.post("/desk/call-out", {"number": "0671234567"})
    assert telephone.talk is not None
    telephone.talk.third = Third(number="+380457900099", phase=ThirdPhase.TOGETHER)

    third = (await (await olena.person.get("/desk/call-out")).json())["third"]

    assert (third["name"], third["phase"]) == ("+380 4579 00099", "together")


async def test_without_the_sessions_own_word_nothing_is_called(
    olena: AtDesk, telephone: FakeTelephone
) -> None:
    olena.person.csrf = "guessed"
    assert (await olena.person.post("/desk/call-out", {"number": "112"})).status == 403
    assert telephone.called == []


async def test_whoever_clicks_a_missed_call_has_claimed_it_and_a_colleague_is_told(
    olena: AtDesk, taras: AtDesk, telephone: FakeTelephone, storage: Storage, missed: dict[str, str]
) -> None:
    assert (await olena.person.post("/desk/call-out", missed)).status == 202
    mine = await claim(storage)
    assert mine is not None
    assert mine.user_id == olena.user_id

    answer = await taras.person.post("/desk/call-out", missed)

    assert answer.status == 409
    assert (await answer.json())["message"] == "На цей номер уже телефонує Диспетчер 201 (з 14:00)."
    assert [one.user_id for one in telephone.called] == [olena.user_id]


async def test_a_claim_is_given_back_when_no_call_comes_of_it(
    olena: AtDesk, telephone: FakeTelephone, storage: Storage, missed: dict[str, str]
) -> None:
    telephone.engaged = True
    assert (await olena.person.post("/desk/call-out", missed)).status == 409
    assert await claim(storage) is None
    telephone.away = True
    assert (await olena.person.post("/desk/call-out", missed)).status == 503
    assert await claim(storage) is None


async def test_whoever_clicks_twice_keeps_the_claim(
    olena: AtDesk, telephone: FakeTelephone, storage: Storage, missed: dict[str, str]
) -> None:
    await olena.person.post("/desk/call-out", missed)
    telephone.engaged = True
    assert (await olena.person.post("/desk/call-out", missed)).status == 409
    assert await claim(storage) is not None
