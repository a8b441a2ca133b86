"""The `hotline` command as an administrator types it, on a real database."""

import asyncio
import os
import re
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hotline.calls.call import CallRecord, JourneyStep, Outcome, Recording, Step, VoiceMessage
from service.command_line import ADDERS, main
from service.commands import bench
from service.settings.settings import read_settings
from storage.store import Storage, open_storage
from tests.fakes.clock import NOON
from tests.fakes.databases import empty_database

CALL = "hotline-1.1"
Fill = Callable[[Storage], Coroutine[Any, Any, None]]


class Console:
    """The command, its database and what it printed."""

    def __init__(self, url: str, capture: pytest.CaptureFixture[str]) -> None:
        self._url = url
        self._capture = capture

    def fill(self, fill: Fill) -> None:
        async def run() -> None:
            async with open_storage(self._url) as storage:
                await fill(storage)
                await storage.calls.flush()

        asyncio.run(run())

    def run(self, *arguments: str) -> list[str]:
        """The lines that a command that succeeds prints, their columns one blank apart."""
        assert main(arguments) == 0
        return [re.sub(" +", " ", line) for line in self._capture.readouterr().out.splitlines()]

    def refused(self, *arguments: str) -> str:
        """The one line that a command that fails prints."""
        assert main(arguments) == 1
        printed = self._capture.readouterr()
        assert printed.out == ""
        (line,) = printed.err.splitlines()
        return line


