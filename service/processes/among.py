"""Ports through which the parts of a process reach the other processes; alone it reaches none.

`service.processes.processes.Processes` is the other implementation of `Among`.
"""

from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from typing import Any, Protocol

from cti_server.desk.open_phones import OpenPhones
from cti_server.screens import Screens
from hotline.calls.web_calls import WebOrigin
from hotline.dialling.calling_out import CallOut, DeskTalk
from hotline.line.line import Offer
from hotline.supervision.listening import Listener, Mode
from service.node.bus import Bus
from service.node.bus import Listener as BusListener
from service.processes.roles import ALL, Role
from telephony.node.invariant_watch import Defects


class Exchange(Protocol):
    """What pages and rounds ask of the exchange. All but the first raise AriUnavailable while it is away.

    `telephony.node.connection.Connection` is the one at hand.
    """

    @property
    def up(self) -> bool: ...

    @property
    def defects(self) -> Defects: ...

    def listeners(self) -> Sequence[Listener]: ...

    def phones(self) -> Collection[str]: ...

    async def alive(self) -> set[str] | None: ...

    async def open_browser_phone(self, extension: str) -> str: ...

    async def browser_left(self, extension: str) -> None: ...

    async def open_guest(self, name: str, password: str, origin: WebOrigin) -> None: ...

    async def close_guest(self, name: str) -> None: ...

    async def can_ring(self, extension: str) -> bool: ...

    async def trunk_online(self) -> bool | None: ...

    async def call_out(self, wanted: CallOut) -> DeskTalk: ...

    async def desk_talk(self, dispatcher_id: int) -> DeskTalk | None: ...

    async def talks_with(self, dispatcher_id: int) -> str | None: ...

    async def consult(self, dispatcher_id: int, number: str) -> None: ...

    async def pass_to(self, dispatcher_id: int, number: str) -> None: ...

    async def join(self, dispatcher_id: int) -> None: ...

    async def drop_third(self, dispatcher_id: int) -> None: ...

    async def drop_citizen(self, dispatcher_id: int) -> None: ...

    async def leave(self, dispatcher_id: int) -> None: ...

    async def pause_recording(self, dispatcher_id: int) -> None: ...

    async def resume_recording(self, dispatcher_id: int) -> None: ...

    async def listen_in(self, supervisor_id: int, call_id: str, mode: Mode) -> None: ...

    async def set_mode(self, supervisor_id: int, mode: Mode) -> None: ...

    async def take_over(self, supervisor_id: int) -> None: ...

    async def stop_listening(self, supervisor_id: int) -> None: ...

    async def ring(self, offer: Offer) -> None: ...


Lasting = Mapping[str, Coroutine[Any, Any, None]]
"""What runs for as long as the service does, by name."""


def together(*parts: Lasting) -> Lasting:
    """Join what runs. A name that two have raises ValueError: the one would never begin, without a word."""
    joined: dict[str, Coroutine[Any, Any, None]] = {}
    for part in parts:
        if twice := joined.keys() & part.keys():
            raise ValueError(f"Two things that run are called {', '.join(sorted(twice))}.")
        joined |= part
    return joined


class Among(Protocol):
    """A process as its parts see it."""

    @property
    def alone(self) -> bool: ...

    @property
    def roles(self) -> frozenset[Role]: ...

    def nodes(self) -> Collection[str]:
        """Name the other Asterisk nodes that serve their callers now."""
        ...

    def nodes_served(self) -> Mapping[str, bool]:
        """Give the other nodes that were ever heard of, each with whether it serves its callers now."""
        ...

    def phones_elsewhere(self) -> Collection[str]:
        """Give the desks, by extension, whose telephone is in a call on another node."""
        ...

    def screens(self, shown_within: float) -> Screens: ...

    def bus(self, *listeners: BusListener) -> Bus: ...

    def phones(self) -> OpenPhones: ...

    def exchange(self, here: Exchange, give_back: Callable[[Offer], Awaitable[None]]) -> Exchange:
        """Give the exchange: `here` where its role is, else the one that another process has.

        `give_back` lets a caller wait on whom that one cannot connect.
        """
        ...

    def works(self, name: str, role: Role, here: Callable[[], bool]) -> Callable[[], bool]:
        """Give what tells whether background work goes on as it should, where its role is."""
        ...

    def tells(self, kind: str) -> Callable[[int], None]:
        """Give what tells the other processes a number."""
        ...

    def hears(self, kind: str, told: Callable[[int], None]) -> None:
        """Have numbers told that other processes tell."""
        ...

    def follows(self, kind: str, job: Callable[[int], Awaitable[None]]) -> None:
        """Have the job done for each number that other processes tell, one after the other."""
        ...

    def held(self) -> Mapping[Role, int]:
        """Give how many processes have each role now."""
        ...

    def lasting(self) -> Lasting: ...


class Alone:
    """`Among` of the one process of a hotline."""

    alone, roles = True, ALL

    def nodes(self) -> Collection[str]:
        return ()

    def nodes_served(self) -> Mapping[str, bool]:
        return {}

    def phones_elsewhere(self) -> Collection[str]:
        return ()

    def screens(self, shown_within: float) -> Screens:
        return Screens(shown_within)

    def bus(self, *listeners: BusListener) -> Bus:
        return Bus(*listeners)

    def phones(self) -> OpenPhones:
        return OpenPhones()

    def exchange(self, here: Exchange, give_back: Callable[[Offer], Awaitable[None]]) -> Exchange:
        del give_back
        return here

    def works(self, name: str, role: Role, here: Callable[[], bool]) -> Callable[[], bool]:
        del name, role
        return here

    def tells(self, kind: str) -> Callable[[int], None]:
        del kind
        return lambda _number: None

    def hears(self, kind: str, told: Callable[[int], None]) -> None:
        pass

    def follows(self, kind: str, job: Callable[[int], Awaitable[None]]) -> None:
        pass

    def held(self) -> Mapping[Role, int]:
        return dict.fromkeys(Role, 1)

    def lasting(self) -> Lasting:
        return {}


ALONE = Alone()
