"""The audit log of the command line: what changed something, and which user of this machine did it."""

import argparse
import os
import pwd
import shlex
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING

from hotline.access.users import AuditEntry
from hotline.clock import SystemClock
from service.settings.settings import Settings

if TYPE_CHECKING:
    from cti_server.audit import Action
    from storage.store import Storage

Command = Callable[[Settings, argparse.Namespace], Coroutine[None, None, int | None]]
ADDRESS = "command-line"


def written_down(command: Command) -> Command:
    """Have the command write itself into the audit log when it is over; no argument is a secret.

    One that ends with another code than 0 may have done a part, such as the lines that were good: it stands
    there with its code. One that raises a foreseen error has changed nothing, or noted what by `note_change`.
    """

    async def run(settings: Settings, given: argparse.Namespace) -> int | None:
        result = await command(settings, given)
        await _note_command(settings, given.typed, result)
        return result

    return run


async def _note_command(settings: Settings, typed: list[str], result: int | None) -> None:
    # A process that stands by or only asks carries neither pages nor all that is stored.
    from cti_server.audit import Action  # noqa: PLC0415
    from storage.store import open_storage  # noqa: PLC0415

    said = f"hotline {shlex.join(typed)}{f' → {result}' if result else ''}"
    async with open_storage(settings.database_url) as storage:
        await note_change(storage, Action.COMMAND, f"command:{typed[0]}", said)


async def note_change(storage: "Storage", action: "Action", subject: str, detail: str = "") -> None:
    """Write the change of an account, a token or a desk down under its own name, as the page would.

    So the audit log of that account says by itself what became of it.
    """
    who = machine_user(os.environ)
    await storage.audit.append(
        AuditEntry(
            at=SystemClock().now(),
            user_id=None,
            action=action,
            subject=subject,
            address=ADDRESS,
            detail=f"{who}: {detail}" if detail else who,
        )
    )


def machine_user(environ: Mapping[str, str]) -> str:
    """Name the user of this machine, and who they were before sudo."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container's user need have no name
        name = str(os.getuid())
    before = environ.get("SUDO_USER", "")
    return f"{name} (sudo: {before})" if before else name