@pytest.fixture
def console(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Console:
    monkeypatch.setenv("HOTLINE_VAR", str(tmp_path))
    monkeypatch.setenv("HOTLINE_ARI_SECRET", "a")
    monkeypatch.setenv("HOTLINE_AMI_SECRET", "b")
    monkeypatch.delenv("HOTLINE_DATABASE_URL", raising=False)
    return Console(empty_database(tmp_path), capsys)


async def _one_call(storage: Storage) -> None:
    calls = storage.calls
    dispatcher = await storage.dispatchers.add("201", "Олена", "s", frozenset())
    await calls.open(CallRecord(id=CALL, number="+380457900001", shown="0457900001", arrived_at=NOON))
    for number, (seconds, step, detail) in enumerate(
        [
            (0.0, Step.ARRIVED, {}),
            (0.02, Step.ANSWERED, {}),
            (7.5, Step.PRESSED, {"key": "0", "asked": "menu"}),
            (61.25, Step.ENDED, {}),
        ],
        1,
    ):
        at = NOON + timedelta(seconds=seconds)
        await calls.note(JourneyStep(call_id=CALL, number=number, at=at, step=step, detail=detail))
    await calls.close(CALL, Outcome.TALKED, NOON + timedelta(seconds=61.25))
    await calls.flush()
    for id_, listening, seconds in (("r1", "/r1.wav", 30.25), ("r2", None, None), ("r3", "", 0.0)):
        await calls.keep_recording(
            Recording(
                id=id_,
                call_id=CALL,
                dispatcher_id=dispatcher.id,
                started_at=NOON,
                caller_file=f"/{id_}-caller.wav",
                dispatcher_file=f"/{id_}-dispatcher.wav",
                listening_file=listening,
                seconds=seconds,
            )
        )
    for id_, seconds in (("m1", 4.0), ("m2", None), ("m3", 0.0)):
        await calls.keep_message(
            VoiceMessage(
                id=id_, call_id=CALL, number=None, file=f"/{id_}.wav", began_at=NOON, seconds=seconds
            )
        )


async def _alive_call(storage: Storage) -> None:
    await storage.calls.open(
        CallRecord(id="hotline-1.2", number=None, shown="", arrived_at=NOON + timedelta(hours=1))
    )


def test_the_latest_calls_are_listed_newest_first_with_masked_numbers(console: Console) -> None:
    console.fill(_one_call)
    console.fill(_alive_call)
    assert console.run("calls", "list") == [
        "call arrived from outcome seconds",
        "hotline-1.2 01.12.2026 13:00:00 anonymous … …",
        "hotline-1.1 01.12.2026 12:00:00 +38045*****01 talked 61.25",
    ]
    assert len(console.run("calls", "list", "--most", "1")) == 2


def test_an_empty_list_is_its_heading(console: Console) -> None:
    assert console.run("calls", "list") == ["call arrived from outcome seconds"]


def test_a_calls_journey_and_recordings_are_shown(console: Console) -> None:
    console.fill(_one_call)
    assert console.run("calls", "show", CALL) == [
        "second step detail",
        "0.00 arrived",
        "0.02 answered",
        "7.50 pressed key=0 asked=menu",
        "61.25 ended",
        "recording /r1.wav 30.2",
        "recording /r2-caller.wav …",
        "recording /r3-caller.wav 0.0",
    ]


def test_a_call_that_is_not_on_record_is_one_clear_line(console: Console) -> None:
    assert console.refused("calls", "show", "x") == "hotline: There is no call x: see `hotline calls list`."


def test_voice_messages_are_listed(console: Console) -> None:
    console.fill(_one_call)
    listed = console.run("calls", "messages")
    assert listed[0] == "left from seconds file"
    assert {line.split(" ", 3)[3] for line in listed[1:]} == {"… /m2.wav", "4.0 /m1.wav"}


def test_a_dispatcher_is_added_goes_on_duty_pauses_and_leaves(console: Console) -> None:
    user, secret, server = console.run("dispatcher", "add", "105", "Оксана Лисенко", "--skill", "water")
    assert user == "SIP user: desk-105"
    assert len(secret.split()[-1]) >= 20
    assert server == "SIP server: 127.0.0.1:5060"
    for command, presence in (
        (["join", "105"], "ready"),
        (["pause", "105", "обід"], "paused обід"),
        (["join", "105"], "ready"),
        (["leave", "105"], "away"),
    ):
        assert console.run("dispatcher", *command) == []
        listed = console.run("dispatcher", "list")
        assert listed == [
            "extension name presence reason afterwards skills",
            f"105 Оксана Лисенко {presence} water",
        ]


def test_the_secret_is_printed_once_and_never_listed(console: Console) -> None:
    secret = console.run("dispatcher", "add", "105", "Оксана")[1].split()[-1]
    assert secret not in "".join(console.run("dispatcher", "list"))
    another = console.run("dispatcher", "password", "105")[1].split()[-1]
    assert another != secret
    assert another not in "".join(console.run("dispatcher", "list"))
    assert "106" in console.refused("dispatcher", "password", "106")


@pytest.mark.parametrize("extension", ["101", "102", "103", "104", "112"])
def test_no_extension_looks_like_an_emergency_service(console: Console, extension: str) -> None:
    assert "emergency service" in console.refused("dispatcher", "add", extension, "Оксана")
    console.run("dispatcher", "add", "201", "Оксана")
    assert "emergency service" in console.refused("dispatcher", "renumber", "201", extension)
    console.run("dispatcher", "renumber", "201", "202")
    assert console.run("dispatcher", "list")[1].split()[0] == "202"


@pytest.mark.parametrize("extension", ["", "1", "1055", "10a", "-10", "١٠١", "10\n"])
def test_an_extension_is_three_digits(console: Console, extension: str) -> None:
    line = console.refused("dispatcher", "add", "--", extension, "Оксана")
    assert line.endswith("is no extension: give three digits, such as 201.")


@pytest.mark.parametrize("name", ["", "  ", "Оксана\r\nAction: Originate", "\x1b[2J"])
def test_a_name_is_one_line_of_text(console: Console, name: str) -> None:
    assert console.refused("dispatcher", "add", "105", name).endswith("give one line of text.")


def test_an_extension_in_use_is_refused(console: Console) -> None:
    console.run("dispatcher", "add", "105", "Оксана")
    assert "105 belongs to another dispatcher" in console.refused("dispatcher", "add", "105", "Ірина")


def test_an_unknown_extension_and_a_forbidden_change_are_one_clear_line(console: Console) -> None:
    assert "Nobody has the extension 999" in console.refused("dispatcher", "join", "999")
    console.run("dispatcher", "add", "105", "Оксана")
    assert "The dispatcher is away: pause is not possible" in console.refused(
        "dispatcher", "pause", "105", "обід"
    )


def test_the_demo_city_is_filled_in_once(console: Console) -> None:
    console.run("seed")
    first = console.run("dispatcher", "list")
    assert [line.split()[0] for line in first[1:]] == ["201", "202"]
    console.run("seed")
    assert console.run("dispatcher", "list") == first


@pytest.mark.parametrize("command", ["up", "serve"])
def test_with_demo_passwords_it_runs_nowhere_but_on_loopback(
    console: Console, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    console.run("seed")
    monkeypatch.setenv("HOTLINE_HTTP_HOST", "0.0.0.0")  # noqa: S104 - what an administrator may try
    told = console.refused(command)
    assert "olena" in told
    assert "hotline user password LOGIN" in told


def test_a_city_in_use_is_left_as_it_is(console: Console) -> None:
    console.run("dispatcher", "add", "105", "Оксана")
    console.run("seed")
    assert len(console.run("dispatcher", "list")) == 2


def test_the_database_is_brought_to_the_present_schema_however_often(console: Console) -> None:
    console.run("migrate")
    console.run("migrate")


def test_missing_secrets_are_one_clear_line(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOTLINE_ARI_SECRET")
    assert "HOTLINE_ARI_SECRET is not set" in console.refused("serve")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nothing"],
        ["calls"],
        ["calls", "show"],
        ["calls", "list", "--most", "x"],
        ["dispatcher", "pause", "201"],
        ["bench", "nothing"],
    ],
)
def test_a_command_that_is_not_understood_says_how_it_goes(
    console: Console, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: hotline" in capsys.readouterr().err
    assert console is not None


@pytest.mark.parametrize("command", ["", "calls", "dispatcher", "citizen", "bench", "serve", "keep"])
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command.split(), "--help"])
    assert ended.value.code == 0
    assert "usage: hotline" in capsys.readouterr().out


