"""Other processes on the same database, which act, die in the middle of it, or act all at once."""

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any, TypeAlias

from sqlalchemy import event

from hotline.appeals.acts.act import Act, ActFault
from hotline.appeals.acts.actors import NotYours
from hotline.appeals.handling import Overtaken
from hotline.appeals.registering import NewAppeal
from hotline.contact.channel import Channel
from hotline.errors import ForbiddenTransition
from storage.core.database import Database
from storage.store import Storage, open_storage
from tests.effort import BY_NIGHT
from tests.fakes.forking import FORKING, ended

PATIENCE_SECONDS = 60
Deed: TypeAlias = Callable[[Storage], Coroutine[Any, Any, object]]
KILLED = -signal.SIGKILL


class CarryOut:
    """An act on an appeal, as whoever saw this version does it."""

    def __init__(self, number: str, act: Act, version: int | None) -> None:
        self.number, self.act, self.version = number, act, version

    async def __call__(self, storage: Storage) -> object:
        return await storage.handling.carry_out(self.number, self.act, version=self.version)


class Enter:
    """An appeal to be registered."""

    def __init__(self, appeal: NewAppeal) -> None:
        self.appeal = appeal

    async def __call__(self, storage: Storage) -> object:
        return await storage.registry.enter(self.appeal)


class Claim:
    """A worker that takes what is owed by these channels."""

    def __init__(self, channels: Sequence[Channel], at: datetime) -> None:
        self.channels, self.at = channels, at

    async def __call__(self, storage: Storage) -> object:
        return await storage.outbox.claim(self.channels, self.at)


def killed_at(url: str, deed: Deed, step: int) -> bool:
    """Do it in a process that SIGKILL ends before that statement or commit; False when it came through."""
    return _killed(url, deed, step, each=True)


def killed_somewhere(url: str, deed: Deed, step: int) -> bool:
    """The same; by day only the first statement and the commit of each transaction count as steps.

    What is killed between those is to the database a transaction that was never committed, as it is there.
    """
    return _killed(url, deed, step, each=BY_NIGHT)


def _killed(url: str, deed: Deed, step: int, *, each: bool) -> bool:
    code = ended(_die, url, deed, step, each)
    assert code in (0, KILLED), code
    return code == KILLED


def at_once(url: str, deeds: list[Deed]) -> list[object]:
    """Do them in a process each, all at the same moment: what each gave, or why it could not."""
    barrier, pipes, processes = FORKING.Barrier(len(deeds)), [], []
    for deed in deeds:
        ours, theirs = FORKING.Pipe(duplex=False)
        process = FORKING.Process(target=_together, args=(url, deed, barrier, theirs))
        process.start()
        theirs.close()
        pipes.append(ours)
        processes.append(process)
    found = []
    for pipe, process in zip(pipes, processes, strict=True):
        assert pipe.poll(PATIENCE_SECONDS), "somebody gave no answer"
        found.append(pipe.recv())
        process.join(PATIENCE_SECONDS)
    return found


def dies_at(step: int, database: Database, *, each: bool = True) -> Callable[..., None]:
    """Have this process killed at its statement or commit of that number; a call of the result counts one.

    With `each` false, of each transaction only the first statement and the commit count.
    """
    left, begun = step, False

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def execute(*_: object) -> None:
        nonlocal begun
        if each or not begun:
            count()
        begun = True

    def commit(*_: object) -> None:
        nonlocal begun
        count()
        begun = False

    event.listen(database._writer.sync_engine, "before_cursor_execute", execute)
    event.listen(database._writer.sync_engine, "commit", commit)
    return count


def _die(url: str, deed: Deed, step: int, each: bool) -> None:  # noqa: FBT001 - handed to a process
    async def run() -> None:
        async with open_storage(url) as storage:
            count = dies_at(step, storage.database, each=each)
            await deed(storage)
            count()

    asyncio.run(run())


def _together(url: str, deed: Deed, barrier: Barrier, answer: Connection) -> None:
    async def run() -> object:
        async with open_storage(url) as storage:
            await storage.registry.find("warm")
            await asyncio.to_thread(barrier.wait, PATIENCE_SECONDS)
            try:
                return await deed(storage)
            except Overtaken as overtaken:
                return "overtaken", overtaken.appeal.version, [one.act for one in overtaken.since]
            except (ActFault, ForbiddenTransition, NotYours) as error:
                return error.code

    answer.send(asyncio.run(run()))
