"""The demo city's appeals: registered by its rules, and all that was done with them up to now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hotline.access.permissions import Role
from hotline.appeals.acts.actors import Actor, ActorRole, acting
from hotline.appeals.acts.applicants_word import Confirm, Dispute
from hotline.appeals.registering import NewAppeal
from hotline.city.classifier import classifier
from hotline.contact.channel import Channel
from hotline.dialling.jobs import GIVEN_UP
from hotline.people.citizens import Citizen
from hotline.surveys.completion import SURVEY, Survey, SurveyOutcome
from service.demo.acts import Cast
from service.demo.stories import Story, stories
from storage.store import Storage

OUTWARD = (Channel.EMAIL, Channel.SMS, Channel.CALL)
HANDED_OVER = "demo"
"""The gateway's id of demo notices: nobody is written to."""

_SAID = {Confirm.name: SurveyOutcome.CONFIRMED, Dispute.name: SurveyOutcome.NOT_DONE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """The demo citizens by name, who acts, and the city's time."""

    citizens: Mapping[str, Citizen]
    cast: Cast
    zone: ZoneInfo


async def add_demo_appeals(
    storage: Storage, citizens: Mapping[str, Citizen], zone: ZoneInfo, now: datetime
) -> None:
    """Register the stories, the earliest first, and carry out their roads."""
    town = Town(citizens=citizens, cast=await _cast(storage), zone=zone)
    numbers: dict[str, str] = {}
    for story in stories():
        entered = await storage.registry.enter(_new(story, town, now, numbers))
        numbers[story.name] = entered.number
        for hours, step in story.steps():
            at = entered.registered_at + timedelta(hours=hours)
            entered = await storage.handling.carry_out(
                entered.number, step(town.cast, entered, at), version=None
            )
    await _as_if_delivered(storage, now)
    await _as_if_asked(storage, now)


async def _cast(storage: Storage) -> Cast:
    users = await storage.users.all()
    executors = await storage.executors.all()
    workers = {one.id: Actor(part=ActorRole.EXECUTOR, executor_id=one.id) for one in executors}
    workers |= {one.executor_id: acting(one) for one in reversed(users) if one.executor_id is not None}
    by_role = {one.role: one for one in reversed(users)}
    return Cast(
        dispatcher=acting(by_role[Role.DISPATCHER]),
        head=acting(by_role[Role.HEAD]),
        workers=workers,
        executors={one.short: one.id for one in executors},
    )


def _new(story: Story, town: Town, now: datetime, numbers: Mapping[str, str]) -> NewAppeal:
    at, known = now - timedelta(hours=story.hours_ago), classifier()
    category = known.categories[story.category]
    term = known.deadline(story.category, category.urgency, at, town.zone)
    person = town.citizens.get(story.citizen)
    registrar = town.cast.dispatcher.user_id
    assert registrar is not None  # noqa: S101 - made of a user
    return NewAppeal(
        text=story.text,
        kind=story.kind,
        category=story.category,
        classifier=known.version,
        address=story.address or (person.address if person else ""),
        urgency=category.urgency,
        registered_at=at,
        year=at.astimezone(town.zone).year,
        due_on=term.due_on,
        due_at=term.due_at,
        registered_by=registrar,
        applicant_number=story.number,
        applicant=person.id if person else None,
        consent=person is not None,
        sign=story.sign,
        earlier=numbers.get(story.earlier),
        parent=numbers[story.earlier] if story.linked else None,
        subject=story.subject,
        receipt=story.receipt,
        reply_by=Channel.SMS if person else None,
        details=tuple(
            one.answered(story.answered[one.code])
            for one in known.questions_of(story.category)
            if one.code in story.answered
        ),
    )


async def _as_if_delivered(storage: Storage, now: datetime) -> None:
    """Let the notices of the past count as handed over, so that no gateway ever gets them."""
    while claimed := await storage.outbox.claim(OUTWARD, now, limit=100):
        for one in claimed:
            await storage.outbox.sent(one.id, one.owed_at, HANDED_OVER)


async def _as_if_asked(storage: Storage, now: datetime) -> None:
    """Let the calls of the past count as over, by what the applicants said: no demo citizen is called."""
    while jobs := await storage.call_jobs.claim(now, 100):
        for job in jobs:
            survey = await storage.surveys.find(job.subject) if job.source == SURVEY and job.subject else None
            if survey is not None:
                await _as_they_said(storage, survey, now)
            await storage.call_jobs.follow(job.call_id, GIVEN_UP, now)


async def _as_they_said(storage: Storage, survey: Survey, now: datetime) -> None:
    said = await storage.handling.history(survey.appeal, hidden=True)
    word = next((entry for entry in said if entry.act in _SAID and entry.at >= survey.owed_at), None)
    outcome = _SAID[word.act] if word else SurveyOutcome.NOT_CALLED
    rating = word.facts.get("rating") if word else None
    await storage.surveys.ended(survey.id, outcome, word.at if word else now, rating=rating)
