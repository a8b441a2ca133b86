"""An appeal, the people around it, and every act by whoever may or may not do it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hotline.appeals.acts.act import Act
from hotline.appeals.acts.actors import SERVICE, Actor, ActorRole
from hotline.appeals.acts.applicants_word import (
    AttemptInVain,
    BeginCheck,
    CloseUnconfirmed,
    Confirm,
    Dispute,
    ReviewClosing,
    TakeNoBack,
    Withdraw,
    WrongCode,
)
from hotline.appeals.acts.asking import AnswerBack, AskBack
from hotline.appeals.acts.extension import AskExtension, Extend, RefuseExtension
from hotline.appeals.acts.keeping import (
    Amend,
    DrawIn,
    Escalate,
    Link,
    MarkMass,
    Note,
    PutUnderControl,
    Recount,
    Unlink,
)
from hotline.appeals.acts.routing import Assign, Forward, HandBack, Reject, RejectionGround, Release
from hotline.appeals.acts.way_back import AnsweredElsewhere, CameBack, RefuseDone, Reopen, TakeBack
from hotline.appeals.acts.work import Accept, BeginWork, PassInside, ReportDone
from hotline.appeals.appeal import Appeal, AppealState, ResultKind
from hotline.city.city_rules import CityRules
from hotline.city.classifier import Urgency

KYIV = ZoneInfo("Europe/Kyiv")
CITY = CityRules(timezone=KYIV)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HEAT, WATER = 7, 8
APPEAL = Appeal(
    number="2600001",
    applicant_number="+380671234567",
    text="Немає опалення",
    state=AppealState.REGISTERED,
    registered_at=NOON,
    state_since=NOON,
    due_on=date(2026, 3, 17),
    due_at=datetime(2026, 3, 17, 22, 0, tzinfo=UTC),
    category="heat-none",
    earlier="2500001",
    address="Київський квартал, 7, кв. 12",
)
DISPATCHER = Actor(part=ActorRole.DISPATCHER, user_id=1)
HEAD = Actor(part=ActorRole.HEAD, user_id=2)
FITTER = Actor(part=ActorRole.EXECUTOR, user_id=3, executor_id=HEAT)
STRANGER = Actor(part=ActorRole.EXECUTOR, user_id=4, executor_id=WATER)
MARIA = Actor(part=ActorRole.APPLICANT, source="call:hotline-1.1")
VOICELESS = Actor(part=ActorRole.APPLICANT)
HEARSAY = Actor(part=ActorRole.DISPATCHER, user_id=1, source="call:hotline-1.1")
ACTORS = (HEARSAY, DISPATCHER, HEAD, FITTER, STRANGER, MARIA, VOICELESS, SERVICE)


def appeal(state: AppealState, **fields: object) -> Appeal:
    """Give one in this state, held by the heat supplier where somebody must hold it."""
    free = {AppealState.REGISTERED, AppealState.FORWARDED, AppealState.REJECTED}
    one = replace(APPEAL, state=state, executor_id=None if state in free else HEAT)
    return replace(one, **fields)


def every_act(by: Actor, at: datetime, *, text: str = "Так треба", until: date | None = None) -> list[Act]:
    """Each act once, by this actor."""
    who: Any = {"by": by, "at": at}
    until = until or at.date() + timedelta(days=20)
    return [
        Assign(**who, executor_id=HEAT),
        Assign(**who, executor_id=WATER),
        HandBack(**who, reason=text),
        Release(**who),
        Forward(**who, to="Поліція", reason=text),
        Reject(**who, ground=RejectionGround.RESOLVED_BEFORE, reason=text),
        Accept(**who),
        PassInside(**who, assignee_id=3),
        BeginWork(**who),
        ReportDone(**who, result=ResultKind.SATISFIED, answer=text),
        BeginCheck(**who),
        AttemptInVain(**who, outcome="no-answer"),
        WrongCode(**who, call_id="hotline-1.1"),
        Confirm(**who),
        TakeNoBack(**who),
        ReviewClosing(**who, reason=text),
        CloseUnconfirmed(**who, reason=text),
        Dispute(**who, reason=text),
        Withdraw(**who),
        TakeBack(**who, reason=text),
        RefuseDone(**who, reason=text),
        CameBack(**who, reason=text),
        AnsweredElsewhere(**who, answer=text),
        Reopen(**who, reason=text),
        AskBack(**who, text=text),
        AnswerBack(**who, text=text),
        AskExtension(**who, until=until, reason=text),
        Extend(**who, until=until, reason=text),
        RefuseExtension(**who, reason=text),
        Note(**who, text=text),
        DrawIn(**who, step_taken="agree", specialist="Петренко, Тепломережі"),
        Amend(**who, urgency=Urgency.EMERGENCY),
        Link(**who, parent="2600002"),
        Unlink(**who, reason=text),
        PutUnderControl(**who, on=True),
        MarkMass(**who),
        Recount(**who, until=until),
        Escalate(**who, kind="overdue", key="overdue:1"),
    ]
