"""What every register that can be brought in and taken out offers."""

from collections.abc import AsyncIterator, Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.intake.lines import Cells, Column, LineFault

AT_ONCE = 100
"""Records in one transaction: calls that go on write in between."""
READ_AT_ONCE = 1000

Record = Any
"""What a line of the register means: what its reader gives, the other methods take."""


@dataclass(slots=True)
class Seen:
    """What of a file would be there by now, if it were taken in and not looked through."""

    records: dict[Hashable, Record] = field(default_factory=dict)
    made: Any = None
    """What a register makes of them to compare with, so that it is made once."""


class Register(Protocol):
    """One register."""

    @property
    def columns(self) -> Sequence[Column]: ...

    async def reader(self, connection: AsyncConnection) -> Callable[[Cells], Record]:
        """Give the reader of a line, by the streets and enterprises of now; it raises Fault."""
        ...

    def key(self, record: Record) -> Hashable:
        """Give what is the same for the same thing, in this file or in the register."""
        ...

    async def known(
        self, connection: AsyncConnection, records: Sequence[Record], seen: Seen
    ) -> Sequence[bool | LineFault]:
        """Tell for each whether it is there already, or the Fault for which it cannot come in."""
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
