"""The queue, scores, disputes and training records, on both databases."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, update

from hotline.access.permissions import Role
from hotline.appeals.acts.actors import acting
from hotline.appeals.acts.keeping import Amend
from hotline.appeals.appeal import AppealState
from hotline.calls.call import JourneyStep, Step
from hotline.city.classifier import Urgency
from hotline.errors import ForbiddenTransition, NotFound, Outdated
from hotline.quality.assessment_states import AssessmentState
from hotline.quality.assessments import CLAIM_LASTS, AssessmentFilter, ClaimedByAnother, NewComment
from hotline.quality.sampling import Sampler
from hotline.quality.scoring import Score
from hotline.quality.signs import Sign
from hotline.retention.holds import HeldThing
from hotline.retention.terms import Retention
from storage.quality.talks import _TALKS
from storage.store import Storage
from storage.tables import appeal_history, appeals, recording_figures, surveys
from tests.storage.conftest import NOON
from tests.storage.enterprise import NUMBER, City, found
from tests.storage.plans import plan
from tests.storage.quality.recorded import queue_up, recorded

KYIV = ZoneInfo("Europe/Kyiv")
DAY = timedelta(days=1)
PASSED = Score(percent=90, passed=True)
EVERYTHING = AssessmentFilter()


@dataclass
class Clock:
    """A clock that a test moves."""

    moment: datetime = NOON

    def now(self) -> datetime:
        return self.moment


@dataclass(frozen=True)
class Centre:
    """Two assessors and two dispatchers."""

    storage: Storage
    head: int
    deputy: int
    olena: int
    ihor: int

    async def queued(self, name: str = "c1", sign: Sign = Sign.BY_LOT) -> int:
        """Give the assessment of a talk of Olena's that was just recorded."""
        await recorded(self.storage, name, self.olena, NOON, number=NUMBER)
        await queue_up(self.storage, NOON, **{name: sign})
        one = next(
            one for one in await self.storage.assessments.find(EVERYTHING, limit=99) if one.call_id == name
        )
        return one.id

    async def assessed(self, name: str = "c1") -> int:
        made = await self.queued(name)
        await self.claim(made, self.head)
        await self.storage.assessments.finish(made, self.head, NOON, PASSED)
        return made

    async def claim(self, made: int, by: int, at: datetime = NOON) -> None:
        proposed: Mapping[str, str] = {"greeting": "yes"}
        await self.storage.assessments.claim(made, by, at, form_version=1, proposed=proposed)


@pytest.fixture
async def centre(storage: Storage) -> Centre:
    heads = [
        await storage.users.add(login=name, name=name, role=Role.HEAD, password_hash="x")
        for name in ("head", "deputy")
    ]
    desks = [
        await storage.dispatchers.add(extension, name, "s", frozenset())
        for extension, name in (("201", "Олена"), ("202", "Ігор"))
    ]
    return Centre(storage=storage, head=heads[0].id, deputy=heads[1].id, olena=desks[0].id, ihor=desks[1].id)


async def signs(storage: Storage) -> Mapping[str | None, set[Sign]]:
    return {one.call_id: set(one.signs) for one in await storage.assessments.find(EVERYTHING, limit=99)}


async def test_talks_without_a_dispatcher_or_without_sound_are_not_chosen(centre: Centre) -> None:
    storage = centre.storage
    await recorded(storage, "duty", None, NOON)
    await recorded(storage, "silent", centre.olena, NOON, file="")
    await recorded(storage, "c1", centre.olena, NOON)
    talks = await storage.quality_queue.talks(NOON - DAY, NOON + DAY)
    assert [(one.call_id, one.recording_id, one.seconds) for one in talks] == [("c1", "r-c1", 120.0)]


async def test_a_repeated_call_knows_the_call_before(centre: Centre) -> None:
    await recorded(centre.storage, "first", centre.olena, NOON - DAY, number=NUMBER)
    await recorded(centre.storage, "other", centre.olena, NOON - DAY, number="+380457900002")
    await recorded(centre.storage, "hidden", centre.olena, NOON)
    await recorded(centre.storage, "again", centre.ihor, NOON, number=NUMBER)
    talks = await centre.storage.quality_queue.talks(NOON, NOON + DAY)
    assert {one.call_id: one.called_before for one in talks} == {"again": NOON - DAY, "hidden": None}


