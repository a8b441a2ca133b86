from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import insert

from hotline.appeals.acts.actors import applicant
from hotline.appeals.acts.applicants_word import Confirm, Dispute
from hotline.appeals.acts.work import Accept, BeginWork, ReportDone
from hotline.appeals.appeal import Appeal, AppealState, ResultKind
from hotline.calls.call import JourneyStep, Outcome, Step, VoiceMessage
from hotline.city.addresses import Address
from hotline.city.classifier import Utility
from hotline.desk.timeline import ReportedOff, SurveySaid
from hotline.outages.reports import OutageReport
from storage.store import Storage
from storage.tables import surveys
from tests.storage.conftest import NOON
from tests.storage.enterprise import found
from tests.storage.past_calls import call

HOME = Address(street="Київський квартал", house="7")
SHARED, OTHER, STRANGER = "+380457900001", "+380457900002", "+380457900009"


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


async def appeal(
    storage: Storage, number: str, applicant: str, state: AppealState, *, of: int | None = None
) -> None:
    await storage.appeals.register(
        Appeal(
            number=number,
            applicant_number=applicant,
            text="Ліхтар",
            state=state,
            registered_at=NOON + timedelta(minutes=int(number)),
            due_on=NOON.date(),
            applicant_id=of,
        )
    )


async def test_the_card_has_every_candidate_and_the_open_appeals_of_all_their_numbers(
    storage: Storage,
) -> None:
    await storage.citizens.add("Марія", "Вулиця, 7", [SHARED])
    await storage.citizens.add("Іван", "Вулиця, 7", [SHARED, OTHER])
    await storage.citizens.add("Ганна", "Вулиця, 3", [STRANGER])
    await appeal(storage, "1", SHARED, AppealState.IN_WORK)
    await appeal(storage, "2", OTHER, AppealState.REGISTERED)
    await appeal(storage, "3", SHARED, AppealState.CLOSED)
    await appeal(storage, "4", STRANGER, AppealState.IN_WORK)
    card = await storage.callers.card(SHARED)
    assert [one.name for one in card.candidates] == ["Марія", "Іван"]
    assert [one.number for one in card.appeals] == ["2", "1"]
    assert [one.number for one in card.ended] == ["3"]


async def test_the_card_shows_the_latest_calls_first_and_not_the_one_going_on(storage: Storage) -> None:
    await call(storage, "old", SHARED, 1, Outcome.TALKED)
    await call(storage, "newer", SHARED, 5, Outcome.ABANDONED_IN_LINE)
    await call(storage, "now", SHARED, 9)
    await call(storage, "not theirs", OTHER, 7)
    card = await storage.callers.card(SHARED, but_call="now")
    assert [(one.id, one.outcome) for one in card.calls] == [
        ("newer", Outcome.ABANDONED_IN_LINE),
        ("old", Outcome.TALKED),
    ]


async def test_an_unknown_number_still_shows_its_own_appeals_and_a_hidden_one_shows_nothing(
    storage: Storage,
) -> None:
    await appeal(storage, "1", STRANGER, AppealState.ASSIGNED)
    card = await storage.callers.card(STRANGER)
    assert (card.candidates, [one.number for one in card.appeals]) == ([], ["1"])
    await call(storage, "hidden", None, 1)
    assert not (await storage.callers.card(None)).calls


async def test_the_line_is_shown_in_its_order_with_numbers_as_far_as_they_are_written(
    storage: Storage,
) -> None:
    await call(storage, "c1", SHARED, 1)
    await storage.line.enter("unwritten", at=NOON + timedelta(minutes=1))
    await storage.line.enter("c1", at=NOON + timedelta(minutes=2))
    waiting = await storage.callers.in_line()
    assert [(one.entry.call_id, one.number) for one in waiting] == [("unwritten", None), ("c1", SHARED)]


async def test_who_waits_is_shown_with_what_they_chose_in_the_main_menu_alone(storage: Storage) -> None:
    await call(storage, "c1", SHARED, 1)
    pressed = [("2", "menu"), ("77", "appeal-number"), ("0", "welcome menu")]
    for number, (key, asked) in enumerate(pressed):
        step = JourneyStep(
            call_id="c1", number=number, at=NOON, step=Step.PRESSED, detail={"key": key, "asked": asked}
        )
        await storage.calls.note(step)
    await storage.calls.flush()
    await storage.line.enter("c1", at=NOON)
    await storage.line.enter("c2", at=NOON + timedelta(minutes=1))
    assert [list(one.chosen) for one in await storage.callers.in_line()] == [["2", "0"], []]


