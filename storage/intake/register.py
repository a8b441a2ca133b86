"""The interface of every register that can be imported and exported."""

from collections.abc import AsyncIterator, Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.intake.lines import Cells, Column, LineFault

AT_ONCE = 100
"""Records in one transaction: calls that go on write in between."""
READ_AT_ONCE = 1000

Record = Any
"""A record of the register: its reader makes it, the other methods take it."""


@dataclass(slots=True)
class Seen:
    """Records of a file that would exist by now if it were imported, and not only checked."""

    records: dict[Hashable, Record] = field(default_factory=dict)
    made: Any = None
    """What a register derives from them for comparison, made once."""


class Register(Protocol):
    """One register."""

    @property
    def columns(self) -> Sequence[Column]: ...

    async def reader(self, connection: AsyncConnection) -> Callable[[Cells], Record]:
        """Give the reader of a line, by the streets and enterprises of now; it raises Fault."""
        ...

    def key(self, record: Record) -> Hashable:
        """Return the identity of the record, in this file or in the register."""
        ...

    async def known(
        self, connection: AsyncConnection, records: Sequence[Record], seen: Seen
    ) -> Sequence[bool | LineFault]:
        """Tell for each record whether it exists already, or the Fault that keeps it out."""
        ...

    async def prepare(self, records: Sequence[Record]) -> None:
        """Do what takes long before the transaction begins."""
        ...

    async def bring(self, connection: AsyncConnection, records: Sequence[Record]) -> None:
        """Enter records that are not known, each once, in a transaction that goes on."""
        ...

    def everything(self, connection: AsyncConnection) -> AsyncIterator[Sequence[str]]:
        """Give the whole register as lines, in its own order."""
        ...
