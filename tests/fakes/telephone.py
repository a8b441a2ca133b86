"""A telephone exchange that does at once what a dispatcher's page asks of it, or is away."""

from hotline.dialling.calling_out import BeingCalled, CallOut, DeskTalk, Phase
from hotline.errors import ForbiddenTransition, TelephonyError
from tests.fakes.clock import NOON


class FakeTelephone:
    """Implements `Telephone` and `PausableRecordings`; remembers what it was asked for."""

    def __init__(self, *, away: bool = False) -> None:
        self.away = away
        self.engaged = False
        self.being_called = False
        """The hotline itself calls whomever a dispatcher wants to call."""
        self.called: list[CallOut] = []
        self.asked: list[tuple[str, int, str]] = []
        self.talk: DeskTalk | None = None
        self.citizen: str | None = None

    async def call_out(self, wanted: CallOut) -> DeskTalk:
        self._ask("call-out", wanted.dispatcher_id)
        if self.being_called:
            raise BeingCalled(wanted.number)
        self.called.append(wanted)
        self.talk = DeskTalk(call_id="out-1", number=wanted.number, phase=Phase.DESK, at=NOON)
        return self.talk

    def desk_talk(self, dispatcher_id: int) -> DeskTalk | None:
        if self.away:
            raise TelephonyError(str(dispatcher_id))
        return self.talk

    def talks_with(self, dispatcher_id: int) -> str | None:
        return self.citizen if dispatcher_id else None

    async def pause_recording(self, dispatcher_id: int) -> None:
        self._ask("pause", dispatcher_id)

    async def resume_recording(self, dispatcher_id: int) -> None:
        self._ask("resume", dispatcher_id)

    async def consult(self, dispatcher_id: int, number: str) -> None:
        self._ask("consult", dispatcher_id, number)

    async def join(self, dispatcher_id: int) -> None:
        self._ask("join", dispatcher_id)

    async def drop_third(self, dispatcher_id: int) -> None:
        self._ask("drop-third", dispatcher_id)

    async def drop_citizen(self, dispatcher_id: int) -> None:
        self._ask("drop-citizen", dispatcher_id)

    async def leave(self, dispatcher_id: int) -> None:
        self._ask("leave", dispatcher_id)

    def _ask(self, act: str, dispatcher_id: int, number: str = "") -> None:
        if self.away:
            raise TelephonyError(act)
        if self.engaged:
            raise ForbiddenTransition(act)
        self.asked.append((act, dispatcher_id, number))
