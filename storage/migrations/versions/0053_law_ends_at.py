"""The end of the law's term stands beside an appeal's own term: breaches of law are counted by it."""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import Moment

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

_KYIV = ZoneInfo("Europe/Kyiv")
_APPEALS = sa.table(
    "appeals",
    *(sa.column(name, sa.Text) for name in ("number", "kind")),
    sa.column("registered_at", Moment),
    sa.column("due_on", sa.Date),
    sa.column("due_at", Moment),
    sa.column("law_ends_at", Moment),
)


def upgrade() -> None:
    op.add_column("appeals", sa.Column("law_ends_at", Moment))
    connection = op.get_bind()
    asked = sa.select(_APPEALS).where(_APPEALS.c.kind != "report")
    ends = [
        {"appeal": one.number, "ends": _end(one.registered_at, one.due_on, one.due_at)}
        for one in connection.execute(asked)
    ]
    if ends:
        of_one = sa.update(_APPEALS).where(_APPEALS.c.number == sa.bindparam("appeal"))
        connection.execute(of_one.values(law_ends_at=sa.bindparam("ends", type_=Moment)), ends)


def _end(received_at: datetime, due_on: date, due_at: datetime | None) -> datetime:
    """Give the law's end by what was told: 15 days, a month where the term is longer, 45 in all."""
    received_on = received_at.astimezone(_KYIV).date()
    without_study = received_on + timedelta(days=15)
    first = without_study if due_on <= without_study else _month_later(received_on)
    longest = _midnight(received_on + timedelta(days=45))
    return min(longest, max(_midnight(first), due_at or _midnight(due_on)))


def _month_later(day: date) -> date:
    year, month = day.year + day.month // 12, day.month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _midnight(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), _KYIV).astimezone(UTC)
