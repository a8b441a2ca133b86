"""A hotline as the people of a benchmark, and its judge, see it: one machine, or several with one number."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from hotline.line.invariants import InAsterisk
from service.settings.settings import Settings
from storage.store import Storage
from telephony.phone.signalling import Address


class Called(Protocol):
    """A running hotline as its callers, and who counts their calls, see it."""

    @property
    def settings(self) -> Settings:
        """Of each machine the same number and the same provider."""
        ...

    @property
    def storage(self) -> Storage: ...

    @property
    def registrar(self) -> Address:
        """Where citizens call, and desk phones register."""
        ...

    @property
    def citizens_from(self) -> str: ...

    def cel_rows(self) -> list[Mapping[str, str]]:
        """Asterisk's own account of all calls so far, the oldest event first."""
        ...


class Judged(Called, Protocol):
    """A running hotline, from outside."""

    @property
    def kept(self) -> Path:
        """The folder of files that outlive the run."""
        ...

    @property
    def desks_from(self) -> str: ...

    @property
    def origin(self) -> str: ...

    @property
    def origins(self) -> Sequence[str]:
        """The addresses of its pages, without a path: each serves all."""
        ...

    def logs(self) -> Mapping[str, Path]:
        """Everything that was logged, by names of which no two are the same."""
        ...

    async def in_asterisk(self) -> InAsterisk:
        """Raises AriUnavailable."""
        ...

    async def left(self, what: str) -> Sequence[str]:
        """Give the ids of all `channels` or `bridges` in Asterisk."""
        ...
