"""The whole hotline for one test: a real Asterisk, our service as its own process, phones for people."""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import Process, create_subprocess_exec
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from sqlalchemy import make_url

from hotline.calls.call import MEANWHILE, CallRecord, JourneyStep, Step
from hotline.clock import SystemClock
from hotline.line.invariants import Truth
from hotline.line.line import Dispatcher
from hotline.line.presence_states import Presence
from service.settings.settings import Settings
from storage.migrations import migrate
from storage.store import Storage, open_storage
from telephony.phone.call import PATIENCE_SECONDS
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.phone import Phone, RegistrationRefused
from telephony.phone.sound import SILENCE, Sound
from tests.fakes.databases import empty_database
from tests.system.forked import FORGE, Forked
from tests.system.invariants import hold
from tests.system.node import LOOK_SECONDS, Node, rest, running_node
from tests.system.spoken import PRIVATE_ROOT, PROMPTS, spoken_prompts

__all__ = ["PRIVATE_ROOT", "PROMPTS", "Hotline", "running_hotline"]


@dataclass(kw_only=True)
class Hotline:
    """A running hotline. `storage` is the test's own connection to its database."""

    node: Node
    storage: Storage
    phones: AsyncExitStack
    service: Forked | Process | None = None
    log: Path = field(init=False)
    broken_on_purpose: set[Truth] = field(default_factory=set)
    """What this test breaks by its own hand; whatever else the service finds broken is a defect."""

    def __post_init__(self) -> None:
        self.log = self.settings.folders.var / "service.log"

    @property
    def settings(self) -> Settings:
        return self.node.settings

    @property
    def is_up(self) -> bool:
        """Whether both Asterisk and the service run."""
        both = (self.node.process, self.service)
        return all(one is not None and one.returncode is None for one in both)

    async def start_service(self, *, ready: bool = True) -> None:
        await self.serve("service", "serve")
        if ready:
            await self.ready()

    async def serve(self, module: str, *words: str) -> None:
        """Start what stands for the service; one that is forked would be loaded with nothing else."""
        environ = self.node.environ
        if "LD_PRELOAD" in environ:
            with self.log.open("ab") as log:
                self.service = await create_subprocess_exec(
                    sys.executable, "-m", module, *words, env=environ, stdout=log, stderr=log
                )
        else:
            self.service = await FORGE.run(module, *words, environ=environ, printed=self.log, logged=self.log)

    async def kill_service(self) -> None:
        """End it as kill -9 does: nothing is said, nothing is written."""
        assert self.service
        self.service.kill()
        await self.service.wait()

    async def stop_service(self) -> None:
        if self.service is not None and self.service.returncode is None:
            self.service.send_signal(signal.SIGTERM)
            await asyncio.wait_for(self.service.wait(), PATIENCE_SECONDS)

    async def ready(self, *, looks: int = 1) -> None:
        """Wait until calls are served; TimeoutError otherwise, and the service's log when it ended.

        `looks`: so many times in a row.
        """
        seen = 0
        url = f"http://{self.settings.http_host}:{self.settings.http_port}/health/ready"
        async with asyncio.timeout(PATIENCE_SECONDS), aiohttp.ClientSession() as session:
            while True:
                assert self.service is None or self.service.returncode is None, self.log.read_text("utf-8")
                try:
                    async with session.get(url) as answer:
                        seen = seen + 1 if answer.status == 200 else 0
                except aiohttp.ClientError:
                    seen = 0
                if seen >= looks:
                    return
                await asyncio.sleep(LOOK_SECONDS)

    async def citizen(self, number: str = "+380457900001", sound: Sound = SILENCE) -> OutgoingCall:
        """A citizen calls the hotline; the call may not be answered yet."""
        phone = await self.phones.enter_async_context(Phone(user=number))
        return await phone.call(self.settings.number, to=("127.0.0.1", self.settings.sip_port), sound=sound)

    async def desk(self, extension: str, name: str = "", *skills: str) -> Phone:
        """A dispatcher's phone, registered; its dispatcher is on duty."""
        phone = await self.registered(extension, name, *skills)
        await self.presence(extension, Presence.READY)
        return phone

    async def registered(self, extension: str, name: str = "", *skills: str) -> Phone:
        """A dispatcher's phone, registered."""
        one = await self.storage.dispatchers.by_extension(extension)
        if one is None:
            secret = f"secret-{extension}"
            one = await self.storage.dispatchers.add(extension, name or extension, secret, frozenset(skills))
        await self.endpoint_exists(extension)
        phone = await self.phones.enter_async_context(
            Phone(
                user=f"desk-{extension}",
                secret=one.secret,
                registrar=("127.0.0.1", self.settings.sip_port),
            )
        )
        await self.until(lambda: self._takes(phone))
        return phone

    async def _takes(self, phone: Phone) -> bool:
        """Whether the phone could register: an extension's new secret, too, is known within a second."""
        try:
            await phone.register()
        except RegistrationRefused:
            return False
        return True

    async def endpoint_exists(self, extension: str) -> None:
        """The service notices a new dispatcher within a second."""

        async def exists() -> bool:
            try:
                await self.node.ask("GET", f"endpoints/PJSIP/desk-{extension}")
            except aiohttp.ClientResponseError:
                return False
            return True

        await self.until(exists)

    async def presence(self, extension: str, presence: Presence, reason: str = "") -> None:
        one = await self.dispatcher(extension)
        await self.storage.dispatchers.set_presence(one.id, presence, SystemClock().now(), reason)

    async def dispatcher(self, extension: str) -> Dispatcher:
        found = await self.storage.dispatchers.by_extension(extension)
        assert found is not None
        return found

    async def until(self, holds: Callable[[], object], *, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until an (async) predicate on the database or on Asterisk holds; TimeoutError otherwise."""
        async with asyncio.timeout(seconds):
            while True:
                began = time.monotonic()
                result = holds()
                if asyncio.iscoroutine(result):
                    result = await result
                if result:
                    return
                await asyncio.sleep(rest(time.monotonic() - began))

    def found_broken(self) -> set[Truth]:
        """What the service's own watch has found broken, and healed where it could."""
        text = self.log.read_text("utf-8", errors="replace") if self.log.exists() else ""
        return {truth for truth in Truth if f"defect {truth} " in text}

    def forget(self) -> None:
        """From here on the service's log, CEL and Asterisk's log tell of what comes."""
        self.node.forget()
        self.broken_on_purpose.clear()
        os.truncate(self.log, 0)  # the service appends

    async def calls(self) -> Sequence[CallRecord]:
        """All calls on record, the oldest first."""
        return list(reversed(await self.storage.calls.recent(10_000)))

    async def only_call(self) -> CallRecord:
        calls = await self.calls()
        assert len(calls) == 1, calls
        return calls[0]

    async def ended_call(self) -> CallRecord:
        """The only call, once its end is on record."""

        async def ended() -> bool:
            calls = await self.calls()
            return len(calls) == 1 and calls[0].ended_at is not None

        await self.until(ended)
        return await self.only_call()

    async def journey(self, call_id: str) -> list[JourneyStep]:
        """The steps in the order in which they happened."""
        return sorted(await self.storage.calls.journey(call_id), key=lambda step: (step.at, step.number))

    async def steps(self, call_id: str) -> list[Step]:
        return [step.step for step in await self.journey(call_id)]

    async def phrases(self, call_id: str) -> list[str]:
        """The names of all that was said in this call, in its order.

        But what is said only where something takes long, as on a busy machine.
        """
        heard = [step for step in await self.journey(call_id) if step.step is Step.HEARD]
        said = [step for step in heard if MEANWHILE not in step.detail]
        names = " ".join(str(step.detail["phrases"]) for step in said).split()
        return [name for name in names if name != "one-moment"]

    async def reached(self, step: Step, *, times: int = 1) -> None:
        """Wait until calls have reached a step so many times in all."""

        async def there() -> bool:
            count = 0
            for call in await self.calls():
                count += (await self.steps(call.id)).count(step)
            return count >= times

        await self.until(there)


@asynccontextmanager
async def running_hotline(folder: Path, *, service: bool = True, **environ: str) -> AsyncIterator[Hotline]:
    """A hotline for one test alone; when the test is over, all truths of the line must hold."""
    async with started_hotline(folder, service=service, **environ) as hotline:
        yield hotline
        await hold(hotline)


@asynccontextmanager
async def started_hotline(folder: Path, *, service: bool = True, **environ: str) -> AsyncIterator[Hotline]:
    """Everything up, with spoken prompts; short times, so that a test does not wait for nothing.

    They are long enough for a browser that comes late to its turn on a busy machine: it is neither taken for
    one that does not answer nor for one that has died.
    """
    quick = {
        "HOTLINE_AFTER_CALL_SECONDS": "0",
        "HOTLINE_RING_SECONDS": "15",
        "HOTLINE_DESK_SILENCE_SECONDS": "10",
        "HOTLINE_LEASE_SECONDS": "60",
        "HOTLINE_SURVEY_HOURS": "none",  # else whether anybody is called depends on the hour of the test
    }
    await spoken_prompts(folder / "var" / "prompts")
    async with (
        running_node(folder, **quick | environ) as node,
        AsyncExitStack() as phones,
        _stored(node.settings) as storage,
    ):
        hotline = Hotline(node=node, storage=storage, phones=phones)
        try:
            if service:
                await hotline.start_service()
            yield hotline
        finally:
            await hotline.stop_service()


@asynccontextmanager
async def _stored(settings: Settings) -> AsyncIterator[Storage]:
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite":
        await migrate(settings.database_url)
    elif not Path(str(url.database)).exists():
        await asyncio.to_thread(empty_database, Path(str(url.database)).parent)
    async with open_storage(settings.database_url, city=settings.city) as storage:
        yield storage
