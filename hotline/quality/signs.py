"""Signs by which a talk is worth assessing: what happened in it, or came of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hotline.calls.call import is_trial
from hotline.quality.score_forms import Sampling


class Sign(StrEnum):
    """Reasons for which a talk is in the queue of assessments, the most serious first.

    BY_LOT and TRIAL say nothing about the talk itself.
    """

    EMERGENCY = "emergency"
    """The appeal or the caller's choice was an emergency: people may have been in danger."""
    DISPUTED = "disputed"
    """The applicant says that the work is not done."""
    LOW_RATING = "low-rating"
    TALK_OVER = "talk-over"
    LONG_SILENCE = "long-silence"
    REPEAT_CALLER = "repeat-caller"
    SHORT = "short"
    LONG = "long"
    BY_LOT = "by-lot"
    TRIAL = "trial"
    """A trial call with the demo citizen: its score stands in the training record and in no figure."""


_RANK = {sign: place for place, sign in enumerate(Sign)}


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkFacts:
    """One recorded talk, with what its signs are seen by."""

    recording_id: str
    call_id: str
    dispatcher_id: int
    started_at: datetime
    seconds: float
    called_before: datetime | None = None
    """When the same number called last before this call."""
    emergency: bool = False
    rating: int | None = None
    """The applicant's rating of the work, from 1 to 5."""
    disputed: bool = False
    silence: float | None = None
    """The longest, in seconds; None where nobody measured it."""
    talk_over: float | None = None
    """In all, in seconds; None where nobody measured it."""

    @property
    def trial(self) -> bool:
        return is_trial(self.call_id)


def signs_of(talk: TalkFacts, by: Sampling) -> frozenset[Sign]:
    """Tell the signs of a talk; a trial call has its own alone."""
    if talk.trial:
        return frozenset({Sign.TRIAL})
    repeated = talk.called_before is not None and talk.started_at - talk.called_before <= timedelta(
        days=by.repeat_days
    )
    seen = {
        Sign.EMERGENCY: talk.emergency,
        Sign.DISPUTED: talk.disputed,
        Sign.LOW_RATING: talk.rating is not None and talk.rating <= by.low_rating,
        Sign.TALK_OVER: talk.talk_over is not None and talk.talk_over >= by.talk_over,
        Sign.LONG_SILENCE: talk.silence is not None and talk.silence >= by.silence,
        Sign.REPEAT_CALLER: repeated,
        Sign.SHORT: talk.seconds <= by.short,
        Sign.LONG: talk.seconds >= by.long,
    }
    return frozenset(sign for sign, holds in seen.items() if holds)


def in_rank(signs: Collection[Sign]) -> list[Sign]:
    """Sort signs, the most serious one first."""
    return sorted(signs, key=_RANK.__getitem__)


def rank(signs: Collection[Sign]) -> tuple[int, int]:
    """Give a key by which talks are sorted, the most serious one first; of equals that with more signs."""
    return min(map(_RANK.__getitem__, signs)), -len(signs)
