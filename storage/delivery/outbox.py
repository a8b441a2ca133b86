"""The outbox: owed notices, claimed by a courier, and the result of each hand-over."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from attrs import define, field
from sqlalchemy import (
    ColumnElement,
    CursorResult,
    FromClause,
    and_,
    bindparam,
    exists,
    func,
    null,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.city.classifier import Urgency
from hotline.contact.channel import Channel
from hotline.delivery.handing_over import AT_ONCE, BY_STRANGERS
from hotline.delivery.notice_states import NOTICE, NoticeEvent, NoticeState
from hotline.delivery.outbox import Hold, NewNotice, Notice, Waiting
from hotline.dialling.notices import call_to
from hotline.errors import NotFound
from storage.appeals.history_rows import matter_values, read_notice
from storage.core.constants import is_one_of
from storage.core.database import Database
from storage.core.transitions import moving
from storage.core.writes import Remembered
from storage.dialling.notices import owe_calls_for
from storage.dialling.owing import owe_anew
from storage.tables import notices
from storage.tables.handling import SEEN_ON_PAGE, TO_DECIDE, UNSENT

_OWED = notices.c.state == NoticeState.OWED.value
_CLAIMED = notices.c.state == NoticeState.CLAIMED.value
_EARLIER = notices.alias("earlier")


def _may_wait(of: FromClause) -> ColumnElement[bool]:
    """Tell in SQL what `hotline.delivery.handing_over.may_wait` tells of a notice."""
    ordinary = of.c.facts["urgency"].as_string().is_distinct_from(Urgency.EMERGENCY.value)
    return and_(of.c.about.not_in(AT_ONCE), ordinary)


_GOES_FIRST = or_(
    _EARLIER.c.state == NoticeState.CLAIMED.value,
    and_(_EARLIER.c.state == NoticeState.OWED.value, _may_wait(notices)),
    and_(
        _EARLIER.c.state == NoticeState.OWED.value,
        _EARLIER.c.due_at <= bindparam("now"),
        ~_may_wait(_EARLIER),
    ),
    and_(
        _EARLIER.c.state == NoticeState.UNSURE.value,
        _EARLIER.c.changed_at > bindparam("word_since"),
        _may_wait(notices),
    ),
)
"""The condition under which an earlier notice holds back a later one. One that may not wait waits only for
its like, while those are due."""
_IN_TURN = ~exists().where(
    _EARLIER.c.recipient == notices.c.recipient,
    _EARLIER.c.channel == notices.c.channel,
    _EARLIER.c.number == notices.c.number,
    _EARLIER.c.id < notices.c.id,
    # Said again, for the index by recipient and state.
    _EARLIER.c.state.in_([NoticeState.OWED.value, NoticeState.CLAIMED.value, NoticeState.UNSURE.value]),
    _GOES_FIRST,
)
_READY = (
    _OWED,
    notices.c.channel.in_(bindparam("channels", expanding=True)),
    notices.c.due_at <= bindparam("now"),
    notices.c.recipient.not_in(bindparam("but", expanding=True)),
    _IN_TURN,
)
_ANY_DUE = select(notices.c.id).where(*_READY).limit(1)
_ANY_UNDER_WAY = (
    select(notices.c.id)
    .where(
        text(UNSENT),
        notices.c.channel == bindparam("by"),
        notices.c.state.in_([NoticeState.OWED, NoticeState.CLAIMED, NoticeState.UNSURE]),
    )
    .limit(1)
)
_ORDINARY_FIRST = [
    select(notices)
    .where(*_READY, whose)
    .order_by(notices.c.due_at, notices.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=notices)
    for whose in (notices.c.about.not_in(BY_STRANGERS), notices.c.about.in_(BY_STRANGERS))
]
"""The second has what room the first left. Two statements, for each goes by the index of due notices."""
_NOW: dict[str, Any] = {"changed_at": bindparam("now")}
_CLAIM = (
    moving(notices, NOTICE, NoticeEvent.CLAIM, tries=notices.c.tries + 1, **_NOW)
    .where(notices.c.id.in_(bindparam("ids", expanding=True)))
    .returning(notices)
)
_THIS = notices.c.id == bindparam("notice")
_HOLD = update(notices).where(_THIS).values(due_at=bindparam("until"))
_SENT = moving(
    notices,
    NOTICE,
    NoticeEvent.HAND_OVER,
    provider_id=bindparam("provider"),
    fault="",
    due_at=bindparam("now"),
    **_NOW,
).where(_THIS)
_NOT_SENT = {
    event: moving(notices, NOTICE, event, fault=bindparam("because"), **_NOW).where(_THIS)
    for event in (NoticeEvent.RETRY, NoticeEvent.GIVE_UP, NoticeEvent.LOSE)
}
_LEFT_BEHIND = (
    _CLAIMED,
    notices.c.changed_at < bindparam("before"),
    notices.c.channel.in_(bindparam("channels", expanding=True)),
)
_ANY_DIED = select(notices.c.id).where(*_LEFT_BEHIND).limit(1)
_DIED = moving(notices, NOTICE, NoticeEvent.LOSE, due_at=bindparam("now"), **_NOW).where(*_LEFT_BEHIND)
_FOUND = select(notices).where(notices.c.id == bindparam("notice"))
_ONE = _FOUND.with_for_update()
_EXISTS = select(notices.c.id).where(_THIS)
_TO_PEOPLE = ~is_one_of(notices.c.channel, (Channel.WEBHOOK.value, Channel.NEIGHBOUR.value))
"""What other systems and cities are owed stands on their own pages, and is decided there."""
_OF_APPEAL = (
    select(notices)
    .where(notices.c.number == bindparam("appeal"), _TO_PEOPLE)
    .order_by(notices.c.id.desc())
    .limit(500)
)
_ON_PAGE = (
    select(notices)
    .where(notices.c.recipient == bindparam("whom"), notices.c.channel == Channel.PAGE.value, _OWED)
    .order_by(notices.c.owed_at.desc(), notices.c.id.desc())
    .limit(bindparam("most"))
)
_THESE_ON_PAGE = (
    notices.c.id.in_(bindparam("ids", expanding=True)),
    notices.c.recipient == bindparam("whom"),
    notices.c.channel == Channel.PAGE.value,
)
_SEEN = moving(notices, NOTICE, NoticeEvent.SEE, seen_by=bindparam("by"), **_NOW).where(*_THESE_ON_PAGE)
_UNSEEN = moving(notices, NOTICE, NoticeEvent.UNSEE, seen_by=null(), **_NOW).where(*_THESE_ON_PAGE)
_SEEN_ON_PAGE = (
    select(notices)
    .where(notices.c.recipient == bindparam("whom"), text(SEEN_ON_PAGE))
    .order_by(notices.c.changed_at.desc(), notices.c.id.desc())
    .limit(bindparam("most"))
)
_UNDECIDED = (
    select(notices)
    .where(text(TO_DECIDE), _TO_PEOPLE)
    .order_by(notices.c.changed_at.desc(), notices.c.id.desc())
    .limit(bindparam("most"))
)
_WAITING = (
    select(notices.c.channel, notices.c.state, func.count())
    .where(text(UNSENT))
    .group_by(notices.c.channel, notices.c.state)
    .order_by(notices.c.channel, notices.c.state)
)


_BY = notices.c.channel == bindparam("by")
_FIRST_DUE = select(func.min(notices.c.due_at)).where(_OWED, _BY, notices.c.due_at <= bindparam("now"))
_IN_VAIN = select(func.count()).select_from(notices).where(_OWED, _BY, notices.c.tries > 0)
_REFUSED = (
    select(func.count())
    .select_from(notices)
    .where(
        text(TO_DECIDE),
        notices.c.state == NoticeState.FAILED.value,
        _BY,
        notices.c.changed_at > bindparam("hour_ago"),
    )
)
LATELY = 2000
"""Notices among which the last that was handed over is looked for."""
_SENT_LATELY = select(func.max(notices.c.changed_at)).where(
    notices.c.id > select(func.max(notices.c.id) - LATELY).scalar_subquery(),
    _BY,
    notices.c.state.in_([NoticeState.SENT.value, NoticeState.DELIVERED.value]),
)
_HOUR = timedelta(hours=1)

_TAKE_BACK = moving(notices, NOTICE, NoticeEvent.TAKE_BACK, **_NOW).where(
    notices.c.recipient.in_(bindparam("whom", expanding=True))
)


async def take_back(connection: AsyncConnection, whom: Sequence[str], at: datetime) -> None:
    """Withdraw the notices owed to these recipients; one that is being handed over is not retried."""
    if whom:
        await connection.execute(_TAKE_BACK, {"whom": whom, "now": at})


async def owe_once(
    database: Database, connection: AsyncConnection, new: Sequence[NewNotice], at: datetime
) -> None:
    """Store a notice because of a matter, in the transaction that caused it."""
    if new:
        once = database.insert(notices).on_conflict_do_nothing()
        await connection.execute(once, [matter_values(one, at) for one in new])
        if matters := {one.matter for one in new if one.channel is Channel.CALL}:
            await owe_calls_for(connection, notices.c.matter.in_(sorted(matters)), at)


_TAKE_BACK_OWED = moving(notices, NOTICE, NoticeEvent.TAKE_BACK, changed_at=bindparam("now")).where(
    notices.c.matter != "",
    notices.c.matter.in_(bindparam("matters", expanding=True)),
    notices.c.state == NoticeState.OWED.value,
)


async def take_back_owed(connection: AsyncConnection, matters: Sequence[str], at: datetime) -> None:
    """Take back what is owed because of these matters and not under way yet."""
    await connection.execute(_TAKE_BACK_OWED, {"matters": matters, "now": at})


@define(eq=False, repr=False)
class StoredOutbox:
    """`hotline.delivery.outbox.Outbox` on a database."""

    _database: Database
    _under_way: dict[Channel, Remembered[bool]] = field(factory=dict, init=False)

    async def owe(self, new: Sequence[NewNotice], at: datetime) -> None:
        async with self._database.writing() as connection:
            await owe_once(self._database, connection, new, at)

    async def claim(
        self,
        channels: Sequence[Channel],
        at: datetime,
        limit: int = 20,
        *,
        hold: Hold | None = None,
        word_within: timedelta = timedelta(),
        but: Collection[str] = (),
    ) -> Sequence[Notice]:
        wanted = {
            "channels": [one.value for one in channels],
            "now": at,
            "word_since": at - word_within,
            "most": limit,
            "but": list(but) or [""],
        }
        async with self._database.reading() as connection:  # mostly there is none: nobody else has to wait
            if (await connection.execute(_ANY_DUE, wanted)).first() is None:
                return []
        async with self._database.writing() as connection:
            due: list[Notice] = []
            for statement in _ORDINARY_FIRST:
                room = {"most": limit - len(due)}
                rows = (await connection.execute(statement, wanted | room)).mappings()
                due += [read_notice(row) for row in rows]
            held = {one.id: until for one in due if hold and (until := hold(one))}
            for notice_id, until in held.items():
                await connection.execute(_HOLD, {"notice": notice_id, "until": until})
            ids = [one.id for one in due if one.id not in held]
            claimed = (await connection.execute(_CLAIM, {"ids": ids, "now": at})).mappings().all()
        return sorted(
            map(read_notice, claimed), key=lambda one: (one.about in BY_STRANGERS, one.due_at, one.id)
        )

    async def any_under_way(self, channel: Channel) -> bool:
        if channel not in self._under_way:
            read = partial(self._is_any_under_way, channel)
            self._under_way[channel] = Remembered(self._database.writes, read, [notices])
        return await self._under_way[channel].get()

    async def _is_any_under_way(self, channel: Channel) -> bool:
        async with self._database.read_inline() as connection:
            return (await connection.execute(_ANY_UNDER_WAY, {"by": channel.value})).first() is not None

    async def sent(self, notice_id: int, at: datetime, provider_id: str = "") -> None:
        values = {"notice": notice_id, "now": at, "provider": provider_id}
        async with self._database.writing() as connection:
            await _require(connection, notice_id, await connection.execute(_SENT, values))

    async def failed(self, notice_id: int, at: datetime, fault: str, *, again_in: timedelta | None) -> None:
        if again_in is None:
            await self._not_sent(notice_id, NoticeEvent.GIVE_UP, at, fault)
        else:
            await self._not_sent(notice_id, NoticeEvent.RETRY, at, fault, due_at=at + again_in)

    async def unclear(self, notice_id: int, at: datetime, fault: str) -> None:
        await self._not_sent(notice_id, NoticeEvent.LOSE, at, fault, due_at=at)

    async def died(self, claimed_before: datetime, at: datetime, channels: Sequence[Channel] = ()) -> int:
        named = [one.value for one in channels or Channel]
        values = {"before": claimed_before, "now": at, "channels": named}
        async with self._database.reading() as connection:  # mostly none has: nobody else has to wait
            if (await connection.execute(_ANY_DIED, values)).first() is None:
                return 0
        async with self._database.writing() as connection:
            return (await connection.execute(_DIED, values)).rowcount

    async def decide(self, notice_id: int, event: NoticeEvent, at: datetime) -> None:
        """Raises NotFound, or ForbiddenTransition where there is nothing to decide."""
        async with self._database.writing() as connection:
            row = (await connection.execute(_ONE, {"notice": notice_id})).mappings().first()
            if row is None:
                raise NotFound(f"There is no notice {notice_id}.")
            was = NoticeState(row["state"])
            state = NOTICE.after(was, event)
            anew = was is NoticeState.FAILED and state is NoticeState.OWED
            values: dict[str, Any] = {"due_at": at, "tries": 0}
            values["fault"] = "" if state is NoticeState.OWED else row["fault"]
            values["round"] = row["round"] + anew  # an unsure one keeps its key: the gateway may have it
            moved = moving(notices, NOTICE, event, **_NOW, **values).where(_THIS)
            await connection.execute(moved, {"notice": notice_id, "now": at})
            if state is NoticeState.OWED and row["channel"] == Channel.CALL:
                await owe_anew(connection, call_to(row["recipient"]).source, notice_id, at)
                await owe_calls_for(connection, notices.c.id == notice_id, at)

    async def call_over(
        self,
        notice_id: int,
        event: NoticeEvent,
        at: datetime,
        *,
        tries: int,
        fault: str = "",
        again_in: timedelta | None = None,
    ) -> None:
        values: dict[str, Any] = {"fault": fault, "tries": tries}
        if again_in is not None:
            values["due_at"] = at + again_in
        async with self._database.writing() as connection:
            moved = moving(notices, NOTICE, event, **_NOW, **values).where(_THIS, _OWED)
            await connection.execute(moved, {"notice": notice_id, "now": at})

    async def find(self, notice_id: int) -> Notice | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_FOUND, {"notice": notice_id})).mappings().first()
        return None if row is None else read_notice(row)

    async def waiting(self) -> Mapping[tuple[str, str], int]:
        """Count the notices not sent yet, by channel and state; those on pages are sent once seen."""
        async with self._database.reading() as connection:
            return {(row[0], row[1]): row[2] for row in (await connection.execute(_WAITING)).all()}

    async def waiting_by(self, channel: Channel, at: datetime) -> Waiting:
        asked = {"by": channel.value, "now": at}
        async with self._database.reading() as connection:
            return Waiting(
                due_at=(await connection.execute(_FIRST_DUE, asked)).scalar(),
                in_vain=(await connection.execute(_IN_VAIN, asked)).scalar_one(),
                refused=(await connection.execute(_REFUSED, asked | {"hour_ago": at - _HOUR})).scalar_one(),
                sent_at=(await connection.execute(_SENT_LATELY, asked)).scalar(),
            )

    async def undecided(self, limit: int = 100) -> Sequence[Notice]:
        async with self._database.reading() as connection:
            found = await connection.execute(_UNDECIDED, {"most": limit})
            return [read_notice(row) for row in found.mappings()]

    async def of_appeal(self, number: str) -> Sequence[Notice]:
        async with self._database.reading() as connection:
            found = await connection.execute(_OF_APPEAL, {"appeal": number})
            return [read_notice(row) for row in found.mappings()]

    async def seen(self, to: str, notice_ids: Sequence[int], at: datetime, *, by: int) -> int:
        wanted = {"ids": list(notice_ids), "whom": to, "now": at, "by": by}
        async with self._database.writing() as connection:
            return (await connection.execute(_SEEN, wanted)).rowcount

    async def unseen(self, to: str, notice_ids: Sequence[int], at: datetime) -> int:
        wanted = {"ids": list(notice_ids), "whom": to, "now": at}
        async with self._database.writing() as connection:
            return (await connection.execute(_UNSEEN, wanted)).rowcount

    async def seen_on_page(self, to: str, limit: int = 100) -> Sequence[Notice]:
        async with self._database.reading() as connection:
            found = await connection.execute(_SEEN_ON_PAGE, {"whom": to, "most": limit})
            return [read_notice(row) for row in found.mappings()]

    async def on_page(self, to: str, limit: int = 100) -> Sequence[Notice]:
        async with self._database.reading() as connection:
            found = await connection.execute(_ON_PAGE, {"whom": to, "most": limit})
            return [read_notice(row) for row in found.mappings()]

    async def _not_sent(
        self, notice_id: int, event: NoticeEvent, at: datetime, fault: str, **values: Any
    ) -> None:
        """Note how a hand-over went in vain; what is known better by now, or was taken back, stays."""
        moved = _NOT_SENT[event].values(**values)
        async with self._database.writing() as connection:
            done = await connection.execute(moved, {"notice": notice_id, "now": at, "because": fault})
            await _require(connection, notice_id, done)


async def _require(connection: AsyncConnection, notice_id: int, done: CursorResult[Any]) -> None:
    """Raise NotFound where nothing was changed because there is no such notice."""
    if not done.rowcount and (await connection.execute(_EXISTS, {"notice": notice_id})).first() is None:
        raise NotFound(f"There is no notice {notice_id}.")
