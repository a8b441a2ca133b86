"""Journals of what is kept here: one statement each, in the order of its columns."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import define
from sqlalchemy import ColumnElement, Select, func, select, text

from hotline.office.journals import MOST_ROWS, Cell, Journal
from storage.core.database import Database
from storage.tables import (
    city_documents,
    informing_orders,
    notices,
    recording_links,
    recording_seals,
    report_papers,
    shift_handovers,
    users,
)
from storage.tables.handling import GIVEN

_INCOMING = users.alias("incoming")
_LINKS = (
    select(recording_links.c.day, func.count().label("number")).group_by(recording_links.c.day).subquery()
)

_JOURNALS: Mapping[Journal, tuple[Select[Any], ColumnElement[datetime]]] = {
    Journal.LETTERS: (
        select(
            notices.c.changed_at,
            notices.c.channel,
            notices.c.recipient,
            notices.c.number,
            notices.c.matter,
            notices.c.state,
        ).where(text(GIVEN)),
        notices.c.changed_at,
    ),
    Journal.ORDERS: (
        select(
            informing_orders.c.created_at,
            informing_orders.c.number,
            informing_orders.c.dated,
            informing_orders.c.issued_by,
            informing_orders.c.subject,
            informing_orders.c.state,
        ),
        informing_orders.c.created_at,
    ),
    Journal.PAPERS: (
        select(
            report_papers.c.made_at,
            report_papers.c.kind,
            report_papers.c.first,
            report_papers.c.last,
            report_papers.c.version,
            report_papers.c.signer,
            report_papers.c.digest,
        ),
        report_papers.c.made_at,
    ),
    Journal.HANDOVERS: (
        select(
            shift_handovers.c.handed_at,
            users.c.name,
            _INCOMING.c.name,
            shift_handovers.c.taken_at,
            shift_handovers.c.remarks,
        ).select_from(
            shift_handovers.join(users, users.c.id == shift_handovers.c.outgoing).outerjoin(
                _INCOMING, _INCOMING.c.id == shift_handovers.c.incoming
            )
        ),
        shift_handovers.c.handed_at,
    ),
    Journal.CITY_DATA: (
        select(
            city_documents.c.in_force_since,
            city_documents.c.kind,
            city_documents.c.version,
            users.c.name,
            city_documents.c.note,
        ).select_from(city_documents.outerjoin(users, users.c.id == city_documents.c.made_by)),
        city_documents.c.in_force_since,
    ),
    Journal.SEALS: (
        select(
            recording_seals.c.sealed_at,
            recording_seals.c.day,
            _LINKS.c.number,
            recording_seals.c.last,
            recording_seals.c.digest,
        ).select_from(recording_seals.outerjoin(_LINKS, _LINKS.c.day == recording_seals.c.day)),
        recording_seals.c.sealed_at,
    ),
}


def entries_of(journal: Journal, since: datetime, until: datetime, most: int) -> Select[Any]:
    """Ask for the entries of these days, the earliest first."""
    asked, moment = _JOURNALS[journal]
    return asked.where(moment >= since, moment < until).order_by(moment).limit(most)


@define(eq=False, repr=False)
class StoredJournals:
    """`hotline.office.journals.Journals` on a database."""

    _database: Database

    async def rows(
        self, journal: Journal, since: datetime, until: datetime, most: int = MOST_ROWS
    ) -> Sequence[Sequence[Cell]]:
        asked = entries_of(journal, since, until, most)
        async with self._database.reading() as connection:
            rows: Sequence[Sequence[Cell]] = (await connection.execute(asked)).all()
        return rows
