"""Assessments of talks: who works on one, what it came to, what was said at which moment, and the dispute."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from hotline.access.users import User
from hotline.errors import HotlineError
from hotline.quality.assessment_states import AssessmentEvent, AssessmentState
from hotline.quality.score_forms import score_form
from hotline.quality.scoring import Answers, Score
from hotline.quality.signs import Sign
from hotline.quality.trend import TalkScore

CLAIM_LASTS = timedelta(minutes=30)
"""Since the last sign of work: each saving of the draft begins it anew."""
LONGEST_COMMENT = 2000
LONGEST_REASON = 2000
MOST_COMMENTS = 200


class ClaimedByAnother(HotlineError):  # noqa: N818 - reads as what happened
    """Another assessor works on this talk: leave it to them, or wait until their half-hour is over."""

    code = "overtaken"


class OwnTalk(HotlineError):  # noqa: N818 - reads as what it is
    """Nobody assesses their own talk, or decides a dispute about it."""

    code = "forbidden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One talk in the queue, and its score once there is one."""

    id: int
    recording_id: str | None
    """None, as `call_id`: the term of the recording is over."""
    call_id: str | None
    dispatcher_id: int
    talk_at: datetime
    seconds: float
    signs: tuple[Sign, ...]
    state: AssessmentState
    queued_at: datetime
    form_version: int | None = None
    """Of the form, from the first look on."""
    claimed_by: int | None = None
    claimed_until: datetime | None = None
    answers: Answers = field(default_factory=dict)
    unconfirmed: tuple[str, ...] = ()
    """Questions that only the machine has answered so far."""
    conclusion: str = ""
    """Of the assessor, for the dispatcher; of one that was skipped, why."""
    percent: int | None = None
    passed: bool | None = None
    assessed_by: int | None = None
    assessed_at: datetime | None = None
    read_at: datetime | None = None
    dispute: str = ""
    disputed_at: datetime | None = None
    decision: str = ""
    decided_by: int | None = None
    decided_at: datetime | None = None
    first_percent: int | None = None
    """Before the decision, where that changed it."""

    def held_by_another(self, user_id: int, now: datetime) -> bool:
        """Tell whether another assessor works on it."""
        mine = self.claimed_by in (None, user_id)
        return not mine and self.claimed_until is not None and self.claimed_until > now

    @property
    def disputable_until(self) -> datetime | None:
        """When the dispatcher's time to dispute ends; None for one that cannot be disputed."""
        if self.state is not AssessmentState.ASSESSED or self.assessed_at is None:
            return None
        return self.assessed_at + timedelta(days=score_form(self.form_version).dispute_days)

    def disputable(self, now: datetime) -> bool:
        until = self.disputable_until
        return until is not None and now < until


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A remark of the assessor. `moment`: seconds from the beginning of the recording; None: of the whole."""

    id: int
    assessment_id: int
    moment: float | None
    text: str
    quotes: bool
    """It repeats the applicant's words or names somebody: it ends with the recording."""
    user_id: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewComment:
    """A remark to be added."""

    moment: float | None
    text: str
    quotes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentAct:
    """A line of an assessment's history; what was written stands on the assessment itself."""

    at: datetime
    event: AssessmentEvent
    user_id: int | None
    percent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentFilter:
    """A filter of the queue; a field of None or an empty one does not filter. Times are of the talks."""

    states: frozenset[AssessmentState] = frozenset()
    dispatcher_id: int | None = None
    sign: Sign | None = None
    since: datetime | None = None
    until: datetime | None = None
    claimed_by: int | None = None
    unread: bool = False


class Assessments(Protocol):
    """The queue and the scores. Acts raise NotFound, and ForbiddenTransition where they come too late."""

    async def find(self, wanted: AssessmentFilter, *, limit: int, skip: int = 0) -> Sequence[Assessment]:
        """List them: those to assess the most serious first, all others the latest talk first."""
        ...

    async def count(self, wanted: AssessmentFilter, most: int) -> int: ...

    async def get(self, assessment_id: int) -> Assessment: ...

    async def claim(
        self, assessment_id: int, user_id: int, at: datetime, *, form_version: int, proposed: Answers
    ) -> Assessment:
        """Begin or go on; raises ClaimedByAnother. Form and machine's answers stay as at the first look."""
        ...

    async def release(self, assessment_id: int, user_id: int) -> None:
        """Give one's own claim back; the draft stays."""
        ...

    async def save(
        self,
        assessment_id: int,
        user_id: int,
        at: datetime,
        *,
        answers: Answers,
        unconfirmed: Sequence[str],
        conclusion: str,
    ) -> Assessment:
        """Keep the draft and renew the claim; raises ClaimedByAnother."""
        ...

    async def finish(self, assessment_id: int, user_id: int, at: datetime, score: Score) -> None:
        """Make the draft the score; raises ClaimedByAnother."""
        ...

    async def skip(self, assessment_id: int, user_id: int, at: datetime, reason: str) -> None:
        """Leave it out of the scores; raises ClaimedByAnother."""
        ...

    async def comments(self, assessment_id: int) -> Sequence[Comment]:
        """List the remarks in the order of their moments; those of the whole talk come last."""
        ...

    async def add_comment(self, assessment_id: int, user_id: int, at: datetime, comment: NewComment) -> None:
        """Add a remark while it is being assessed; raises ClaimedByAnother."""
        ...

    async def remove_comment(
        self, assessment_id: int, comment_id: int, user_id: int, at: datetime
    ) -> None: ...

    async def read(self, assessment_id: int, user_id: int, at: datetime) -> None: ...

    async def dispute(self, assessment_id: int, user_id: int, at: datetime, reason: str) -> None: ...

    async def decide(
        self,
        assessment_id: int,
        user_id: int,
        at: datetime,
        *,
        reason: str,
        answers: Answers,
        score: Score,
    ) -> None:
        """Settle a dispute; answers and score are the old ones where the dispute was not right."""
        ...

    async def history(self, assessment_id: int) -> Sequence[AssessmentAct]: ...

    async def scores(self, since: datetime, until: datetime) -> Sequence[TalkScore]:
        """Give the scores of all talks of this time but trial calls, in the order of the talks."""
        ...


def refuse_own(assessment: Assessment, user: User) -> None:
    """Raise OwnTalk for a user who spoke in the talk."""
    if user.dispatcher_id is not None and user.dispatcher_id == assessment.dispatcher_id:
        raise OwnTalk(f"User {user.id} spoke in the talk of assessment {assessment.id}.")
