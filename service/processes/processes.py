"""One process among several of a hotline: its roles, its post, and what is known of the others."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping
from functools import partial

import msgspec
from attrs import define, field

from cti_server.screens import Screens
from hotline.isolation import run_isolated
from hotline.line.line import Offer
from service.node.bus import Bus, Listener
from service.processes.among import Exchange, Lasting, together
from service.processes.events import SharedBus
from service.processes.exchange import Answering, ExchangeElsewhere
from service.processes.neighbours import ExchangeState, Neighbours
from service.processes.phones import SharedPhones
from service.processes.post import Post
from service.processes.roles import Role
from service.processes.screens import SharedScreens
from service.processes.wire import written
from storage.core.database import Database
from storage.processes.letters import Letter, StoredLetters

MOST_FOLLOWED = 1000
"""Numbers that wait for their job; those that come then are left out, as looks by the clock find them."""


@define(eq=False, repr=False)
class Following:
    """A job that is done for each number told; one that fails holds up no other."""

    kind: str
    _job: Callable[[int], Awaitable[None]]
    _told: asyncio.Queue[int] = field(factory=lambda: asyncio.Queue(MOST_FOLLOWED), init=False)

    def tell(self, number: int) -> None:
        if not self._told.full():
            self._told.put_nowait(number)

    async def keep(self) -> None:
        while True:
            job = partial(self._job, await self._told.get())
            await run_isolated(job, f"not done here what another process told kind={self.kind}")


@define(eq=False, repr=False, kw_only=True)
class Processes:
    """Implements `Among` by letters on one PostgreSQL."""

    alone = False
    roles: frozenset[Role]
    post: Post
    neighbours: Neighbours
    node: str = ""
    _answering: Answering | None = field(default=None, init=False)
    _following: dict[str, Following] = field(factory=dict, init=False)
    _works: dict[str, Callable[[], bool]] = field(factory=dict, init=False)

    def nodes(self) -> Collection[str]:
        return self.neighbours.nodes()

    def nodes_served(self) -> Mapping[str, bool]:
        return self.neighbours.served()

    def phones_elsewhere(self) -> Collection[str]:
        return self.neighbours.phones()

    def screens(self, shown_within: float) -> Screens:
        screens = SharedScreens(shown_within, self.post, self.neighbours)
        self.neighbours.say("screens", screens.dispatchers)
        self.neighbours.say("supervised", lambda: screens.supervised_here)
        return screens

    def bus(self, *listeners: Listener) -> Bus:
        shown = not self.roles.isdisjoint({Role.WEB, Role.SCHEDULER})
        return SharedBus(*listeners, post=self.post, neighbours=self.neighbours, at_once=shown)

    def phones(self) -> SharedPhones:
        return SharedPhones(self.post)

    def exchange(self, here: Exchange, give_back: Callable[[Offer], Awaitable[None]]) -> Exchange:
        if Role.TELEPHONY not in self.roles:
            return ExchangeElsewhere(self.post, self.neighbours, give_back)
        self.neighbours.say("exchange", lambda: _state(here, self.node))
        self._answering = Answering(self.post, here, self.node)
        return here

    def works(self, name: str, role: Role, here: Callable[[], bool]) -> Callable[[], bool]:
        if role not in self.roles:
            return lambda: self.neighbours.background(name)
        self._works[name] = here
        self.neighbours.say("background", lambda: {one: works() for one, works in self._works.items()})
        return here

    def tells(self, kind: str) -> Callable[[int], None]:
        return lambda number: self.post.send(kind, written(number))

    def hears(self, kind: str, told: Callable[[int], None]) -> None:
        def read(letter: Letter) -> None:
            told(msgspec.json.decode(letter.body, type=int))

        self.post.on(kind, read)

    def follows(self, kind: str, job: Callable[[int], Awaitable[None]]) -> None:
        following = self._following[kind] = Following(kind, job)
        self.hears(kind, following.tell)

    def held(self) -> Mapping[Role, int]:
        there = Counter(role for beat in self.neighbours.now() for role in beat.roles)
        there.update(self.roles)
        return {role: there[role] for role in Role}

    def lasting(self) -> Lasting:
        answering = {"answering": self._answering.keep()} if self._answering is not None else {}
        following = {one.kind: one.keep() for one in self._following.values()}
        post = {"post": self.post.keep(), "beat": self.neighbours.keep()}
        return together(post, answering, following)


async def among_processes(database: Database, roles: frozenset[Role], node: str = "") -> Processes:
    """Begin to read what the other processes of this database tell."""
    post = Post(StoredLetters(database), f"{'+'.join(sorted(roles))} {secrets.token_hex(4)}")
    await post.begin()
    return Processes(roles=roles, post=post, neighbours=Neighbours(post, roles), node=node)


def _state(exchange: Exchange, node: str) -> ExchangeState:
    found = {truth.value: count for truth, count in exchange.defects.found.items()}
    return ExchangeState(
        up=exchange.up,
        defects=found,
        listeners=exchange.listeners(),
        node=node,
        phones=sorted(exchange.phones()),
    )