async def test_silence_and_talk_over_are_those_that_were_measured(centre: Centre) -> None:
    storage = centre.storage
    await recorded(storage, "c1", centre.olena, NOON)
    await recorded(storage, "c2", centre.olena, NOON)
    figures = {
        "recording_id": "r-c1",
        "caller_seconds": 60.0,
        "silence_seconds": 50.0,
        "marks": [],
        "peaks": [],
    }
    measured = figures | {"longest_silence": 31.5, "talk_over_seconds": 4.0}
    async with storage.database.writing() as connection:
        await connection.execute(insert(recording_figures).values(measured))
    talks = {one.call_id: one for one in await storage.quality_queue.talks(NOON, NOON + DAY)}
    assert (talks["c1"].silence, talks["c1"].talk_over) == (31.5, 4.0)
    assert (talks["c2"].silence, talks["c2"].talk_over) == (None, None)


async def test_an_emergency_and_a_disputed_completion_are_seen(centre: Centre, city: City) -> None:
    storage = centre.storage
    await recorded(storage, "c1", centre.olena, NOON)
    await recorded(storage, "c2", centre.olena, NOON)
    await city.enter(call_id="c1", urgency=Urgency.EMERGENCY)
    await city.enter(call_id="c2")
    assert not await storage.quality_queue.spoken_of(NOON, NOON + DAY)
    talks = {one.call_id: one for one in await storage.quality_queue.talks(NOON, NOON + DAY)}
    assert (talks["c1"].emergency, talks["c2"].emergency) == (True, False)
    assert not any(one.disputed for one in talks.values())


async def test_what_the_applicant_said_of_the_work_is_seen(centre: Centre, city: City) -> None:
    storage = centre.storage
    numbers = {}
    for name in ("c1", "c2", "c3"):
        await recorded(storage, name, centre.olena, NOON)
        numbers[name] = (await city.enter(call_id=name)).number
    said = appeal_history.c.number == numbers["c1"]
    survey = {"number": NUMBER, "language": "uk", "owed_at": NOON, "category": "x", "appeal": numbers["c2"]}
    async with storage.database.writing() as connection:
        await connection.execute(
            update(appeal_history).where(said).values(state_after=AppealState.DISPUTED.value)
        )
        for round_, rating in enumerate((4, 2, None)):
            await connection.execute(insert(surveys).values(survey | {"round": round_, "rating": rating}))
    told = await storage.quality_queue.spoken_of(NOON, NOON + DAY)
    assert {one.call_id: (one.disputed, one.rating) for one in told} == {"c1": (True, None), "c2": (False, 2)}


async def test_sqlite_reads_no_year_of_calls_or_emergencies_for_each_talk(storage: Storage) -> None:
    if storage.database.shared:  # PostgreSQL goes by what stands in the tables
        return
    said = await plan(storage, _TALKS, {"since": NOON, "until": NOON})
    assert "ix_calls_of_number" in said
    assert "ix_calls_direction" not in said
    assert "ix_appeals_urgency" not in said


@pytest.fixture
async def city(storage: Storage) -> City:
    return await found(storage)


async def test_the_last_week_is_drawn_once_and_can_be_drawn_again_by_its_seed(centre: Centre) -> None:
    for number in range(9):
        await recorded(centre.storage, f"o{number}", centre.olena, NOON - 7 * DAY + timedelta(hours=number))
        await recorded(centre.storage, f"i{number}", centre.ihor, NOON - 7 * DAY + timedelta(hours=number))
    clock = Clock()
    sampler = Sampler(centre.storage.quality_queue, clock, KYIV, lambda: "seed")
    await sampler.look()
    drawn = await signs(centre.storage)
    assert len(drawn) == 6
    assert all(Sign.BY_LOT in one for one in drawn.values())
    other = Sampler(centre.storage.quality_queue, clock, KYIV, lambda: "another seed")
    await asyncio.gather(sampler.look(), other.look())
    assert await signs(centre.storage) == drawn


async def test_this_week_is_not_drawn_before_it_has_ended(centre: Centre) -> None:
    await recorded(centre.storage, "c1", centre.olena, NOON)
    clock = Clock()
    await Sampler(centre.storage.quality_queue, clock, KYIV).look()
    assert not await signs(centre.storage)
    clock.moment = NOON + 7 * DAY
    await Sampler(centre.storage.quality_queue, clock, KYIV).look()
    assert await signs(centre.storage) == {"c1": {Sign.BY_LOT}}


