"""What a desk shows of calling back one after another: who is the next one, or why nobody is."""

from collections.abc import Sequence
from dataclasses import dataclass

from cti_server.desk.sources import Sources
from hotline.line.progressive import Entry, NobodyNext
from hotline.line.scheduled_callbacks import Scheduled


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Who is dialled next: an arranged call, or a missed one, and who that may be."""

    entry: Entry
    names: Sequence[str]
    seconds: int
    """How long they are shown before the page dials."""

    @property
    def arranged(self) -> bool:
        return isinstance(self.entry, Scheduled)

    @property
    def reference(self) -> str:
        return self.entry.reference

    @property
    def number(self) -> str:
        return self.entry.number


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """How the desk stands."""

    on: bool = False
    waits: NobodyNext | None = None
    """Why nobody is next, while it is on."""
    next: Shown | None = None


OFF = Turn()


async def shown(sources: Sources, entry: Entry) -> Shown:
    """Tell whom a desk shows next, with who that may be."""
    card = await sources.callers.card(entry.number)
    seconds = round(sources.dials_after.total_seconds())
    return Shown(entry=entry, names=[one.name for one in card.candidates], seconds=seconds)


async def find_shown(sources: Sources, entries: Sequence[Entry], reference: str) -> Shown | None:
    """Find who is shown among those to be called; None when they are no more."""
    entry = next((one for one in entries if one.reference == reference), None)
    return None if entry is None else await shown(sources, entry)


async def read_turn(sources: Sources, dispatcher_id: int, entries: Sequence[Entry]) -> Turn:
    """Tell how this desk stands, and change nothing."""
    working = await sources.progressive.of(dispatcher_id)
    if working is None:
        return OFF
    return Turn(
        on=True, next=await find_shown(sources, entries, working.reference) if working.reference else None
    )
