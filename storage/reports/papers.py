"""Papers as they were made: appended, signed once, never changed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from attrs import define
from sqlalchemy import RowMapping, bindparam, exists, select, update

from hotline.errors import AlreadyTaken, NotFound
from hotline.reports.papers import (
    NewPaper,
    Paper,
    PaperEntry,
    PaperKind,
    PaperPlan,
    Sends,
    digest_of,
    letters,
    read_content,
)
from storage.core.database import Database
from storage.delivery.outbox import owe_once
from storage.tables import report_papers, report_plans, users

_LISTED = (
    select(
        *(one for one in report_papers.c if one.name not in {"content", "signed_by"}),
        users.c.name.label("maker"),
    )
    .outerjoin(users, users.c.id == report_papers.c.made_by)
    .order_by(report_papers.c.last.desc(), report_papers.c.id.desc())
)
_THIS = report_papers.c.id == bindparam("paper")
_VERSIONS = _LISTED.where(
    report_papers.c.kind == bindparam("of_kind"), report_papers.c.first == bindparam("from_day")
)
_LATEST = _LISTED.where(report_papers.c.kind == bindparam("of_kind")).limit(1)
_CONTENT = select(report_papers.c.content).where(_THIS)
_later = report_papers.alias("later")
_REPLACED = exists().where(
    _later.c.kind == report_papers.c.kind,
    _later.c.first == report_papers.c.first,
    _later.c.version > report_papers.c.version,
)
_SIGN = (
    update(report_papers)
    .where(_THIS, report_papers.c.signed_at.is_(None), ~_REPLACED)
    .values(
        signed_at=bindparam("at"),
        signed_by=bindparam("by"),
        signer=select(users.c.name).where(users.c.id == bindparam("by")).scalar_subquery(),
    )
)
_PLANS = select(report_plans)


@define(eq=False, repr=False)
class StoredPapers:
    """`hotline.reports.papers.Papers` on a database."""

    _database: Database

    async def keep(self, new: NewPaper, plan: PaperPlan, zone: ZoneInfo) -> int | None:
        content = new.content.text()
        row = {
            "kind": new.content.kind.value,
            "first": new.content.first,
            "last": new.content.last,
            "version": new.version,
            "content": content,
            "digest": digest_of(content),
            "made_at": new.made_at,
            "made_by": new.made_by,
            "reason": new.reason,
            "signer": "",
        }
        add = self._database.insert(report_papers).on_conflict_do_nothing().returning(report_papers.c.id)
        async with self._database.writing() as connection:
            paper_id: int | None = await connection.scalar(add, row)
            if paper_id is not None and plan.sends is Sends.MADE:
                owed = letters(paper_id, plan, new.content, zone)
                await owe_once(self._database, connection, owed, new.made_at)
        return paper_id

    async def latest(self, kind: PaperKind) -> PaperEntry | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_LATEST, {"of_kind": kind.value})).mappings().first()
        return None if row is None else _entry(row)

    async def get(self, paper_id: int) -> Paper:
        async with self._database.reading() as connection:
            row = (await connection.execute(_LISTED.where(_THIS), {"paper": paper_id})).mappings().first()
            content: str | None = await connection.scalar(_CONTENT, {"paper": paper_id})
        if row is None or content is None:
            raise NotFound(f"There is no paper {paper_id}.")
        return Paper(**_values(row), content=read_content(content), whole=digest_of(content) == row["digest"])

    async def versions(self, kind: PaperKind, first: date) -> Sequence[PaperEntry]:
        async with self._database.reading() as connection:
            rows = await connection.execute(_VERSIONS, {"of_kind": kind.value, "from_day": first})
            return [_entry(row) for row in rows.mappings()]

    async def list(self, kind: PaperKind | None, *, limit: int, skipped: int = 0) -> Sequence[PaperEntry]:
        listed = _LISTED if kind is None else _LISTED.where(report_papers.c.kind == kind.value)
        async with self._database.reading() as connection:
            rows = await connection.execute(listed.limit(limit).offset(skipped))
            return [_entry(row) for row in rows.mappings()]

    async def sign(self, paper_id: int, user_id: int, at: datetime, plan: PaperPlan, zone: ZoneInfo) -> None:
        async with self._database.writing() as connection:
            signed = await connection.execute(_SIGN, {"paper": paper_id, "by": user_id, "at": at})
            content: str | None = await connection.scalar(_CONTENT, {"paper": paper_id})
            if content is None:
                raise NotFound(f"There is no paper {paper_id}.")
            if not signed.rowcount:
                raise AlreadyTaken(f"Paper {paper_id} is signed already, or a later version is there.")
            if plan.sends is Sends.SIGNED:
                owed = letters(paper_id, plan, read_content(content), zone)
                await owe_once(self._database, connection, owed, at)

    async def plans(self) -> Mapping[PaperKind, PaperPlan]:
        async with self._database.reading() as connection:
            kept = {
                PaperKind(row["kind"]): PaperPlan(
                    kind=PaperKind(row["kind"]),
                    made=row["made"],
                    hour=row["hour"],
                    sends=Sends(row["sends"]),
                    addresses=tuple(row["addresses"]),
                )
                for row in (await connection.execute(_PLANS)).mappings()
            }
        return {kind: kept.get(kind, PaperPlan(kind=kind)) for kind in PaperKind}

    async def plan(self, plan: PaperPlan, user_id: int, at: datetime) -> None:
        values = {
            "made": plan.made,
            "hour": plan.hour,
            "sends": plan.sends.value,
            "addresses": list(plan.addresses),
            "changed_at": at,
            "changed_by": user_id,
        }
        keep = self._database.insert(report_plans).on_conflict_do_update(
            index_elements=[report_plans.c.kind], set_=values
        )
        async with self._database.writing() as connection:
            await connection.execute(keep, {"kind": plan.kind.value, **values})


def _entry(row: RowMapping) -> PaperEntry:
    return PaperEntry(**_values(row))


def _values(row: RowMapping) -> dict[str, Any]:
    return {**row, "kind": PaperKind(row["kind"]), "maker": row["maker"] or ""}