async def test_a_talk_that_waits_gets_later_signs_and_one_that_was_assessed_does_not(centre: Centre) -> None:
    await centre.queued("c1")
    await centre.assessed("c2")
    await queue_up(centre.storage, NOON, c1=Sign.DISPUTED, c2=Sign.DISPUTED)
    assert await signs(centre.storage) == {"c1": {Sign.DISPUTED, Sign.BY_LOT}, "c2": {Sign.BY_LOT}}


async def test_the_most_serious_waits_on_top_and_filters_find_their_own(centre: Centre) -> None:
    await centre.queued("lot")
    await centre.queued("emergency", Sign.EMERGENCY)
    await centre.assessed("done")
    found = centre.storage.assessments
    listed = await found.find(EVERYTHING, limit=9)
    assert [one.call_id for one in listed] == ["emergency", "lot", "done"]
    assert [one.call_id for one in await found.find(EVERYTHING, limit=1, skip=1)] == ["lot"]
    by_sign = AssessmentFilter(sign=Sign.EMERGENCY)
    assert [one.call_id for one in await found.find(by_sign, limit=9)] == ["emergency"]
    assert await found.count(AssessmentFilter(states=frozenset({AssessmentState.TO_ASSESS})), 9) == 2
    assert await found.count(AssessmentFilter(dispatcher_id=centre.ihor), 9) == 0
    assert await found.count(AssessmentFilter(since=NOON + DAY), 9) == 0
    assert await found.count(AssessmentFilter(until=NOON + DAY, unread=True), 2) == 2


async def test_of_two_assessors_at_once_one_has_it(centre: Centre) -> None:
    made = await centre.queued()
    came = await asyncio.gather(
        centre.claim(made, centre.head), centre.claim(made, centre.deputy), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in came) == ["ClaimedByAnother", "NoneType"]


async def test_a_claim_that_ended_is_anothers_with_all_that_was_drafted(centre: Centre) -> None:
    made, found = await centre.queued(), centre.storage.assessments
    await centre.claim(made, centre.head)
    await found.save(made, centre.head, NOON, answers={"greeting": "no"}, unconfirmed=(), conclusion="Так")
    with pytest.raises(ClaimedByAnother):
        await centre.claim(made, centre.deputy, NOON + CLAIM_LASTS - timedelta(seconds=1))
    later = NOON + CLAIM_LASTS
    await centre.claim(made, centre.deputy, later)
    draft = await found.get(made)
    assert (draft.answers, draft.unconfirmed, draft.conclusion) == ({"greeting": "no"}, (), "Так")
    with pytest.raises(ClaimedByAnother):
        await found.save(made, centre.head, later, answers={}, unconfirmed=(), conclusion="")
    with pytest.raises(ClaimedByAnother):
        await found.finish(made, centre.head, later, PASSED)
    with pytest.raises(ClaimedByAnother):
        await found.add_comment(made, centre.head, later, NewComment(moment=1.0, text="x", quotes=True))
    assert (await found.get(made)).claimed_by == centre.deputy


async def test_what_the_machine_proposed_and_the_form_stay_as_at_the_first_look(centre: Centre) -> None:
    made, found = await centre.queued(), centre.storage.assessments
    await centre.claim(made, centre.head)
    again = await found.claim(made, centre.head, NOON, form_version=1001, proposed={"greeting": "no"})
    assert (again.form_version, again.answers, again.unconfirmed) == (
        1,
        {"greeting": "yes"},
        ("greeting",),
    )


async def test_a_claim_given_back_is_free_at_once(centre: Centre) -> None:
    made = await centre.queued()
    await centre.claim(made, centre.head)
    await centre.storage.assessments.release(made, centre.deputy)
    assert (await centre.storage.assessments.get(made)).claimed_by == centre.head
    await centre.storage.assessments.release(made, centre.head)
    await centre.claim(made, centre.deputy)


