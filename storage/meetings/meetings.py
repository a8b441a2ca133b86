"""Meetings and their invitees on a database; what invitees are told is owed in the same transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import define
from sqlalchemy import RowMapping, and_, bindparam, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.city.search_terms import Lemmas, Terms, words, words_with_forms
from hotline.errors import ForbiddenTransition, NotFound, Outdated
from hotline.meetings.meeting_states import (
    ANSWER,
    MEETING,
    AnswerEvent,
    AnswerState,
    MeetingEvent,
    MeetingState,
)
from hotline.meetings.meetings import (
    AgendaPoint,
    Invitee,
    Meeting,
    MovedMeanwhile,
    NewInvitee,
    NewMeeting,
)
from hotline.meetings.telling import CALLED_OFF, INVITED, MOVED, STRUCK, Told, notices
from storage.core.database import Database
from storage.core.transitions import allows, leads_to, moving
from storage.core.word_index import by_reading
from storage.delivery.outbox import owe_once
from storage.tables import meeting_invitees, meetings, users

_ONE = select(meetings).where(meetings.c.id == bindparam("this"))
_BY_FORM = select(meetings.c.id).where(meetings.c.once == bindparam("given"))
_INVITEES = (
    select(
        meeting_invitees,
        users.c.name.label("user_name"),
        users.c.email.label("user_email"),
        users.c.telephone.label("user_number"),
        (users.c.active.is_(False)).label("closed"),
    )
    .outerjoin(users, users.c.id == meeting_invitees.c.user_id)
    .where(meeting_invitees.c.meeting_id.in_(bindparam("those", expanding=True)))
    .order_by(meeting_invitees.c.id)
)
_STANDS = meeting_invitees.c.answer != AnswerState.STRUCK.value
_INVITED = select(meeting_invitees.c.meeting_id).where(
    meeting_invitees.c.user_id == bindparam("user"), _STANDS
)
_LATEST = (
    select(meetings)
    .order_by(meetings.c.begins_at.desc(), meetings.c.id.desc())
    .limit(bindparam("most"))
    .offset(bindparam("skipped"))
)
_DRAFT = meetings.c.state == MeetingState.DRAFT.value
_CONCERNING = _LATEST.where(
    or_(
        meetings.c.caller == bindparam("user"),
        meetings.c.secretary == bindparam("user"),
        and_(~_DRAFT, meetings.c.id.in_(_INVITED)),
    )
)
_UNFINISHED = (
    select(meetings).where(meetings.c.state == MeetingState.CALLED.value).order_by(meetings.c.begins_at)
)
_MEETING_OF = select(meeting_invitees.c.meeting_id).where(meeting_invitees.c.id == bindparam("invitee"))


@define(eq=False, repr=False)
class StoredMeetings:
    """`hotline.meetings.meetings.Meetings` on a database."""

    _database: Database
    _lemmas: Lemmas

    async def draft(self, new: NewMeeting, by: int, at: datetime) -> Meeting:
        values = {
            **_values(new),
            "lemmas": await self._words(new),
            "state": MeetingState.DRAFT.value,
            "edition": 1,
            "round": 1,
            "caller": by,
            "why": "",
            "made_at": at,
            "changed_at": at,
            "once": new.once or None,
        }
        async with self._database.writing() as connection:
            made = await connection.scalar(
                self._database.insert(meetings)
                .values(values)
                .on_conflict_do_nothing()
                .returning(meetings.c.id)
            )
            if made is None:
                return await _read(
                    connection, (await connection.execute(_BY_FORM, {"given": new.once})).scalar_one()
                )
            await _enter(connection, made, new.invitees)
            return await _read(connection, made)

    async def change(self, meeting_id: int, new: NewMeeting, seen: int, at: datetime) -> Meeting:
        lemmas = await self._words(new)
        async with self._database.writing() as connection:
            before = await _locked(connection, meeting_id)
            if before.edition != seen:
                raise Outdated(f"Meeting {meeting_id} has been changed since edition {seen}.")
            moved = before.moved_from(new)
            values = {**_values(new), "lemmas": lemmas, "edition": seen + 1}
            values |= {"round": before.round + moved, "changed_at": at}
            await _move(connection, before, MeetingEvent.CHANGE, **values)
            told = await self._invited_anew(connection, before, new, moved=moved)
            meeting = await _read(connection, meeting_id)
            if meeting.state is MeetingState.CALLED:
                await self._tell(connection, meeting, told, at)
        return meeting

    async def call(self, meeting_id: int, at: datetime) -> Meeting:
        async with self._database.writing() as connection:
            before = await _locked(connection, meeting_id)
            await _move(connection, before, MeetingEvent.CALL, edition=before.edition + 1, changed_at=at)
            meeting = await _read(connection, meeting_id)
            await self._tell(connection, meeting, {one.id: INVITED for one in meeting.invited}, at)
        return meeting

    async def call_off(self, meeting_id: int, at: datetime, why: str) -> Meeting:
        async with self._database.writing() as connection:
            before = await _locked(connection, meeting_id)
            values = {"edition": before.edition + 1, "changed_at": at, "why": why}
            await _move(connection, before, MeetingEvent.CALL_OFF, **values)
            meeting = await _read(connection, meeting_id)
            if before.state is MeetingState.CALLED:
                await self._tell(connection, meeting, {one.id: CALLED_OFF for one in meeting.invited}, at)
        return meeting

    async def answer(
        self, invitee_id: int, event: AnswerEvent, at: datetime, *, round_seen: int, said: str = ""
    ) -> Meeting:
        async with self._database.writing() as connection:
            meeting = await _locked(connection, await _meeting_of(connection, invitee_id))
            if not meeting.open_for_answers(at):
                raise ForbiddenTransition(f"Meeting {meeting.id} is {meeting.state}, or has begun.")
            if meeting.round != round_seen:
                raise MovedMeanwhile(f"Meeting {meeting.id} was moved since round {round_seen}.")
            change = _answering(event, answered_at=at, said=said).where(meeting_invitees.c.id == invitee_id)
            if not (await connection.execute(change)).rowcount:
                raise ForbiddenTransition(f"Invitee {invitee_id} is invited no longer.")
            return await _read(connection, meeting.id)

    async def get(self, meeting_id: int) -> Meeting:
        async with self._database.reading() as connection:
            return await _read(connection, meeting_id)

    async def of_invitee(self, invitee_id: int) -> Meeting:
        async with self._database.reading() as connection:
            return await _read(connection, await _meeting_of(connection, invitee_id))

    async def list(self, user_id: int | None, *, limit: int, skipped: int = 0) -> Sequence[Meeting]:
        asked = {"most": limit, "skipped": skipped}
        if user_id is None:
            return await self._those(_LATEST, asked)
        return await self._those(_CONCERNING, {**asked, "user": user_id})

    async def find(self, user_id: int | None, terms: Terms, limit: int) -> Sequence[Meeting]:
        if not terms:
            return ()
        asked, values = (_LATEST, {}) if user_id is None else (_CONCERNING, {"user": user_id})
        said = [by_reading(meetings.c.lemmas, term) for term in terms]
        return await self._those(asked.where(*said), {"most": limit, "skipped": 0, **values})

    async def unfinished(self) -> Sequence[Meeting]:
        return await self._those(_UNFINISHED, {})

    async def _words(self, new: NewMeeting) -> str:
        said = " ".join([new.topic, new.place, new.host, *(one.text for one in new.agenda)])
        return " ".join(sorted(await words_with_forms(self._lemmas, words(said))))

    async def _those(self, asked: Any, values: Mapping[str, Any]) -> Sequence[Meeting]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(asked, values)).mappings().all()
            return await _whole(connection, rows)

    async def _invited_anew(
        self, connection: AsyncConnection, before: Meeting, new: NewMeeting, *, moved: bool
    ) -> Mapping[int, str]:
        """Enter who is new, strike who is left out, ask anew where it is moved; tells who is told what."""
        known = {one.key: one for one in before.invitees}
        wanted = {one.key: one for one in new.invitees}
        stay = [one for one in before.invited if one.key in wanted]
        gone = [one for one in before.invited if one.key not in wanted]
        back = [one for one in known.values() if one.key in wanted and one not in before.invited]
        await _answered(connection, gone, AnswerEvent.STRIKE)
        if moved:
            await _answered(connection, stay, AnswerEvent.MOVE)
        await _answered(connection, back, AnswerEvent.INVITE)
        entered = await _enter(
            connection, before.id, [one for key, one in wanted.items() if key not in known]
        )
        return {
            **{one.id: STRUCK for one in gone},
            **{one.id: MOVED for one in stay if moved},
            **dict.fromkeys([*(one.id for one in back), *entered], INVITED),
        }

    async def _tell(
        self, connection: AsyncConnection, meeting: Meeting, told: Mapping[int, str], at: datetime
    ) -> None:
        owed = notices(meeting, [Told(one, told[one.id]) for one in meeting.invitees if one.id in told])
        await owe_once(self._database, connection, owed, at)


def _values(new: NewMeeting) -> Mapping[str, Any]:
    return {
        "topic": new.topic,
        "begins_at": new.begins_at,
        "minutes_long": new.minutes_long,
        "place": new.place,
        "host": new.host,
        "agenda": [{"text": one.text, "speaker": one.speaker} for one in new.agenda],
        "secretary": new.secretary,
    }


async def _enter(connection: AsyncConnection, meeting_id: int, new: Sequence[NewInvitee]) -> Sequence[int]:
    """Enter them in their order, each once; gives their ids."""
    entered = []
    for one in {one.key: one for one in new}.values():
        row = {
            "meeting_id": meeting_id,
            "user_id": one.user_id,
            "name": one.name,
            "email": one.email,
            "number": one.number,
            "answer": AnswerState.ASKED.value,
            "said": "",
        }
        entered.append(
            await connection.scalar(insert(meeting_invitees).values(row).returning(meeting_invitees.c.id))
        )
    return entered


def _answering(event: AnswerEvent, **values: Any) -> Any:
    """Move rows by the column `answer`."""
    column = meeting_invitees.c.answer
    return (
        update(meeting_invitees)
        .where(allows(column, ANSWER, event))
        .values(answer=leads_to(column, ANSWER, event), **values)
    )


async def _answered(connection: AsyncConnection, those: Sequence[Invitee], event: AnswerEvent) -> None:
    """Move what these have answered; nothing that they said holds for it any more."""
    if those:
        change = _answering(event, answered_at=None, said="")
        await connection.execute(change.where(meeting_invitees.c.id.in_([one.id for one in those])))


async def _move(connection: AsyncConnection, before: Meeting, event: MeetingEvent, **values: Any) -> None:
    change = moving(meetings, MEETING, event, **values).where(meetings.c.id == before.id)
    if not (await connection.execute(change)).rowcount:
        raise ForbiddenTransition(f"Meeting {before.id} is {before.state}: no {event} now.")


async def _locked(connection: AsyncConnection, meeting_id: int) -> Meeting:
    """Read the meeting so that nobody else changes it before this transaction ends."""
    return await _read(connection, meeting_id, lock=True)


async def _read(connection: AsyncConnection, meeting_id: int, *, lock: bool = False) -> Meeting:
    asked = _ONE.with_for_update() if lock else _ONE
    row = (await connection.execute(asked, {"this": meeting_id})).mappings().first()
    if row is None:
        raise NotFound(f"There is no meeting {meeting_id}.")
    return (await _whole(connection, [row]))[0]


async def _meeting_of(connection: AsyncConnection, invitee_id: int) -> int:
    found: int | None = await connection.scalar(_MEETING_OF, {"invitee": invitee_id})
    if found is None:
        raise NotFound(f"There is no invitee {invitee_id}.")
    return found


async def _whole(connection: AsyncConnection, rows: Sequence[RowMapping]) -> Sequence[Meeting]:
    """Read the meetings of these rows with their invitees."""
    if not rows:
        return []
    found: dict[int, list[Invitee]] = {row["id"]: [] for row in rows}
    for row in (await connection.execute(_INVITEES, {"those": list(found)})).mappings():
        found[row["meeting_id"]].append(_invitee(row))
    return [_meeting(row, found[row["id"]]) for row in rows]


def _invitee(row: RowMapping) -> Invitee:
    user = row["user_id"] is not None
    return Invitee(
        id=row["id"],
        user_id=row["user_id"],
        name=row["user_name"] if user else row["name"],
        email=(row["user_email"] if user else row["email"]) or "",
        number=(row["user_number"] if user else row["number"]) or "",
        answer=AnswerState(row["answer"]),
        answered_at=row["answered_at"],
        said=row["said"],
        gone=bool(row["closed"]),
    )


def _meeting(row: RowMapping, invitees: Sequence[Invitee]) -> Meeting:
    return Meeting(
        id=row["id"],
        state=MeetingState(row["state"]),
        edition=row["edition"],
        round=row["round"],
        topic=row["topic"],
        begins_at=row["begins_at"],
        minutes_long=row["minutes_long"],
        place=row["place"],
        host=row["host"],
        agenda=tuple(AgendaPoint(text=one["text"], speaker=one["speaker"]) for one in row["agenda"]),
        caller=row["caller"],
        secretary=row["secretary"],
        invitees=tuple(invitees),
        why=row["why"],
    )
