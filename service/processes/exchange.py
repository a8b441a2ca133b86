"""The telephone exchange asked by letters from another process, and the answers of the one that has it."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from inspect import iscoroutinefunction
from typing import Any, get_type_hints

import msgspec
from attrs import define, field

from hotline.calls.web_calls import WebOrigin
from hotline.dialling.calling_out import CallOut, DeskTalk
from hotline.dialling.nodes import node_of
from hotline.errors import HotlineError, TelephonyError
from hotline.isolation import read_isolated
from hotline.line.line import Offer
from hotline.supervision.listening import Listener, Mode
from service.processes.among import Exchange
from service.processes.neighbours import Neighbours
from service.processes.post import Post
from service.processes.wire import Answer, Question, error_of, refusal, written
from storage.processes.letters import Letter
from telephony.ari.errors import AriUnavailable
from telephony.node.invariant_watch import Defects

QUESTION, ANSWER = "question", "answer"
ANSWERED_WITHIN = 10.0
"""Seconds in which an exchange that is there has done what it was asked for."""
TOO_OLD_SECONDS = 5.0
"""An older question is not carried out: who asked has been told that the exchange is away, or soon is."""
MOST_REMEMBERED = 1000


def _asked() -> Mapping[str, Mapping[str, Any]]:
    """Give the types of what may be asked by letter, method by method."""
    methods = {name: one for name, one in vars(Exchange).items() if iscoroutinefunction(one)}
    return {name: get_type_hints(one) for name, one in methods.items()}


ASKED = _asked()


@define(eq=False, repr=False)
class ExchangeElsewhere:
    """Implements `Exchange` by letters to the process that has it."""

    _post: Post
    _neighbours: Neighbours
    _give_back: Callable[[Offer], Awaitable[None]]
    """Lets a caller wait on who was taken on a page and cannot be connected."""
    _open: dict[str, asyncio.Future[Answer]] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self._post.on(ANSWER, self._answered)

    @property
    def up(self) -> bool:
        return any(one.up for one in self._neighbours.exchanges().values())

    @property
    def defects(self) -> Defects:
        defects = Defects()
        for one in self._neighbours.exchanges().values():
            defects.found.update(one.defects)  # type: ignore[arg-type]
        return defects

    def listeners(self) -> Sequence[Listener]:
        return tuple(heard for one in self._neighbours.exchanges().values() for heard in one.listeners)

    def phones(self) -> Collection[str]:
        return self._neighbours.phones()

    async def alive(self) -> set[str] | None:
        """Of several nodes all have to tell: a call that none has told of would be taken for over."""
        found: set[str] = set()
        for node in self._nodes():
            with suppress(AriUnavailable):
                told: set[str] | None = await self._ask_one(node, "alive")
                if told is not None:
                    found |= told
                    continue
            return None
        return found if self._nodes() else None

    async def open_browser_phone(self, extension: str) -> str:
        """Ask all that serve: each ends what an earlier page has left there."""
        given: list[str] = await self._ask_serving("open_browser_phone", extension)
        return given[0]

    async def browser_left(self, extension: str) -> None:
        with suppress(AriUnavailable):
            await self._ask_serving("browser_left", extension)

    async def open_guest(self, name: str, password: str, origin: WebOrigin) -> None:
        """Ask all that serve: the edge gives the call to any of them, past one that knows of no guest."""
        opening = (self._ask_one(node, "open_guest", name, password, origin) for node in self._serving())
        opened = await asyncio.gather(*opening, return_exceptions=True)
        failed = [one for one in opened if isinstance(one, BaseException)]
        refused = [one for one in failed if not isinstance(one, AriUnavailable)]
        if refused or len(failed) == len(opened):
            raise (refused or failed)[0]

    async def close_guest(self, name: str) -> None:
        """Ask all, also one that has lost its Asterisk: it would make the name anew with it."""
        closing = (self._ask_one(node, "close_guest", name) for node in self._nodes())
        await asyncio.gather(*closing, return_exceptions=True)

    async def can_ring(self, extension: str) -> bool:
        with suppress(AriUnavailable):
            can: bool = await self._ask("can_ring", extension)
            return can
        return True

    async def trunk_online(self) -> bool | None:
        with suppress(AriUnavailable):
            online: bool | None = await self._ask("trunk_online")
            return online
        return None

    async def call_out(self, wanted: CallOut) -> DeskTalk:
        talk: DeskTalk = await self._ask("call_out", wanted)
        return talk

    async def desk_talk(self, dispatcher_id: int) -> DeskTalk | None:
        talk: DeskTalk | None = await self._ask_holder("desk_talk", dispatcher_id)
        return talk

    async def talks_with(self, dispatcher_id: int) -> str | None:
        number: str | None = await self._ask_holder("talks_with", dispatcher_id)
        return number

    async def consult(self, dispatcher_id: int, number: str) -> None:
        await self._ask_holder("consult", dispatcher_id, number)

    async def pass_to(self, dispatcher_id: int, number: str) -> None:
        await self._ask_holder("pass_to", dispatcher_id, number)

    async def join(self, dispatcher_id: int) -> None:
        await self._ask_holder("join", dispatcher_id)

    async def drop_third(self, dispatcher_id: int) -> None:
        await self._ask_holder("drop_third", dispatcher_id)

    async def drop_citizen(self, dispatcher_id: int) -> None:
        await self._ask_holder("drop_citizen", dispatcher_id)

    async def leave(self, dispatcher_id: int) -> None:
        await self._ask_holder("leave", dispatcher_id)

    async def pause_recording(self, dispatcher_id: int) -> None:
        await self._ask_holder("pause_recording", dispatcher_id)

    async def resume_recording(self, dispatcher_id: int) -> None:
        await self._ask_holder("resume_recording", dispatcher_id)

    async def listen_in(self, supervisor_id: int, call_id: str, mode: Mode) -> None:
        await self._ask_one(node_of(call_id), "listen_in", supervisor_id, call_id, mode)

    async def set_mode(self, supervisor_id: int, mode: Mode) -> None:
        await self._ask_holder("set_mode", supervisor_id, mode)

    async def take_over(self, supervisor_id: int) -> None:
        await self._ask_holder("take_over", supervisor_id)

    async def stop_listening(self, supervisor_id: int) -> None:
        """Ask all that serve: one on which they listen to nobody refuses nothing."""
        await self._ask_serving("stop_listening", supervisor_id)

    async def ring(self, offer: Offer) -> None:
        try:
            await self._ask_one(offer.node or node_of(offer.call_id), "ring", offer)
        except AriUnavailable:
            await self._give_back(offer)

    def _nodes(self) -> Sequence[str]:
        """Name the nodes whose exchange a process has, those that serve callers first."""
        there = self._neighbours.exchanges()
        return sorted(there, key=lambda node: (not there[node].up, node))

    async def _ask(self, method: str, *given: object) -> Any:
        """Ask any."""
        return await self._ask_one(next(iter(self._nodes()), ""), method, *given)

    async def _ask_serving(self, method: str, *given: object) -> list[Any]:
        """Ask all that serve callers."""
        return await asyncio.gather(*(self._ask_one(one, method, *given) for one in self._serving()))

    def _serving(self) -> Sequence[str]:
        there = self._neighbours.exchanges()
        return [one for one in self._nodes() if there[one].up] or self._nodes() or [""]

    async def _ask_holder(self, method: str, *given: object) -> Any:
        """Ask all for what one of them can do, which has the talk: the others refuse, or know of nothing."""
        refused: HotlineError | None = None
        for node in self._nodes() or [""]:
            try:
                found = await self._ask_one(node, method, *given)
            except HotlineError as error:
                refused = refused or error
                continue
            if found is not None or ASKED[method]["return"] is type(None):
                return found
        if refused is not None:
            raise refused
        return None

    async def _ask_one(self, node: str, method: str, *given: object) -> Any:
        """Ask, and give what came of it; raises the error that the exchange raised, or AriUnavailable."""
        if node not in self._neighbours.exchanges():
            raise AriUnavailable("No process has the telephone exchange; it can be asked when one has.")
        asked = secrets.token_hex(8)
        body = written(Question(asked=asked, method=method, given=list(given), to=node))
        answer = self._open[asked] = asyncio.get_running_loop().create_future()
        self._post.send(QUESTION, body)
        try:
            async with asyncio.timeout(ANSWERED_WITHIN):
                said = await answer
        except TimeoutError:
            raise AriUnavailable("The telephone exchange does not answer.") from None
        finally:
            del self._open[asked]
            self._post.take_back(body)
        if said.error:
            raise error_of(said)
        return msgspec.convert(said.result, ASKED[method]["return"])

    def _answered(self, letter: Letter) -> None:
        said = msgspec.json.decode(letter.body, type=Answer)
        waits = self._open.get(said.asked)
        if waits is not None and not waits.done():
            waits.set_result(said)


@define(eq=False, repr=False)
class Answering:
    """Carries out what other processes ask of the exchange here, each question once."""

    _post: Post
    _exchange: Exchange
    _node: str = ""
    _questions: asyncio.Queue[Question] = field(factory=lambda: asyncio.Queue(MOST_REMEMBERED), init=False)
    _done: dict[str, None] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self._post.on(QUESTION, self._take)

    async def keep(self) -> None:
        """Answer for ever; no question waits for another."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                question = await self._questions.get()
                tasks.create_task(self._answer(question), name=f"asked {question.method}")

    def _take(self, letter: Letter) -> None:
        question = msgspec.json.decode(letter.body, type=Question)
        if question.to != self._node:
            return
        if letter.age > TOO_OLD_SECONDS or question.asked in self._done or self._questions.full():
            return
        self._done[question.asked] = None
        if len(self._done) > MOST_REMEMBERED:
            del self._done[next(iter(self._done))]
        self._questions.put_nowait(question)

    async def _answer(self, question: Question) -> None:
        failed = Answer(asked=question.asked, error=TelephonyError.__name__, text="The exchange failed.")
        failure = f"the exchange failed at what another process asked method={question.method}"
        answer = await read_isolated(self._carried_out(question), failure, otherwise=failed)
        self._post.send(ANSWER, written(answer))

    async def _carried_out(self, question: Question) -> Answer:
        try:
            hints = ASKED[question.method]
            types = [kind for name, kind in hints.items() if name != "return"]
            given = [msgspec.convert(one, kind) for one, kind in zip(question.given, types, strict=True)]
            result = await getattr(self._exchange, question.method)(*given)
        except HotlineError as error:
            return refusal(question.asked, error)
        return Answer(asked=question.asked, result=result)