async def test_remarks_stand_in_the_order_of_their_moments(centre: Centre) -> None:
    made, found = await centre.queued(), centre.storage.assessments
    await centre.claim(made, centre.head)
    for moment, text in ((None, "загалом"), (30.5, "перебиває"), (2.0, "не привітався")):
        await found.add_comment(made, centre.head, NOON, NewComment(moment=moment, text=text, quotes=False))
    said = await found.comments(made)
    assert [(one.moment, one.text) for one in said] == [
        (2.0, "не привітався"),
        (30.5, "перебиває"),
        (None, "загалом"),
    ]
    await found.remove_comment(made, said[0].id, centre.head, NOON)
    assert [one.text for one in await found.comments(made)] == ["перебиває", "загалом"]


async def test_the_road_of_a_dispute(centre: Centre) -> None:
    made, found = await centre.assessed(), centre.storage.assessments
    await found.read(made, centre.head, NOON)
    await found.dispute(made, centre.head, NOON + DAY, "Заявник не назвав адреси")
    disputed = await found.get(made)
    assert (disputed.state, disputed.dispute) == (AssessmentState.DISPUTED, "Заявник не назвав адреси")
    better = Score(percent=95, passed=True)
    await found.decide(made, centre.head, NOON, reason="Так", answers={"address": "na"}, score=better)
    decided = await found.get(made)
    assert (decided.state, decided.percent, decided.first_percent) == (AssessmentState.DECIDED, 95, 90)
    assert decided.read_at is None  # the decision is to be read
    events = [one.event.value for one in await found.history(made)]
    assert events == ["claim", "finish", "read", "dispute", "decide"]
    assert [one.percent for one in await found.scores(NOON, NOON + DAY)] == [95]


async def test_a_decision_that_keeps_the_score_names_no_other(centre: Centre) -> None:
    made, found = await centre.assessed(), centre.storage.assessments
    await found.dispute(made, centre.head, NOON, "Ні")
    await found.decide(made, centre.head, NOON, reason="Ні", answers={}, score=PASSED)
    assert (await found.get(made)).first_percent is None


async def test_what_comes_too_late_or_too_early_is_refused(centre: Centre) -> None:
    made, found = await centre.queued(), centre.storage.assessments
    with pytest.raises(ForbiddenTransition):
        await found.dispute(made, centre.head, NOON, "x")
    await centre.claim(made, centre.head)
    await found.skip(made, centre.head, NOON, "Помилилися номером")
    for late in (
        found.finish(made, centre.head, NOON, PASSED),
        found.read(made, centre.head, NOON),
        found.save(made, centre.head, NOON, answers={}, unconfirmed=(), conclusion=""),
    ):
        with pytest.raises(ForbiddenTransition):
            await late
    assert await found.scores(NOON, NOON + DAY) == []
    with pytest.raises(NotFound):
        await found.get(made + 1)