def test_a_hotline_without_its_sources_says_that_benches_are_run_from_them(
    console: Console, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bench, "SOURCES", tmp_path)
    assert "Benches are run from the hotline's sources" in console.refused("bench", "ivr")


def test_settings_that_are_given_are_told_and_no_secret_is(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [one for one in os.environ if one.startswith("HOTLINE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOTLINE_RING_SECONDS", "25")
    monkeypatch.setenv("HOTLINE_SMTP_PASSWORD", "s3cret")
    given = console.run("settings")
    assert given[1:] == [
        "HOTLINE_RING_SECONDS 25 how long a dispatcher's phone rings",
        "HOTLINE_SMTP_PASSWORD (secret) the password for it",
    ]
    told = console.run("settings", "--all")
    assert "HOTLINE_TRUNK_LINES 0 how many calls the trunk carries at once; 0: not known" in told
    assert not [line for line in told if "s3cret" in line]
    assert "s3cret" not in repr(
        read_settings({**os.environ, "HOTLINE_ARI_SECRET": "a", "HOTLINE_AMI_SECRET": "b"})
    )


def test_a_misspelt_setting_is_told_with_the_one_that_was_meant(
    console: Console, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOTLINE_RNG_SECONDS", "25")
    assert main(["settings"]) == 1
    assert "HOTLINE_RNG_SECONDS is no setting: HOTLINE_RING_SECONDS?" in capsys.readouterr().err


def test_a_command_is_found_by_its_own_name_alone(capsys: pytest.CaptureFixture[str]) -> None:
    def listed(*typed: str) -> list[str]:
        with pytest.raises(SystemExit):
            main(typed)
        printed = capsys.readouterr()
        return re.findall(r"^ {4}([a-z-]+)", printed.out + printed.err, re.MULTILINE)

    every = listed("--help")
    assert set(every) == set(ADDERS)
    for one in every:
        assert one in listed("--help", one)


def test_processes_by_role_need_a_database_that_several_may_have(console: Console) -> None:
    assert console.refused("serve", "--role", "web") == (
        "hotline: Processes by role need PostgreSQL: set HOTLINE_DATABASE_URL to one, or leave --role out."
    )