async def test_the_latest_rating_of_each_appeal_is_on_the_card(storage: Storage) -> None:
    city = await found(storage)
    appeal = await city.enter(applicant_number=SHARED)
    number, fitter, maria = appeal.number, city.executor, applicant("call:c1")
    for act in (
        Accept(by=fitter, at=NOON),
        BeginWork(by=fitter, at=NOON),
        ReportDone(by=fitter, at=NOON, result=ResultKind.SATISFIED, answer="Полагоджено"),
    ):
        await storage.handling.carry_out(number, act, version=None)
    assert (await storage.callers.card(SHARED)).ratings == {}
    await storage.handling.carry_out(number, Confirm(by=maria, at=NOON, rating=2), version=None)
    assert (await storage.callers.card(SHARED)).ratings == {number: 2}
    await storage.handling.carry_out(number, Dispute(by=maria, at=NOON), version=None)
    assert (await storage.callers.card(SHARED)).ratings == {number: 2}


async def test_one_timeline_has_messages_reports_and_surveys_among_calls_and_appeals(
    storage: Storage,
) -> None:
    maria = await storage.citizens.add("Марія", "Вулиця, 7", [SHARED, OTHER])
    await storage.citizens.add("Іван", "Вулиця, 7", [SHARED])
    await appeal(storage, "1", SHARED, AppealState.CLOSED)
    await appeal(storage, "2", OTHER, AppealState.IN_WORK)
    await call(storage, "talked", SHARED, 2, Outcome.TALKED)
    await call(storage, "spoke", SHARED, 3, Outcome.MESSAGE_LEFT)
    await call(storage, "elsewhere", OTHER, 4, Outcome.TALKED)
    await call(storage, "strange", STRANGER, 5, Outcome.TALKED)
    left = VoiceMessage(id="m", call_id="spoke", number=SHARED, file="m.wav", began_at=at(3), seconds=9)
    await storage.calls.keep_message(left)
    await storage.calls.keep_message(replace(left, id="n", call_id="strange"))
    report = OutageReport(utility=Utility.HEAT, address=HOME, at=at(6), call_id="talked")
    await storage.outage_reports.add(report)
    await storage.outage_reports.add(replace(report, call_id="strange"))
    async with storage.database.writing() as connection:
        for number, outcome in (("1", "confirmed"), ("7", "not-done")):
            asked = {"appeal": number, "number": SHARED, "language": "uk", "owed_at": NOON, "category": ""}
            asked |= {"round": 1, "ended_at": at(8), "outcome": outcome, "rating": 4}
            await connection.execute(insert(surveys).values(asked))

    card = await storage.callers.card(SHARED)
    told = [("survey", at(8)), ("report", at(6)), ("message", at(3)), ("call", at(2)), ("appeal", at(1))]
    assert [(one.kind, one.at) for one in card.before] == told
    assert card.surveys == [SurveySaid(at=at(8), appeal="1", outcome="confirmed", rating=4)]
    assert card.reports == [
        ReportedOff(at=at(6), utility="heat", place="Київський квартал, 7", call_id="talked")
    ]

    cards = await storage.citizen_cards.of([maria.id])
    person = await storage.callers.of_citizen(cards[0], 10)
    assert [(one.kind, one.at) for one in person.before] == [*told[:2], ("call", at(4)), *told[2:]]
    assert [one.number for one in person.appeals] == ["2"]
    assert [one.name for one in person.candidates] == ["Марія"]
    assert len((await storage.callers.of_citizen(cards[0], 2)).calls) == 2


async def test_a_persons_timeline_leaves_out_what_others_asked_for_from_a_number_they_share(
    storage: Storage,
) -> None:
    maria = await storage.citizens.add("Марія", "Вулиця, 7", [SHARED])
    ivan = await storage.citizens.add("Іван", "Вулиця, 7", [SHARED])
    await appeal(storage, "1", SHARED, AppealState.IN_WORK)
    await appeal(storage, "2", SHARED, AppealState.IN_WORK, of=ivan.id)
    await appeal(storage, "3", STRANGER, AppealState.IN_WORK, of=maria.id)
    (card,) = await storage.citizen_cards.of([maria.id])
    assert [one.number for one in (await storage.callers.of_citizen(card, 10)).appeals] == ["3", "1"]


async def test_what_is_read_beforehand_is_what_the_card_tells(storage: Storage) -> None:
    await storage.citizens.add("Марія", "Вулиця, 7", [SHARED])
    for number in (SHARED, STRANGER):
        known = await storage.callers.card(number, but_call="c1")
        assert await storage.callers.expect(number, but_call="c1") == known