async def test_two_disputes_at_once_are_one(centre: Centre) -> None:
    made, found = await centre.assessed(), centre.storage.assessments
    came = await asyncio.gather(
        *(found.dispute(made, centre.head, NOON, f"{number}") for number in range(2)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in came) == ["ForbiddenTransition", "NoneType"]


async def test_what_is_on_record_of_a_talk_is_told(centre: Centre, city: City) -> None:
    storage = centre.storage
    await recorded(storage, "c1", centre.olena, NOON)
    empty = await storage.talks.story("c1")
    assert (empty.registered, empty.corrected, empty.confirmed, empty.wait_seconds) == (
        False,
        None,
        None,
        None,
    )
    appeal = await city.enter(call_id="c1")
    for number, (step, seconds) in enumerate(
        (
            *((Step.HOLD_BEGAN, 2), (Step.HOLD_ENDED, 9)),
            *((Step.THIRD_CALLED, 10), (Step.CONFERENCE, 25)),
            *((Step.THIRD_CALLED, 40), (Step.TALK_ENDED, 45)),
        )
    ):
        at = NOON + timedelta(seconds=seconds)
        await storage.calls.note(JourneyStep(call_id="c1", number=number, at=at, step=step, detail={}))
    await storage.calls.flush()
    story = await storage.talks.story("c1")
    assert (story.registered, story.corrected) == (True, False)
    assert (story.held_seconds, story.asked_seconds) == (7.0, 20.0)
    assert story.appeals == [appeal.number]
    assert story.address.startswith("Київський")
    amended = Amend(by=acting(city.olya), at=NOON, urgency=Urgency.ORDINARY)
    await storage.handling.carry_out(appeal.number, amended, version=None)
    assert (await storage.talks.story("c1")).corrected
    async with storage.database.writing() as connection:
        await connection.execute(update(appeals).values(state=AppealState.CLOSED.value))
    assert (await storage.talks.story("c1")).confirmed


async def test_a_coaching_note_is_due_on_its_day_and_closed_once(centre: Centre) -> None:
    trainings, today = centre.storage.trainings, date(2026, 3, 2)
    later = await trainings.add(
        centre.olena, centre.head, NOON, agreed="Б", review_on=today + DAY, assessment_id=None
    )
    note = await trainings.add(
        centre.olena, centre.head, NOON, agreed="Перепитувати адресу", review_on=today, assessment_id=None
    )
    await trainings.add(centre.ihor, centre.head, NOON, agreed="В", review_on=None, assessment_id=None)
    assert [one.agreed for one in await trainings.due(today, 9)] == ["Перепитувати адресу"]
    assert [one.id for one in await trainings.of(centre.olena)] == [note.id, later.id]
    closed = await trainings.review(note.id, centre.head, NOON, "Перепитує")
    assert (closed.outcome, closed.due(today)) == ("Перепитує", False)
    assert await trainings.due(today, 9) == []
    with pytest.raises(Outdated):
        await trainings.review(note.id, centre.head, NOON, "ще раз")
    with pytest.raises(NotFound):
        await trainings.review(note.id + 9, centre.head, NOON, "")


async def test_the_score_outlives_the_recording_and_what_tells_of_the_citizen_does_not(
    centre: Centre,
) -> None:
    made, found = await centre.queued(), centre.storage.assessments
    await centre.claim(made, centre.head)
    for text, quotes in (("Каже: «Я Марія Демченко»", True), ("Не назвав себе", False)):
        await found.add_comment(made, centre.head, NOON, NewComment(moment=1.0, text=text, quotes=quotes))
    await found.save(made, centre.head, NOON, answers={"greeting": "no"}, unconfirmed=(), conclusion="Марії")
    await found.finish(made, centre.head, NOON, PASSED)
    await found.dispute(made, centre.head, NOON, "Марія сама не знала")
    await found.decide(made, centre.head, NOON, reason="Марія", answers={"greeting": "no"}, score=PASSED)
    term = Retention().recordings
    await centre.storage.retention.sweep(Retention(), NOON + term)
    assert (await found.get(made)).call_id == "c1"
    await centre.storage.retention.sweep(Retention(), NOON + term + timedelta(seconds=1))
    left = await found.get(made)
    assert (left.call_id, left.recording_id) == (None, None)
    assert (left.conclusion, left.dispute, left.decision) == ("", "", "")
    assert (left.percent, left.answers, left.dispatcher_id) == (90, {"greeting": "no"}, centre.olena)
    assert [one.text for one in await found.comments(made)] == ["Не назвав себе"]
    assert await centre.storage.retention.sweep(Retention(), NOON + term + timedelta(seconds=2)) == 0


async def test_a_legal_hold_on_the_call_keeps_the_remarks(centre: Centre) -> None:
    made, found = await centre.queued(), centre.storage.assessments
    await centre.claim(made, centre.head)
    await found.add_comment(made, centre.head, NOON, NewComment(moment=1.0, text="Марія", quotes=True))
    await centre.storage.holds.place(HeldThing.CALL, "c1", reason="суд", by=centre.head, at=NOON)
    await centre.storage.retention.sweep(Retention(), NOON + timedelta(days=5000))
    assert [one.text for one in await found.comments(made)] == ["Марія"]


async def test_whoever_is_erased_is_in_no_remark(centre: Centre) -> None:
    storage, made = centre.storage, await centre.queued()
    who = await storage.citizens.add("Марія Демченко", "Київський квартал, 7", [NUMBER])
    await centre.claim(made, centre.head)
    remark = NewComment(moment=1.0, text="Марія", quotes=True)
    await storage.assessments.add_comment(made, centre.head, NOON, remark)
    handed = [one.table async for one in storage.person_data.everything(who.id)]
    assert "assessment_comments" in handed
    assert "assessments" not in handed
    await storage.person_data.erase(who.id, Retention(), NOON)
    assert await storage.assessments.comments(made) == []
    assert (await storage.assessments.get(made)).call_id is None
