"""The people of tasks by their parties: names, who has left, and among whom a form chooses."""

from collections.abc import Mapping, Sequence

from aiohttp import web
from attrs import frozen

from cti_server.frame.language import words_of
from cti_server.keys import ACCOUNTS, USER
from cti_server.tasks.sources import TASKS
from cti_server.tasks.words import ROLES
from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.enterprises.executors import Executor
from hotline.tasks.parties import Party, enterprise_of, enterprise_party, user_of, user_party
from hotline.tasks.rights import may_be_responsible, may_control


@frozen(kw_only=True)
class Choice:
    """One whom a form offers."""

    value: str
    name: str


@frozen(kw_only=True)
class TaskPeople:
    """Users and enterprises by id. `roles`: their words, instead of names, for who sees no personal data."""

    users: Mapping[int, User]
    enterprises: Mapping[int, Executor]
    roles: Mapping[str, str] | None = None

    def user(self, user_id: int | None) -> str:
        """Name a user; a dash for the service itself."""
        if user_id is None or (user := self.users.get(user_id)) is None:
            return "—"
        return user.name if self.roles is None else self.roles[user.role]

    def name(self, party: str) -> str:
        """Name a party; an enterprise's own people with the enterprise."""
        if (executor_id := enterprise_of(party)) is not None:
            return self._enterprise(executor_id)
        user = self.users.get(user_of(party) or 0)
        if user is None or user.executor_id is None:
            return self.user(user_of(party))
        enterprise = self._enterprise(user.executor_id)
        return enterprise if self.roles else f"{user.name}, {enterprise}"

    def left(self, party: str) -> bool:
        """Tell whether nobody answers for the party any more: the account is closed, or the enterprise."""
        if (executor_id := enterprise_of(party)) is not None:
            return executor_id not in self.enterprises or not self.enterprises[executor_id].active
        user = self.users.get(user_of(party) or 0)
        return user is None or not may_be_responsible(user)

    def gone(self) -> frozenset[Party]:
        """Give all the parties for which nobody answers any more."""
        every = [user_party(one) for one in self.users] + [enterprise_party(one) for one in self.enterprises]
        return frozenset(one for one in every if self.left(one))

    def parties(self) -> Sequence[Choice]:
        """List who may be responsible: people of the centre, enterprises, and their people."""
        found = [user_party(one.id) for one in self.users.values() if one.executor_id is None]
        found += [enterprise_party(one) for one in self.enterprises]
        found += [user_party(one.id) for one in self.users.values() if one.executor_id is not None]
        return [Choice(value=one, name=self.name(one)) for one in found if not self.left(one)]

    def controllers(self) -> Sequence[Choice]:
        return [Choice(value=str(one.id), name=one.name) for one in self.users.values() if may_control(one)]

    def _enterprise(self, executor_id: int) -> str:
        found = self.enterprises.get(executor_id)
        return found.short if found else "—"


async def people_of(request: web.Request) -> TaskPeople:
    """Read them, as the reader may know them."""
    return await people_for(request, known=request[USER].may(Permission.DO_TASKS))


async def people_for(request: web.Request, *, known: bool) -> TaskPeople:
    """Read them; by their roles' words where names are not to be `known`."""
    gettext, users = words_of(request).gettext, await request.app[ACCOUNTS].users.all()
    return TaskPeople(
        users={one.id: one for one in sorted(users, key=lambda one: one.name.casefold())},
        enterprises={one.id: one for one in await request.app[TASKS].executors.all()},
        roles=None if known else {role: gettext(text) for role, text in ROLES.items()},
    )
