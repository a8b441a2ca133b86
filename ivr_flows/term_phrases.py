"""Until when the work on an appeal is owed, as one says it: by the day, by the hour, or that it is over."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from hotline.appeals.appeal import PENDING, Appeal
from hotline.city.terms import end_of
from hotline.voice.speech import Phrase
from ivr_flows.languages import in_both, phrase

APPEAL_DUE_TODAY = phrase("appeal-due-today")


def term(appeal: Appeal, zone: ZoneInfo, now: datetime) -> Sequence[Phrase]:
    """Say the term while the work is owed; a term that ends with its day has no hour."""
    if appeal.state not in PENDING:
        return []
    whole_day = end_of(appeal.due_on, zone).due_at
    due_at, today = appeal.due_at or whole_day, now.astimezone(zone).date()
    if due_at <= now:
        return [_overdue(appeal, today)]
    if due_at < whole_day:
        return [_by_the_hour(appeal, due_at.astimezone(zone), now.astimezone(zone))]
    if appeal.due_on == today:
        return [APPEAL_DUE_TODAY]
    key = "appeal-due-extended" if appeal.extended else "appeal-due-day"
    return [
        in_both(
            f"appeal-term-{appeal.number}",
            lambda said, words: said[key].format(day=words.day(appeal.due_on)),
        )
    ]


def _overdue(appeal: Appeal, today: date) -> Phrase:
    return in_both(
        f"appeal-term-{appeal.number}",
        lambda said, words: said["appeal-overdue"].format(day=words.near_day(appeal.due_on, today)),
    )


def _by_the_hour(appeal: Appeal, local: datetime, now: datetime) -> Phrase:
    return in_both(
        f"appeal-term-{appeal.number}",
        lambda said, words: said["appeal-due-hour"].format(
            moment=f"{words.near_day(local.date(), now.date())} {words.until(local.time())}"
        ),
    )
