"""Filters of lists that people keep under a name, for themselves or for everybody."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from hotline.access.saved_views import MOST_VIEWS, NameTaken, SavedView, TooManyViews
from hotline.errors import NotFound
from storage.core.database import Database
from storage.core.rows import row_to
from storage.tables import saved_views

_OF_LIST = saved_views.c.list == bindparam("of_list")
_OWN = (
    saved_views.c.id == bindparam("view"),
    saved_views.c.user_id == bindparam("of_user"),
    _OF_LIST,
)
_OF = (
    select(saved_views)
    .where(_OF_LIST, or_(saved_views.c.user_id == bindparam("of_user"), saved_views.c.shared))
    .order_by(saved_views.c.name, saved_views.c.id)
)
_DROP = delete(saved_views).where(*_OWN)
_OTHERS = select(func.count()).where(
    saved_views.c.user_id == bindparam("of_user"), _OF_LIST, saved_views.c.name != bindparam("but")
)
_RENAME = update(saved_views).where(*_OWN).values(name=bindparam("new_name"))


class StoredViews:
    """`hotline.access.saved_views.SavedViews` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._keep = database.insert(saved_views)

    async def of(self, user_id: int, of_list: str) -> Sequence[SavedView]:
        async with self._database.reading() as connection:
            rows = await connection.execute(_OF, {"of_user": user_id, "of_list": of_list})
            return [row_to(SavedView, row) for row in rows.mappings()]

    async def save(
        self, *, user_id: int, of_list: str, name: str, query: str, shared: bool, at: datetime
    ) -> SavedView:
        whose = {"user_id": user_id, "list": of_list, "name": name}
        changed = {"query": query, "shared": shared, "saved_at": at}
        keep = self._keep.on_conflict_do_update(
            index_elements=[saved_views.c.user_id, saved_views.c.list, saved_views.c.name], set_=changed
        ).returning(saved_views.c.id)
        async with self._database.writing() as connection:
            known = {"of_user": user_id, "of_list": of_list, "but": name}
            others = await connection.scalar(_OTHERS, known)
            if others is not None and others >= MOST_VIEWS:
                raise TooManyViews(f"The user keeps {others} views of {of_list}.")
            view_id = (await connection.execute(keep, {**whose, **changed})).scalar_one()
        return SavedView(id=view_id, user_id=user_id, name=name, query=query, shared=shared)

    async def rename(self, view_id: int, user_id: int, of_list: str, name: str) -> None:
        given = {"view": view_id, "of_user": user_id, "of_list": of_list, "new_name": name}
        try:
            async with self._database.writing() as connection:
                renamed = await connection.execute(_RENAME, given)
        except IntegrityError as error:
            raise NameTaken(f"The user has another view named {name!r}.") from error
        if not renamed.rowcount:
            raise NotFound(f"The user has no view {view_id} of {of_list}.")

    async def drop(self, view_id: int, user_id: int, of_list: str) -> None:
        async with self._database.writing() as connection:
            dropped = await connection.execute(
                _DROP, {"view": view_id, "of_user": user_id, "of_list": of_list}
            )
        if not dropped.rowcount:
            raise NotFound(f"The user has no view {view_id} of {of_list}.")
