"""The supervisor on a dispatcher's talk, as the desk shows them."""

from dataclasses import dataclass

from cti_server.desk.sources import Sources
from hotline.supervision.listening import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenedBy:
    """A supervisor by name, and how they take part."""

    name: str
    mode: Mode


async def read_listened(sources: Sources, dispatcher_id: int) -> ListenedBy | None:
    """Read who is on their talk; None for nobody, and where an order of the head hides it.

    Who has joined is heard by both, and always shown.
    """
    for one in sources.listening.listeners():
        if one.dispatcher_id != dispatcher_id or one.mode is None:
            continue
        if one.mode is Mode.JOIN or await sources.listening_orders.standing() is None:
            supervisor = await sources.dispatchers.get(one.supervisor_id)
            return ListenedBy(name=supervisor.name, mode=one.mode)
    return None
