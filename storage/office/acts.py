"""Acts by which files go; what one names is held by the act's number in its row."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from attrs import define
from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.errors import ForbiddenTransition, NotFound, Outdated
from hotline.office.acts import (
    FILE_EVENTS,
    ActFile,
    ActKind,
    Erased,
    Member,
    OfficeAct,
    Proposal,
    digest_of,
    proposal,
)
from hotline.office.file_states import OFFICE_ACT, OFFICE_FILE, ActEvent, ActState, FileState
from hotline.office.files import OfficeFile
from hotline.office.journals import Journal
from hotline.retention.holds import HeldThing
from storage.core.database import Database
from storage.core.rows import row_to
from storage.core.transitions import moving
from storage.tables import appeals, deletions, legal_holds, office_acts, office_entries, office_files

_ACTS = select(office_acts).order_by(office_acts.c.id.desc())
_ONE = select(office_acts).where(office_acts.c.id == bindparam("this"))
_CLOSED = (
    select(office_files)
    .where(office_files.c.state == FileState.CLOSED.value)
    .order_by(office_files.c.year, office_files.c.index)
)
_FREE = _CLOSED.where(office_files.c.act_id.is_(None))
_OF_ACT = select(office_files).where(office_files.c.act_id == bindparam("of"))
_HOLDS = (
    select(legal_holds.c.thing, appeals.c.registered_at)
    .select_from(
        legal_holds.outerjoin(
            appeals,
            (legal_holds.c.thing == HeldThing.APPEAL.value) & (appeals.c.number == legal_holds.c.subject),
        )
    )
    .where(legal_holds.c.lifted_at.is_(None))
)
_NAMED_UNTIL = select(func.max(office_acts.c.erased_until)).where(
    office_acts.c.kind == ActKind.DESTROY.value, office_acts.c.state != ActState.GIVEN_UP.value
)
_ERASED = (
    select(deletions.c.kind, func.sum(deletions.c.rows), func.sum(deletions.c.files))
    .where(deletions.c.began_at > bindparam("since"), deletions.c.began_at <= bindparam("until"))
    .group_by(deletions.c.kind)
    .order_by(deletions.c.kind)
)
_OF_PEOPLE = frozenset({Journal.APPEALS, Journal.LETTERS, Journal.SEALS})
"""Journals of what a legal hold of the system keeps."""
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@define(eq=False, repr=False)
class StoredOfficeActs:
    """`hotline.office.acts.OfficeActs` on a database; `timezone` tells the year of an appeal."""

    _database: Database
    _timezone: ZoneInfo

    async def proposal(self, kind: ActKind, today: date) -> Proposal:
        async with self._database.reading() as connection:
            return await self._proposal(connection, kind, today)

    async def compose(
        self, kind: ActKind, chosen: Sequence[int], number: str, today: date, *, user_id: int, at: datetime
    ) -> OfficeAct:
        async with self._database.writing() as connection:
            may_go = {one.id: one for one in (await self._proposal(connection, kind, today)).files}
            files = [_act_file(may_go[one]) for one in chosen if one in may_go]
            if len(files) != len(set(chosen)):
                raise ForbiddenTransition("One of these files may not go, or is named in another act.")
            erased, until = await _erased(connection, at) if kind is ActKind.DESTROY else ([], at)
            values = {
                "kind": kind.value,
                "state": ActState.DRAFT.value,
                "number": number,
                "commission": [],
                "signer": "",
                "files": [asdict(one) for one in files],
                "erased": [asdict(one) for one in erased],
                "erased_until": until,
                "digest": digest_of(kind, files, erased),
                "made_at": at,
                "made_by": user_id,
                "version": 1,
            }
            made = insert(office_acts).values(values).returning(office_acts.c.id)
            act_id = (await connection.execute(made)).scalar_one()
            taken = (
                update(office_files)
                .where(office_files.c.id.in_(list(chosen)), office_files.c.act_id.is_(None))
                .values(act_id=act_id)
            )
            if (await connection.execute(taken)).rowcount != len(files):
                raise ForbiddenTransition("One of these files is named in another act.")
            return await _read(connection, act_id)

    async def acts(self) -> Sequence[OfficeAct]:
        async with self._database.reading() as connection:
            return [row_to(OfficeAct, row) for row in (await connection.execute(_ACTS)).mappings()]

    async def get(self, act_id: int) -> OfficeAct:
        async with self._database.reading() as connection:
            return await _read(connection, act_id)

    async def approve(self, act_id: int, seen: int, commission: Sequence[Member], on: date) -> OfficeAct:
        members = [asdict(one) for one in commission]
        return await self._move(act_id, seen, ActEvent.APPROVE, commission=members, approved_on=on)

    async def sign(self, act_id: int, seen: int, signer: str, on: date) -> OfficeAct:
        return await self._move(act_id, seen, ActEvent.SIGN, signer=signer, signed_on=on)

    async def carry_out(self, act_id: int, seen: int, today: date, at: datetime) -> OfficeAct:
        async with self._database.writing() as connection:
            act = await _moved(connection, act_id, seen, ActEvent.CARRY_OUT, done_at=at)
            rows = (await connection.execute(_OF_ACT.with_for_update(), {"of": act_id})).mappings()
            files = [row_to(OfficeFile, row) for row in rows]
            held = proposal(act.kind, files, today, holds=await self._held_of(connection, files)).left_out
            if held:
                names = ", ".join(f"{one.file.index} ({one.file.year})" for one in held)
                raise ForbiddenTransition(f"These files are held and may not go: {names}.")
            gone = moving(office_files, OFFICE_FILE, FILE_EVENTS[act.kind])
            await connection.execute(gone.where(office_files.c.act_id == act_id))
            if act.kind is ActKind.DESTROY:
                theirs = office_entries.c.file_id.in_([one.id for one in files])
                await connection.execute(delete(office_entries).where(theirs))
            return act

    async def give_up(self, act_id: int, seen: int) -> OfficeAct:
        async with self._database.writing() as connection:
            act = await _moved(connection, act_id, seen, ActEvent.GIVE_UP)
            free = update(office_files).where(office_files.c.act_id == act_id).values(act_id=None)
            await connection.execute(free)
            return act

    async def _proposal(self, connection: AsyncConnection, kind: ActKind, today: date) -> Proposal:
        files = [row_to(OfficeFile, row) for row in (await connection.execute(_FREE)).mappings()]
        return proposal(kind, files, today, holds=await self._held_of(connection, files))

    async def _held_of(self, connection: AsyncConnection, files: Sequence[OfficeFile]) -> Mapping[int, str]:
        """Find the files that a legal hold of the system keeps: one on an appeal keeps its year's alone."""
        holds = (await connection.execute(_HOLDS)).all()
        every = any(registered is None for _, registered in holds)
        years = {registered.astimezone(self._timezone).year for _, registered in holds if registered}
        return {one.id: "" for one in files if one.journal in _OF_PEOPLE and (every or one.year in years)}

    async def _move(self, act_id: int, seen: int, event: ActEvent, **values: Any) -> OfficeAct:
        async with self._database.writing() as connection:
            return await _moved(connection, act_id, seen, event, **values)


