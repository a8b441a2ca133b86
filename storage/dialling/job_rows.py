"""Jobs as rows: their states in SQL, and how they are written and read."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, RowMapping, Update, bindparam, literal_column

from hotline.dialling.dialler import URGENCY, Kind, Result
from hotline.dialling.job_states import JOB, JobEvent, JobState
from hotline.dialling.jobs import Job, NewJob
from storage.core.transitions import moving
from storage.tables import call_jobs


def in_state(*states: JobState, of: FromClause = call_jobs) -> ColumnElement[bool]:
    """Say it in the words of the partial indexes: none is used for sure for a state that is a parameter."""
    named: list[ColumnElement[str]] = [literal_column(f"'{one.value}'") for one in JobState if one in states]
    column: ColumnElement[str] = of.c.state
    return column.in_(named) if len(named) > 1 else column == named[0]


def happens(event: JobEvent) -> Update:
    """Begin the statement by which this happens to a job, in the states in which it may."""
    return moving(call_jobs, JOB, event, changed_at=bindparam("now"))


def job_values(new: NewJob, at: datetime, *, campaign_id: int | None = None) -> dict[str, Any]:
    """Write a call that is owed as a row."""
    return {
        "source": new.source,
        "subject": new.subject,
        "about": new.about,
        "campaign_id": campaign_id,
        "number": new.number,
        "kind": new.kind.value,
        "urgency": URGENCY[new.kind],
        "state": JobState.DUE.value,
        "due_at": new.due_at,
        "changed_at": at,
    }


def read_job(row: RowMapping) -> Job:
    return Job(
        id=row["id"],
        source=row["source"],
        subject=row["subject"],
        about=row["about"],
        campaign_id=row["campaign_id"],
        number=row["number"],
        kind=Kind(row["kind"]),
        exempt=row["exempt"],
        state=JobState(row["state"]),
        due_at=row["due_at"],
        attempt=row["attempt"],
        claimed_at=row["claimed_at"],
        call_id=row["call_id"],
        result=Result(row["result"]) if row["result"] else None,
    )
