"""The audit log of the command line: what changed something, and which user of this machine did it."""

import argparse
import os
import pwd
import shlex
from collections.abc import Callable, Coroutine, Mapping

from hotline.access.users import AuditEntry
from hotline.clock import SystemClock
from service.settings.settings import Settings

Command = Callable[[Settings, argparse.Namespace], Coroutine[None, None, int | None]]
ADDRESS = "command-line"


def written_down(command: Command) -> Command:
    """Have the command write itself into the audit log when it has been done; no argument is a secret."""

    async def run(settings: Settings, given: argparse.Namespace) -> int | None:
        result = await command(settings, given)
        if not result:
            await _note(settings, given.typed)
        return result

    return run


async def _note(settings: Settings, typed: list[str]) -> None:
    # Whoever stands by or only asks carries neither pages nor all that is stored.
    from cti_server.audit import Action  # noqa: PLC0415
    from storage.store import open_storage  # noqa: PLC0415

    async with open_storage(settings.database_url) as storage:
        await storage.audit.append(
            AuditEntry(
                at=SystemClock().now(),
                user_id=None,
                action=Action.COMMAND,
                subject=f"command:{typed[0]}",
                address=ADDRESS,
                detail=f"{machine_user(os.environ)}: hotline {shlex.join(typed)}",
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
