"""Codes that confirm a contact, in any table that keeps them: how many were asked for, and which is right."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, RowMapping, Table, bindparam, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.contact.channel import Channel
from hotline.contact.codes import CODE_LIVES, MOST_A_DAY, MOST_TRIES, SHARES

_DAY = timedelta(days=1)


class ContactCodes:
    """Codes of one table; `tried` are the conditions under which one may be tried at all.

    Its columns are `id`, `channel`, `contact`, `network`, `code`, `tries`, `asked_at` and `confirmed_at`.
    """

    def __init__(self, table: Table, *tried: ColumnElement[bool]) -> None:
        lately = (table.c.channel == bindparam("way"), table.c.asked_at > bindparam("since"))
        near = case((table.c.network == bindparam("whence"), 1), else_=0)
        self._of_contact = select(func.count()).where(table.c.contact == bindparam("whose"), *lately)
        # Counts those of the channel, and those of one network among them.
        self.unconfirmed = select(func.count(), func.coalesce(func.sum(near), 0)).where(
            table.c.confirmed_at.is_(None), *lately
        )
        # Two who try at once wait for each other, and each finds the other's try counted.
        self._try = (
            update(table)
            .where(
                table.c.id == bindparam("asked"),
                table.c.tries < MOST_TRIES,
                table.c.asked_at >= bindparam("since"),
                *tried,
            )
            .values(tries=table.c.tries + 1)
            .returning(table)
        )

    async def too_many(
        self,
        connection: AsyncConnection,
        channel: Channel,
        contact: str,
        at: datetime,
        *,
        network: str,
        most: int,
    ) -> bool:
        """Tell whether this contact, its network, or all together were sent too many in the last day.

        `most` is how many may be unconfirmed by the channel; an empty `network` has no share of its own.
        """
        if await self.asked_enough(connection, channel, contact, at):
            return True
        asked = {"way": channel.value, "since": at - _DAY}
        unconfirmed, near = (await connection.execute(self.unconfirmed, asked | {"whence": network})).one()
        return bool(unconfirmed >= most or (network and near >= most // SHARES))

    async def asked_enough(
        self, connection: AsyncConnection, channel: Channel, contact: str, at: datetime
    ) -> bool:
        """Tell whether this contact has asked as often in the last day as it may."""
        asked = {"way": channel.value, "whose": contact, "since": at - _DAY}
        return bool((await connection.execute(self._of_contact, asked)).scalar_one() >= MOST_A_DAY)

    async def try_code(
        self, connection: AsyncConnection, asked_id: int, typed: str, at: datetime
    ) -> RowMapping | None:
        """Give the row whose code this is; None for a wrong one, a late one, or after MOST_TRIES.

        Each attempt is counted before the code is compared.
        """
        tried = {"asked": asked_id, "since": at - CODE_LIVES}
        row = (await connection.execute(self._try, tried)).mappings().first()
        return row if row is not None and row["code"] == typed else None
