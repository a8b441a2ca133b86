"""A small city in which every measure counts something: appeals with histories, surveys, outages."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from hotline.access.permissions import Role
from hotline.appeals.appeal import AppealState
from hotline.city.addresses import Area
from hotline.city.classifier import Utility
from hotline.outages.outage import By, NewOutage, OutageKind
from hotline.reports.figures import Asked, Span
from hotline.surveys.completion import SurveyOutcome
from storage.store import Storage
from storage.tables import appeal_history, appeals, executors, surveys
from tests.storage.conftest import NOON

KYIV = ZoneInfo("Europe/Kyiv")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SPAN = Span(first=(NOON - 40 * DAY).date(), last=NOON.date())
ASKED = Asked(span=SPAN, now=NOON, zone=KYIV)
STATES = (
    *(AppealState.CLOSED,) * 5,
    *(AppealState.CLOSED_UNCONFIRMED, AppealState.ASSIGNED, AppealState.IN_WORK, AppealState.DISPUTED),
    *(AppealState.REGISTERED, AppealState.FORWARDED, AppealState.REJECTED),
)
CATEGORIES = ("hot-water-none", "heat-none", "")
MANY = 48


async def keep_city(storage: Storage) -> Sequence[dict[str, object]]:
    """Keep it, and give the rows of its appeals."""
    rows = [_appeal(index) for index in range(MANY)]
    taker = await storage.users.add(login="taker", name="Оля", role=Role.DISPATCHER, password_hash="x")
    lines = [line for row in rows for line in _history(row, taker.id)]
    asked = [_survey(index, row) for index, row in enumerate(rows) if row["executor_id"]]
    async with storage.database.writing() as connection:
        for number, short in ((1, "ТМ"), (2, "ВК")):
            await connection.execute(
                insert(executors).values(id=number, name=f"КП {short}", short=short, active=True, demo=False)
            )
        await connection.execute(insert(appeals), rows)
        await connection.execute(insert(appeal_history), lines)
        await connection.execute(insert(surveys), asked)
    for hours in (3, 30, 200):
        new = NewOutage(
            utility=Utility.WATER,
            kind=OutageKind.EMERGENCY,
            starts_at=NOON - hours * HOUR,
            areas=(Area(street="вулиця Героїв"),),
            executor_id=1 if hours < 100 else None,
        )
        kept = await storage.outages.enter(new, By())
        if hours == 30:
            await storage.outages.end(kept.id, NOON - 28 * HOUR, By())
        elif hours == 200:
            await storage.outages.cancel(kept.id, By(), "помилка")
    return rows


def _appeal(index: int) -> dict[str, object]:
    state = STATES[index % len(STATES)]
    received = NOON - (index % 37) * DAY - index * HOUR / 3
    due = {7: NOON + HOUR, 19: NOON + 2 * DAY}.get(index, received + (3 + index % 20) * DAY)
    unassigned = state in {AppealState.REGISTERED, AppealState.FORWARDED, AppealState.REJECTED}
    return {
        "number": f"26{index:05d}",
        "text": "Немає води",
        "state": state.value,
        "registered_at": received,
        "state_since": min(received + (index % 9) * DAY, NOON),
        "due_on": due.date(),
        "due_at": due,
        "law_ends_at": due + 5 * DAY if index % 2 else None,
        "category": CATEGORIES[index % len(CATEGORIES)],
        "executor_id": None if unassigned else 1 + index % 2,
        "receipt": "online" if index % 5 == 0 else "phone",
        "sign": "repeated" if index % 7 == 0 else "first",
        "kind": "complaint" if index % 4 == 0 else "application",
        "extension_wanted": due.date() if index % 6 == 1 else None,
    }


def _history(row: dict[str, object], taker: int) -> Sequence[dict[str, object]]:
    index, at = int(str(row["number"])), row["registered_at"]
    assert isinstance(at, datetime)
    quick = index % 3 != 0
    acts = [
        ("register", None, "registered", timedelta()),
        ("assign", "registered", "assigned", HOUR),
        ("note", "assigned", "assigned", 40 * HOUR),
        ("accept", "assigned", "accepted", 41 * HOUR),
    ]
    if quick:
        acts[2:] = [("accept", "assigned", "accepted", 2 * HOUR)]
    if index % 4 == 0:
        acts.append(("dispute", "being-checked", "disputed", 50 * HOUR))
    if row["state"] == "closed":
        acts.append(("confirm", "being-checked", "closed", row["state_since"] - at))  # type: ignore[operator]
    return [
        {
            "number": row["number"],
            "version": version,
            "at": at + after,
            "act": act,
            "part": "dispatcher",
            "user_id": taker if act == "confirm" and index % 2 else None,
            "executor_id": None,
            "state_before": before,
            "state_after": state,
            "said": "",
            "hidden": False,
            "facts": {},
            "step": None,
        }
        for version, (act, before, state, after) in enumerate(acts, 1)
    ]


def _survey(index: int, row: dict[str, object]) -> dict[str, object]:
    outcome = (SurveyOutcome.CONFIRMED, SurveyOutcome.NOT_DONE, SurveyOutcome.BUSY, None)[index % 4]
    ended = outcome is not None
    return {
        "appeal": row["number"],
        "round": 5,
        "number": "+380457900001",
        "language": "uk",
        "owed_at": row["state_since"],
        "ended_at": NOON if ended else None,
        "outcome": outcome.value if outcome else None,
        "rating": 1 + index % 5 if outcome is SurveyOutcome.CONFIRMED else None,
        "executor_id": row["executor_id"],
        "category": row["category"],
    }
