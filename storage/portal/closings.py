"""Closings out of the histories of appeals, and their digests as they were published."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from attrs import define
from sqlalchemy import bindparam, select, text
from sqlalchemy.exc import IntegrityError

from hotline.appeals.appeal import ENDED, AppealState
from hotline.portal.closings import (
    LATE_DAYS,
    Closing,
    PublicKey,
    PublishedEnd,
    SignedDigest,
    ended_by,
    told_of,
)
from storage.core.database import Database
from storage.core.rows import row_to
from storage.tables import Moment
from storage.tables import appeal_history as history
from storage.tables import closing_digests as digests
from storage.tables import closing_keys as keys
from storage.tables.handling import MOVED

_CLOSINGS = (
    select(
        history.c.number,
        history.c.at,
        history.c.state_after,
        history.c.facts,
        history.c.user_id,
    )
    .where(
        text(MOVED),
        history.c.at >= bindparam("since", type_=Moment),
        history.c.at < bindparam("until", type_=Moment),
        history.c.state_after.in_(sorted(one.value for one in ENDED)),
    )
    .order_by(history.c.at, history.c.id)
)
_MOMENTS = select(history.c.at).where(
    history.c.number == bindparam("number"),
    text(MOVED),
    history.c.state_after.in_(sorted(one.value for one in ENDED)),
)
_BETWEEN = (
    select(digests)
    .where(digests.c.day >= bindparam("since"), digests.c.day <= bindparam("until"))
    .order_by(digests.c.number)
)
_LATEST = select(digests).order_by(digests.c.number.desc()).limit(1)
_INDEX = select(digests.c.day, digests.c.sha256).order_by(digests.c.number)
_OF_DAY = select(digests).where(digests.c.day == bindparam("day"))
_KEYS = select(keys).order_by(keys.c.place)
_FIELDS = ("day", "number", "text", "sha256", "key", "signature")


@define(eq=False, repr=False)
class StoredClosingDigests:
    """`hotline.portal.closings.ClosingDigests` on a database."""

    _database: Database

    async def closings(self, since: datetime, until: datetime) -> Sequence[Closing]:
        async with self._database.reading() as connection:
            rows = await connection.execute(_CLOSINGS, {"since": since, "until": until})
            return [
                Closing(
                    number=row.number,
                    at=row.at,
                    by=ended_by(
                        AppealState(row.state_after),
                        str(row.facts.get("source", "")),
                        taken_down=row.user_id is not None,
                    ),
                )
                for row in rows
            ]

    async def ends_of(self, number: str) -> Sequence[PublishedEnd]:
        found: dict[tuple[date, datetime], PublishedEnd] = {}
        async with self._database.reading() as connection:
            for at in (await connection.execute(_MOMENTS, {"number": number})).scalars().all():
                # A day of the city begins and ends up to a day beside UTC's.
                span = {
                    "since": at.date() - timedelta(days=1),
                    "until": at.date() + timedelta(days=LATE_DAYS + 1),
                }
                for row in (await connection.execute(_BETWEEN, span)).mappings():
                    told = told_of(number, row_to(SignedDigest, row))
                    found |= {(one.day, one.closing.at): one for one in told}
        return sorted(found.values(), key=lambda one: one.closing.at, reverse=True)

    async def latest(self) -> SignedDigest | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_LATEST)).mappings().first()
        return None if row is None else row_to(SignedDigest, row)

    async def of_day(self, day: date) -> SignedDigest | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_OF_DAY, {"day": day})).mappings().first()
        return None if row is None else row_to(SignedDigest, row)

    async def index(self) -> Mapping[date, str]:
        async with self._database.reading() as connection:
            return {row.day: row.sha256 for row in await connection.execute(_INDEX)}

    async def keys(self) -> Sequence[PublicKey]:
        async with self._database.reading() as connection:
            return [row_to(PublicKey, row) for row in (await connection.execute(_KEYS)).mappings()]

    async def keep(self, digest: SignedDigest, known: Sequence[PublicKey], at: datetime) -> bool:
        values: dict[str, Any] = {name: getattr(digest, name) for name in _FIELDS} | {"made_at": at}
        try:
            async with self._database.writing() as connection:
                await connection.execute(digests.insert(), values)
                there = (await connection.execute(select(keys.c.key))).scalars().all()
                # A file that was lost and made anew has none of them: its key is listed as not handed over.
                new = [one for one in known if one.key not in there]
                for place, one in enumerate(new, len(there)):
                    await connection.execute(keys.insert(), {"place": place, **asdict(one)})
        except IntegrityError:
            return False
        return True
