"""The accounts; none is ever deleted."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from attrs import define
from sqlalchemy import RowMapping, bindparam, case, false, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from hotline.access.bodies import Body
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.errors import AlreadyTaken, NotFound
from storage.core.database import Database
from storage.core.rows import row_to
from storage.tables import users

_ALL = select(users).order_by(users.c.login)
_OF_EXECUTOR = _ALL.where(users.c.executor_id == bindparam("executor"), users.c.active)
_BY_ID = select(users).where(users.c.id == bindparam("user"))
_BY_IDS = select(users).where(users.c.id.in_(bindparam("users", expanding=True)))
_BY_LOGIN = select(users).where(users.c.login == bindparam("wanted"))
_DEMO = select(users.c.login).where(users.c.demo, users.c.active).order_by(users.c.login)
_ADD = insert(users).returning(users)
_UPDATE = (
    update(users)
    .where(users.c.id == bindparam("user"))
    .values(
        name=bindparam("new_name"),
        role=bindparam("new_role"),
        password_hash=bindparam("new_hash"),
        totp_secret=bindparam("new_totp"),
        dispatcher_id=bindparam("new_dispatcher"),
        executor_id=bindparam("new_executor"),
        active=bindparam("new_active"),
        phone_code_hash=bindparam("new_phone_code"),
        phone=bindparam("new_phone"),
        telephone=bindparam("new_telephone"),
        email=bindparam("new_email"),
        password_given=bindparam("new_given"),
        body=bindparam("new_body"),
        sees_people=bindparam("new_people"),
        # A user with a password of their own has made the account theirs.
        demo=case((users.c.password_hash == bindparam("new_hash"), users.c.demo), else_=false()),
    )
)
_SIGNED_IN = update(users).where(users.c.id == bindparam("user")).values(signed_in_at=bindparam("at"))
_USE_CODE = (
    update(users)
    .where(
        users.c.id == bindparam("user"),
        or_(users.c.totp_step.is_(None), users.c.totp_step < bindparam("step")),
    )
    .values(totp_step=bindparam("step"))
)


def _user(row: RowMapping) -> User:
    """Read an account; who is acting head stands in a table of its own."""
    return row_to(User, row, acting_until=None)


@define(eq=False, repr=False)
class StoredUsers:
    """`hotline.access.users.Users` on a database."""

    _database: Database

    async def add(
        self,
        *,
        login: str,
        name: str,
        role: Role,
        password_hash: str,
        dispatcher_id: int | None = None,
        executor_id: int | None = None,
        telephone: str | None = None,
        email: str | None = None,
        demo: bool = False,
        password_given: bool = False,
        body: Body | None = None,
        sees_people: bool = False,
    ) -> User:
        values = {
            "login": login.casefold(),
            "name": name,
            "role": role.value,
            "password_hash": password_hash,
            "dispatcher_id": dispatcher_id,
            "executor_id": executor_id,
            "telephone": telephone,
            "email": email,
            "active": True,
            "demo": demo,
            "password_given": password_given,
            "body": body.value if body else None,
            "sees_people": sees_people,
        }
        try:
            async with self._database.writing() as connection:
                return _user((await connection.execute(_ADD, values)).mappings().one())
        except IntegrityError as error:
            raise AlreadyTaken(f"The login {login} or the desk belongs to another account.") from error

    async def get(self, user_id: int) -> User:
        async with self._database.read_inline() as connection:
            row = (await connection.execute(_BY_ID, {"user": user_id})).mappings().one_or_none()
        if row is None:
            raise NotFound(f"There is no user {user_id}.")
        return _user(row)

    async def those(self, user_ids: Collection[int]) -> Mapping[int, User]:
        async with self._database.read_inline() as connection:
            found = (await connection.execute(_BY_IDS, {"users": list(user_ids)})).mappings()
            return {row["id"]: _user(row) for row in found}

    async def by_login(self, login: str) -> User | None:
        async with self._database.read_inline() as connection:
            found = await connection.execute(_BY_LOGIN, {"wanted": login.casefold()})
            row = found.mappings().one_or_none()
        return None if row is None else _user(row)

    async def all(self) -> Sequence[User]:
        async with self._database.reading() as connection:
            return [_user(row) for row in (await connection.execute(_ALL)).mappings()]

    async def of_executor(self, executor_id: int) -> Sequence[User]:
        async with self._database.reading() as connection:
            found = await connection.execute(_OF_EXECUTOR, {"executor": executor_id})
            return [_user(row) for row in found.mappings()]

    async def update(self, user: User) -> None:
        values = {
            "user": user.id,
            "new_name": user.name,
            "new_role": user.role.value,
            "new_hash": user.password_hash,
            "new_totp": user.totp_secret,
            "new_dispatcher": user.dispatcher_id,
            "new_executor": user.executor_id,
            "new_active": user.active,
            "new_phone_code": user.phone_code_hash,
            "new_phone": user.phone,
            "new_telephone": user.telephone,
            "new_email": user.email,
            "new_given": user.password_given,
            "new_body": user.body.value if user.body else None,
            "new_people": user.sees_people,
        }
        try:
            async with self._database.writing() as connection:
                done = await connection.execute(_UPDATE, values)
        except IntegrityError as error:
            raise AlreadyTaken("The desk belongs to another account.") from error
        if not done.rowcount:
            raise NotFound(f"There is no user {user.id}.")

    async def signed_in(self, user_id: int, at: datetime) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_SIGNED_IN, {"user": user_id, "at": at})

    async def use_code(self, user_id: int, step: int) -> bool:
        async with self._database.writing() as connection:
            done = await connection.execute(_USE_CODE, {"user": user_id, "step": step})
        return bool(done.rowcount)

    async def demo_accounts(self) -> Sequence[str]:
        async with self._database.reading() as connection:
            return (await connection.execute(_DEMO)).scalars().all()
