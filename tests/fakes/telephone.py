"""A telephone exchange that does at once what a dispatcher's page asks of it, or is away."""

from collections.abc import Sequence

from hotline.calls.call import TRIAL_PREFIX
from hotline.dialling.calling_out import BeingCalled, CallOut, DeskTalk, Phase
from hotline.errors import ForbiddenTransition, TelephonyError
from hotline.line.line import NobodyElse
from hotline.supervision.listening import Listener, Mode
from tests.fakes.clock import NOON


class FakeTelephone:
    """Implements `Telephone`, `PausableRecordings` and `ListeningIn`; remembers what it was asked for."""

    def __init__(self, *, away: bool = False) -> None:
        self.away = away
        self.engaged = False
        self.alone = False
        """Nobody but the dispatcher answers citizens."""
        self.being_called = False
        """The hotline itself calls whomever a dispatcher wants to call."""
        self.called: list[CallOut] = []
        self.asked: list[tuple[str, int, str]] = []
        self.talk: DeskTalk | None = None
        self.citizen: str | None = None
        self.on_talks: list[Listener] = []
        self.talker = 1
        """The dispatcher whose talk is listened to."""

    async def call_out(self, wanted: CallOut) -> DeskTalk:
        self._ask("call-out", wanted.dispatcher_id)
        if self.being_called:
            raise BeingCalled(wanted.number)
        if self.alone and wanted.trial:
            raise NobodyElse
        self.called.append(wanted)
        call_id = f"{TRIAL_PREFIX}1" if wanted.trial else "out-1"
        self.talk = DeskTalk(call_id=call_id, number=wanted.number, phase=Phase.DESK, at=NOON)
        return self.talk

    async def desk_talk(self, dispatcher_id: int) -> DeskTalk | None:
        if self.away:
            raise TelephonyError(str(dispatcher_id))
        return self.talk

    async def talks_with(self, dispatcher_id: int) -> str | None:
        return self.citizen if dispatcher_id else None

    async def pause_recording(self, dispatcher_id: int) -> None:
        self._ask("pause", dispatcher_id)

    async def resume_recording(self, dispatcher_id: int) -> None:
        self._ask("resume", dispatcher_id)

    async def consult(self, dispatcher_id: int, number: str) -> None:
        self._ask("consult", dispatcher_id, number)

    async def pass_to(self, dispatcher_id: int, number: str) -> None:
        self._ask("pass", dispatcher_id, number)

    async def join(self, dispatcher_id: int) -> None:
        self._ask("join", dispatcher_id)

    async def drop_third(self, dispatcher_id: int) -> None:
        self._ask("drop-third", dispatcher_id)

    async def drop_citizen(self, dispatcher_id: int) -> None:
        self._ask("drop-citizen", dispatcher_id)

    async def leave(self, dispatcher_id: int) -> None:
        self._ask("leave", dispatcher_id)

    async def listen_in(self, supervisor_id: int, call_id: str, mode: Mode) -> None:
        self._ask("listen", supervisor_id, call_id)
        self.on_talks.append(
            Listener(supervisor_id=supervisor_id, call_id=call_id, dispatcher_id=self.talker, mode=mode)
        )

    async def set_mode(self, supervisor_id: int, mode: Mode) -> None:
        self._ask("mode", supervisor_id, mode)

    async def take_over(self, supervisor_id: int) -> None:
        self._ask("take-over", supervisor_id)

    async def stop_listening(self, supervisor_id: int) -> None:
        self._ask("stop", supervisor_id)

    def listeners(self) -> Sequence[Listener]:
        return tuple(self.on_talks)

    def _ask(self, act: str, dispatcher_id: int, number: str = "") -> None:
        if self.away:
            raise TelephonyError(act)
        if self.engaged:
            raise ForbiddenTransition(act)
        self.asked.append((act, dispatcher_id, number))
