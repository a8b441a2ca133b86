"""Messages left, supplies reported off and surveys answered, by the calls and appeals of a timeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.calls.call import VoiceMessage
from hotline.city.addresses import Address
from hotline.desk.timeline import ReportedOff, SurveySaid
from storage.tables import outage_reports, surveys, voice_messages

_OF_CALLS: BindParameter[Any] = bindparam("of_calls", expanding=True)
_MESSAGES = select(voice_messages).where(
    voice_messages.c.call_id.in_(_OF_CALLS), voice_messages.c.seconds > 0
)
_REPORTS = select(
    outage_reports.c.at,
    outage_reports.c.utility,
    outage_reports.c.street,
    outage_reports.c.house,
    outage_reports.c.call_id,
).where(outage_reports.c.call_id.in_(_OF_CALLS), outage_reports.c.appeal.is_(None))
_SURVEYS = select(
    surveys.c.ended_at.label("at"), surveys.c.appeal, surveys.c.outcome, surveys.c.rating
).where(
    surveys.c.appeal.in_(bindparam("of_appeals", expanding=True)),
    surveys.c.ended_at.is_not(None),
    surveys.c.outcome.is_not(None),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """In no order."""

    messages: Sequence[VoiceMessage] = ()
    reports: Sequence[ReportedOff] = ()
    surveys: Sequence[SurveySaid] = ()


async def read_beside(connection: AsyncConnection, calls: Sequence[str], appeals: Sequence[str]) -> Beside:
    """Read what goes with these calls and these appeals; nothing is asked where there are none."""
    messages, reports, said = [], [], []
    if calls:
        of_calls = {"of_calls": calls}
        messages = [VoiceMessage(**row) for row in (await connection.execute(_MESSAGES, of_calls)).mappings()]
        reports = [
            ReportedOff(
                at=row.at,
                utility=row.utility,
                place=Address(street=row.street, house=row.house).text,
                call_id=row.call_id,
            )
            for row in await connection.execute(_REPORTS, of_calls)
        ]
    if appeals:
        rows = (await connection.execute(_SURVEYS, {"of_appeals": appeals})).mappings()
        said = [SurveySaid(**row) for row in rows]
    return Beside(messages=messages, reports=reports, surveys=said)
