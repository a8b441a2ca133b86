"""Commands that change something stand in the audit log, with the user of this machine."""

import argparse
import asyncio
import os
import pwd
from collections.abc import Iterator, Sequence

import pytest

from hotline.access.permissions import Role
from hotline.access.users import AuditEntry
from service import command_line
from service.command_line import main
from service.commands.written_down import machine_user, written_down
from storage.store import open_storage

READS = {
    *("up", "serve", "keep", "migrate", "reindex", "settings", "seed", "prompts", "doctor"),
    *(
        "citizen",
        "talk",
        "bench",
        "calls list",
        "calls show",
        "calls messages",
        "dispatcher list",
        "user list",
    ),
    *("token list", "outbox list", "keeping preview", "keeping log", "recordings verify", "closings verify"),
    *("city-data list", "city-data show", "city-data check", "speech models", "speech check"),
    *(
        "edge run",
        "edge show",
        "edge drain",
        "edge return",
        "edge renew",
    ),  # where Kamailio runs there may be no database
    # no hotline stands beside a machine of the database
    *("database backup", "database prove", "database secret", "database url", "database write", "prove"),
}
"""Commands that change nothing of the city's, or start what writes for itself."""


def log(url: str) -> Sequence[AuditEntry]:
    async def read() -> Sequence[AuditEntry]:
        async with open_storage(url) as storage:
            return list(reversed(await storage.audit.latest()))

    return asyncio.run(read())


def leaves(parser: argparse.ArgumentParser, name: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    groups = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    if not groups:
        yield name, parser
    for group in groups:
        for below, one in group.choices.items():
            yield from leaves(one, f"{name} {below}".strip())


def test_every_command_that_changes_something_is_written_down() -> None:
    silent = {
        name
        for name, parser in leaves(command_line.parser_for(()))
        if not parser.get_default("run").__qualname__.startswith(written_down.__name__)
    }
    assert silent == READS


def test_accounts_and_tokens_are_written_down_with_the_user_of_the_machine(url: str) -> None:
    assert main(["user", "add", "olha", "Ольга", "head"]) == 0
    assert main(["token", "add", "Табло", "observer", "--by", "olha"]) == 0
    assert main(["user", "totp-reset", "olha"]) == 0
    assert main(["user", "close", "nobody"]) == 1, "nothing was changed"
    who = pwd.getpwuid(os.getuid()).pw_name
    found = [(one.action, one.subject, one.address, one.detail) for one in log(url)]
    assert found == [
        ("command", "command:user", "command-line", f"{who}: hotline user add olha 'Ольга' head"),
        ("command", "command:token", "command-line", f"{who}: hotline token add 'Табло' observer --by olha"),
        ("command", "command:user", "command-line", f"{who}: hotline user totp-reset olha"),
    ]


def test_who_became_root_is_named() -> None:
    assert machine_user({"SUDO_USER": "olena"}).endswith(" (sudo: olena)")


def test_a_lost_telephone_is_forgotten_and_a_given_password_is_to_be_changed(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async def lost() -> None:
        async with open_storage(url) as storage:
            await storage.users.add(login="olha", name="Ольга", role=Role.HEAD, password_hash="h")

    asyncio.run(lost())
    assert main(["user", "totp-reset", "olha"]) == 0
    assert "sets the code up anew" in capsys.readouterr().out
    assert main(["user", "password", "olha"]) == 0

    async def read() -> tuple[str | None, bool]:
        async with open_storage(url) as storage:
            user = await storage.users.by_login("olha")
            assert user
            return user.totp_secret, user.password_given

    assert asyncio.run(read()) == (None, True)
