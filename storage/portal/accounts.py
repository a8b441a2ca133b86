"""Codes and sessions of residents' accounts, on the database."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import define
from sqlalchemy import bindparam, delete, insert, select, update

from hotline.contact.channel import Channel
from hotline.portal.accounts import (
    MOST_UNCONFIRMED,
    SESSION_LIVES,
    AskedCode,
    TooManyCodes,
)
from hotline.portal.report import Contact
from hotline.voice.speech import Language
from storage.core.contact_codes import ContactCodes
from storage.core.database import Database
from storage.core.rows import row_to
from storage.delivery.outbox import owe_once
from storage.tables import resident_codes as codes
from storage.tables import resident_reports as reports
from storage.tables import resident_sessions as sessions

_ID_BITS = 48
"""SQLite would give the id of a code that is deleted to another one, whose link and message that one has."""
_ADD = insert(codes).returning(codes)
_ONE = select(codes).where(codes.c.id == bindparam("asked"))
_CODES = ContactCodes(codes, codes.c.confirmed_at.is_(None))
_CONFIRM = update(codes).where(codes.c.id == bindparam("asked")).values(confirmed_at=bindparam("now"))
_TAKE = (
    update(reports)
    .where(
        reports.c.channel == bindparam("way"),
        reports.c.contact == bindparam("whose"),
        reports.c.confirmed_at.is_(None),
        reports.c.appeal.is_not(None),
    )
    .values(confirmed_at=bindparam("now"))
    .returning(reports.c.appeal)
)
_OPEN = insert(sessions)
_OVER = delete(sessions).where(sessions.c.expires_at <= bindparam("now"))
_FIND = select(sessions.c.channel, sessions.c.contact).where(
    sessions.c.token_hash == bindparam("token"), sessions.c.expires_at > bindparam("now")
)
_CLOSE_ALL = delete(sessions).where(
    sessions.c.channel == bindparam("way"), sessions.c.contact == bindparam("whose")
)


@define(eq=False, repr=False)
class StoredResidentAccounts:
    """`hotline.portal.accounts.ResidentAccounts` on a database."""

    _database: Database

    async def ask(
        self, who: Contact, language: Language, code: str, at: datetime, *, network: str
    ) -> AskedCode:
        values = _of(who, "channel", "contact") | {
            "id": secrets.randbits(_ID_BITS),
            "language": language.value,
            "code": code,
            "network": network,
            "asked_at": at,
        }
        async with self._database.writing() as connection:
            if await _CODES.too_many(
                connection, who.channel, who.address, at, network=network, most=MOST_UNCONFIRMED[who.channel]
            ):
                raise TooManyCodes("This contact or network, or all together, were asked too often today.")
            asked = row_to(AskedCode, (await connection.execute(_ADD, values)).mappings().one())
            await owe_once(self._database, connection, [asked.notice()], at)
        return asked

    async def asked(self, asked_id: int) -> AskedCode | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_ONE, {"asked": asked_id})).mappings().first()
        return None if row is None else row_to(AskedCode, row)

    async def try_code(self, asked_id: int, typed: str, at: datetime) -> Contact | None:
        async with self._database.writing() as connection:
            row = await _CODES.try_code(connection, asked_id, typed, at)
            if row is None:
                return None
            await connection.execute(_CONFIRM, {"asked": asked_id, "now": at})
        return Contact(channel=Channel(row["channel"]), address=row["contact"], confirmed=True)

    async def taken_by(self, who: Contact, at: datetime) -> Sequence[str]:
        async with self._database.writing() as connection:
            found = await connection.execute(_TAKE, _of(who) | {"now": at})
            return sorted(found.scalars())

    async def open(self, token_hash: str, who: Contact, at: datetime) -> None:
        values = _of(who, "channel", "contact") | {
            "token_hash": token_hash,
            "opened_at": at,
            "expires_at": at + SESSION_LIVES,
        }
        async with self._database.writing() as connection:
            await connection.execute(_OVER, {"now": at})
            await connection.execute(_OPEN, values)

    async def find(self, token_hash: str, at: datetime) -> Contact | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_FIND, {"token": token_hash, "now": at})).first()
        return row and Contact(channel=Channel(row.channel), address=row.contact, confirmed=True)

    async def close_all(self, who: Contact) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_CLOSE_ALL, _of(who))


def _of(who: Contact, channel: str = "way", contact: str = "whose") -> dict[str, Any]:
    return {channel: who.channel.value, contact: who.address}
