"""Links of appeals: a parent has no parent itself, and its work is still owed."""

from sqlalchemy import bindparam, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.acts.act import ActFault
from hotline.appeals.appeal import PENDING, Appeal
from hotline.errors import ForbiddenTransition
from storage.appeals.register import read_appeal
from storage.tables import appeals

_LOCKED = select(appeals).where(appeals.c.number == bindparam("appeal")).with_for_update()
_HAS_CHILDREN = select(exists().where(appeals.c.parent == bindparam("appeal")))


async def lock_parent(connection: AsyncConnection, number: str) -> Appeal:
    """Lock the future parent, so that nobody acts on it meanwhile; raises as below."""
    row = (await connection.execute(_LOCKED, {"appeal": number})).mappings().first()
    return require_parent(number, None if row is None else read_appeal(row))


def require_parent(number: str, parent: Appeal | None) -> Appeal:
    """Raise ActFault or ForbiddenTransition unless an appeal may be linked to this one."""
    if parent is None:
        raise ActFault("parent", "There is no appeal %(number)s.", number=number)
    if parent.parent is not None:
        raise ActFault("parent", "It is linked itself: choose %(number)s.", number=parent.parent)
    if parent.state not in PENDING:
        raise ForbiddenTransition(
            "The work on %(number)s is over: what is reported now is a new matter.", number=number
        )
    return parent


async def require_childless(connection: AsyncConnection, number: str) -> None:
    """Raise ActFault when others are linked to it."""
    if (await connection.execute(_HAS_CHILDREN, {"appeal": number})).scalar_one():
        raise ActFault("parent", "Others are linked to this one: link them to the other first.")
