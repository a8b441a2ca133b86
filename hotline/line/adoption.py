"""Adoption: what a node that is gone was doing in the line is gone on with by one of the others."""

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from hotline.errors import HotlineError
from hotline.line.line import QueueEntry


class Adopted(HotlineError):  # noqa: N818 - reads as what has happened
    """Another node goes on with this call and calls its caller back; its own knows nothing of it yet."""

    code = "adopted"


class Held(Protocol):
    """A node's right to serve its callers, as it holds it."""

    async def lost(self) -> object:
        """Wait until another node has adopted what this one was doing."""
        ...

    async def renewed(self) -> None:
        """Wait until it was lost for a while and is held again: another may have adopted meanwhile."""
        ...


class GivenBack(StrEnum):
    """What a node gives back to a caller whom another node took for cut off, and who is still on the line."""

    TALK = "talk"
    PLACE = "place"
    NOTHING = "nothing"
    """They had no place: they are in the menu, or leave a message."""
    ELSEWHERE = "elsewhere"
    """They came back by another call, which has their place by now."""


class Adoptions(Protocol):
    """Who serves the callers of a node: the node itself, or who adopts them; never two at once."""

    def serving(self) -> AbstractAsyncContextManager[Held]:
        """Serve the callers of this node for the time of the block; while another adopts them it is waited.

        Before the block nothing is done for callers of a former connection.
        """
        ...

    def in_place_of(self, node: str) -> AbstractAsyncContextManager[bool]:
        """Act for a node that is gone, for the time of the block; False: it serves, or another adopts it."""
        ...

    async def give_back(
        self, call_id: str, at: datetime, *, talks_with: int | None, waits: bool
    ) -> GivenBack:
        """Give a call that lives what it had in the line before it was taken for lost; nobody is called back.

        `talks_with` is the dispatcher who is in it. One who is by now in another talk is left in that, and
        this caller waits before all others.
        """
        ...

    async def take_kept(self, node: str) -> Sequence[QueueEntry]:
        """Look after that node's kept places from now on, in one statement; in the order of the line."""
        ...

    async def spoken_with(self, calls: Collection[str]) -> Collection[str]:
        """Find those of these calls whose callers have answered the call that called them back."""
        ...
