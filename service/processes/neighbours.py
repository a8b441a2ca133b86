"""Beats by which each process tells once a second how it stands, and the others as known by theirs."""

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from attrs import define
from attrs import field as attribute

from hotline.isolation import repeat
from hotline.supervision.listening import Listener
from service.processes.post import Haste, Post
from service.processes.roles import Role
from service.processes.wire import written
from storage.processes.letters import Letter

BEAT = "beat"
EVERY_SECONDS = 1.0
GONE_AFTER_SECONDS = 4.0
"""A process that has told nothing for this long is taken for gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeState:
    """The exchange as its process knows it: what pages show without asking."""

    up: bool
    defects: Mapping[str, int]
    listeners: Sequence[Listener]
    node: str = ""
    """The name of its Asterisk, where there are several."""
    phones: Sequence[str] = ()
    """Extensions of the desks whose telephone is in a call there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """What one process tells of itself. `screens` are the dispatchers whose desks are open in it."""

    roles: Sequence[Role]
    screens: Sequence[int] = ()
    supervised: bool = False
    """A head has a page open in it on which they see who asks for help."""
    background: Mapping[str, bool] = field(default_factory=dict)
    """Background work of its roles by name: whether it goes on as it should."""
    exchange: ExchangeState | None = None


@define(eq=False, repr=False)
class Neighbours:
    """The other processes by what they told last."""

    _post: Post
    _roles: Collection[Role]
    _said: dict[str, Callable[[], object]] = attribute(factory=dict, init=False)
    """What this process tells of itself, by the fields of a Beat."""
    _nodes: set[str] = attribute(factory=set, init=False)
    _heard: dict[str, tuple[Beat, float]] = attribute(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self._post.on(BEAT, self._hear)

    def say(self, name: str, what: Callable[[], object]) -> None:
        """Tell this of this process from now on; `name` is a field of Beat."""
        self._said[name] = what

    def now(self) -> Iterator[Beat]:
        """Go through those that are there, the one heard last first."""
        since = asyncio.get_running_loop().time() - GONE_AFTER_SECONDS
        return (beat for beat, at in reversed(self._heard.values()) if at >= since)

    def exchanges(self) -> Mapping[str, ExchangeState]:
        """Give the exchanges as they stand, by their nodes; where there is one Asterisk its name is empty."""
        there = [one.exchange for one in self.now() if one.exchange is not None]
        return {one.node: one for one in reversed(there)}

    def nodes(self) -> Collection[str]:
        """Name the other Asterisk nodes that serve their callers now."""
        return {node for node, one in self.exchanges().items() if one.up and node}

    def served(self) -> Mapping[str, bool]:
        """Give the other nodes that were ever heard of, each with whether it serves its callers now."""
        now = self.nodes()
        return {node: node in now for node in sorted(self._nodes)}

    def phones(self) -> Collection[str]:
        """Give the desks whose telephone is in a call on another node."""
        return {phone for one in self.exchanges().values() for phone in one.phones}

    def background(self, name: str) -> bool:
        """Tell whether somebody does this work, as it should be done."""
        return any(one.background.get(name, False) for one in self.now())

    def shows(self, dispatcher_id: int) -> bool:
        """Tell whether this dispatcher's desk is open in another process."""
        return any(dispatcher_id in one.screens for one in self.now())

    def supervised(self) -> bool:
        return any(one.supervised for one in self.now())

    def tell(self, haste: Haste = Haste.AT_ONCE) -> None:
        """Tell the others how this process stands."""
        said: dict[str, Any] = {name: what() for name, what in self._said.items()}
        self._post.send(BEAT, written(Beat(roles=sorted(self._roles), **said)), haste)

    async def keep(self) -> None:
        """Tell them once a second, for ever."""

        async def beat() -> None:
            self.tell(Haste.BY_THE_LOOK)

        await repeat(beat, every=EVERY_SECONDS, failure="other processes do not know how this one stands")

    def _hear(self, letter: Letter) -> None:
        at = asyncio.get_running_loop().time()
        self._heard = {
            one: told
            for one, told in self._heard.items()
            if one != letter.sender and at - told[1] < GONE_AFTER_SECONDS
        }
        if letter.age < GONE_AFTER_SECONDS:
            beat = msgspec.json.decode(letter.body, type=Beat)
            self._heard[letter.sender] = (beat, at)
            if beat.exchange is not None and beat.exchange.node:
                self._nodes.add(beat.exchange.node)
