"""The view of progressive calling on a desk: the next entry, or the reason why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass

from cti_server.desk.sources import Sources
from hotline.line.progressive import Entry, NobodyNext
from hotline.line.scheduled_callbacks import Scheduled


@dataclass(frozen=True, slots=True, kw_only=True)
class NextCallee:
    """The entry dialled next: an arranged call, or a missed one, and the names of the candidates."""

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
class ProgressiveView:
    """Whether a desk calls one after another, and whom it dials next."""

    on: bool = False
    waits: NobodyNext | None = None
    """Why nobody is next, while it is on."""
    next: NextCallee | None = None


OFF = ProgressiveView()


async def next_callee(sources: Sources, entry: Entry) -> NextCallee:
    """Make what a desk shows of the next entry, with the names of the candidates."""
    card = await sources.callers.card(entry.number)
    seconds = round(sources.dials_after.total_seconds())
    return NextCallee(entry=entry, names=[one.name for one in card.candidates], seconds=seconds)


async def find_callee(sources: Sources, entries: Sequence[Entry], reference: str) -> NextCallee | None:
    """Find the entry of this reference among `entries`; None when it is gone."""
    entry = next((one for one in entries if one.reference == reference), None)
    return None if entry is None else await next_callee(sources, entry)


async def read_view(sources: Sources, dispatcher_id: int, entries: Sequence[Entry]) -> ProgressiveView:
    """Read the view of this desk; changes nothing."""
    working = await sources.progressive.of(dispatcher_id)
    if working is None:
        return OFF
    return ProgressiveView(
        on=True, next=await find_callee(sources, entries, working.reference) if working.reference else None
    )