async def _erased(connection: AsyncConnection, until: datetime) -> tuple[Sequence[Erased], datetime]:
    """Count what the deletion log has since the last act that names it."""
    since = (await connection.execute(_NAMED_UNTIL)).scalar_one() or _EVER
    rows = (await connection.execute(_ERASED, {"since": since, "until": until})).all()
    return [Erased(kind=kind, rows=int(gone), files=int(files)) for kind, gone, files in rows], until


async def _moved(
    connection: AsyncConnection, act_id: int, seen: int, event: ActEvent, **values: Any
) -> OfficeAct:
    change = moving(office_acts, OFFICE_ACT, event, version=seen + 1, **values).where(
        office_acts.c.id == act_id, office_acts.c.version == seen
    )
    changed = (await connection.execute(change)).rowcount
    one = await _read(connection, act_id)
    if not changed:
        OFFICE_ACT.after(one.state, event)
        raise Outdated(f"The act {one.number} was changed meanwhile.")
    return one


async def _read(connection: AsyncConnection, act_id: int) -> OfficeAct:
    row = (await connection.execute(_ONE, {"this": act_id})).mappings().first()
    if row is None:
        raise NotFound(f"There is no act {act_id}.")
    return row_to(OfficeAct, row)


def _act_file(one: OfficeFile) -> ActFile:
    return ActFile(
        id=one.id,
        year=one.year,
        index=one.index,
        title=one.title,
        volumes=one.volumes,
        term=str(one.years) if one.years is not None else one.keeping.value,
        article=one.article,
    )
