"""Commands that change something stand in the audit log, with the user of this machine."""

import argparse
import asyncio
import os
import pwd
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from cti_server.audit import Action
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
    found = [
        (one.action, one.subject, one.address, one.detail) for one in log(url) if one.action == Action.COMMAND
    ]
    assert found == [
        ("command", "command:user", "command-line", f"{who}: hotline user add olha 'Ольга' head"),
        ("command", "command:token", "command-line", f"{who}: hotline token add 'Табло' observer --by olha"),
        ("command", "command:user", "command-line", f"{who}: hotline user totp-reset olha"),
    ]


RIGHTS = (
    (["dispatcher", "add", "205", "Оля"], "add dispatcher:1 205"),
    (["dispatcher", "password", "205"], "password dispatcher:1 205"),
    (["dispatcher", "renumber", "205", "206"], "change dispatcher:1 205 → 206"),
    (["user", "add", "olha", "Ольга", "head", "--desk", "206"], "add user:1 head"),
    (["user", "password", "olha"], "password user:1"),
    (["user", "totp-reset", "olha"], "totp user:1 off"),
    (
        ["token", "add", "Табло", "observer", "--by", "olha", "--personal", "--scope", "outages:read"],
        "add token:1 Табло: observer personal outages:read",
    ),
    (
        ["token", "scopes", "1", "outages:read", "appeals:read"],
        "change token:1 Табло: appeals:read outages:read",
    ),
    (["token", "renew", "1"], "change token:1 Табло: new secret"),
    (["token", "revoke", "1"], "revoke token:1 Табло"),
    (["user", "close", "olha"], "deactivate user:1"),
)
"""Each command that changes somebody's rights, and the line of the audit log of whose rights they are."""


def test_whose_rights_a_command_changed_is_found_by_their_account_token_or_desk(url: str) -> None:
    for typed, _ in RIGHTS:
        assert main(typed) == 0
    who = pwd.getpwuid(os.getuid()).pw_name
    lines = [one for one in log(url) if one.action != Action.COMMAND]
    said = [f"{one.action} {one.subject} {one.detail.removeprefix(who).removeprefix(': ')}" for one in lines]
    assert [one.strip() for one in said] == [line for _, line in RIGHTS]
    assert all(one.detail.startswith(who) for one in lines)
    assert {(one.address, one.user_id) for one in lines} == {("command-line", None)}


def test_a_file_of_which_some_lines_were_refused_is_written_down_with_what_it_came_to(
    url: str, tmp_path: Path
) -> None:
    file = tmp_path / "addresses.csv"
    file.write_text("Вулиця;Будинок\nвулиця Атомників;7\n;8\n", "utf-8")
    assert main(["import", "addresses", str(file), "--yes"]) == 1
    (line,) = log(url)
    assert (line.action, line.subject) == ("command", "command:import")
    assert line.detail.endswith("--yes → 1")


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
