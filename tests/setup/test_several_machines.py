"""The parts of a hotline on several machines, as units of systemd and as containers, least privileged."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.command_line import parser_for
from service.node.supervisor import PATIENCE
from service.processes.roles import ALL
from tests.setup.test_setup import ROOT, bash
from tests.system.booted import steps

SYSTEMD = ROOT / "setup" / "systemd"
UNITS = sorted(SYSTEMD.glob("hotline-part-*.service"))
COMMON = SYSTEMD / "hotline-part-.service.d" / "part.conf"
COMPOSE = ROOT / "docker-compose.scaled.yml"
DOCUMENT: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = DOCUMENT["services"]
PROGRAM = "/opt/city-hotline/.venv/bin/hotline "

every_unit = pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
every_service = pytest.mark.parametrize("name", SERVICES)


def _told(unit: Path, name: str) -> list[str]:
    lines = [*COMMON.read_text(encoding="utf-8").splitlines(), *unit.read_text(encoding="utf-8").splitlines()]
    return [line.partition("=")[2] for line in lines if line.startswith(f"{name}=")]


def _commands() -> dict[str, list[str]]:
    """What each part begins, in units and in containers, as words after `hotline`."""
    units = {unit.stem: _told(unit, "ExecStart")[0].partition(PROGRAM)[2].split() for unit in UNITS}
    return units | {name: one["command"][1:] for name, one in SERVICES.items() if "command" in one}


def test_each_part_begins_what_the_command_knows_and_no_role_is_left_out() -> None:
    commands = _commands()
    for words in commands.values():
        parser_for(words).parse_args(words)
    for form in (set(commands) & set(SERVICES), set(commands) - set(SERVICES)):
        roles = {words[-1] for name, words in commands.items() if name in form and "--role" in words}
        assert roles == set(ALL)
        assert ["edge", "run"] in [commands[name] for name in form]


def test_only_telephony_and_asterisk_belong_to_a_node() -> None:
    of_none = {unit.stem.removeprefix("hotline-part-") for unit in UNITS if _told(unit, "UnsetEnvironment")}
    assert of_none == {"edge", "media", "scheduler", "web@"}
    without = {name for name, one in SERVICES.items() if one["environment"].get("HOTLINE_NODE") == ""}
    assert without == {"edge", "media", "migrate", "scheduler", "web"}


@every_unit
def test_a_unit_is_begun_again_for_as_long_as_it_takes_and_given_time_to_end(unit: Path) -> None:
    assert _told(unit, "Restart") == ["always"]
    assert _told(unit, "StartLimitIntervalSec") == ["0"]
    assert int(_told(unit, "TimeoutStopSec")[0].removesuffix("s")) > PATIENCE


@pytest.mark.parametrize("name", ["hotline", "hotline-asterisk"])
def test_what_is_away_for_long_ends_no_unit_for_good(name: str) -> None:
    """A PostgreSQL that began a minute later found a hotline that had been given up."""
    lines = (SYSTEMD / f"{name}.service").read_text(encoding="utf-8").splitlines()
    assert {"StartLimitIntervalSec=0", "Restart=always", "RestartMaxDelaySec=10s"} <= set(lines)


def test_kamailio_sees_no_password_but_its_own_and_no_state_but_its_own() -> None:
    edge, asterisk = SERVICES["edge"], SERVICES["asterisk"]
    assert edge["secrets"] == ["edge_database_url"]
    assert [name for name in edge["environment"] if name.endswith("_FILE")] == [
        "HOTLINE_EDGE_DATABASE_URL_FILE"
    ]
    state = {volume.partition(":")[0] for volume in edge["volumes"]}
    assert state == {"edge", "./var/settings"}
    assert "database_url" not in asterisk["secrets"]
    unit = SYSTEMD / "hotline-part-edge.service"
    assert _told(unit, "TemporaryFileSystem") == ["/var/lib/hotline:ro,mode=0755"]
    assert _told(unit, "StateDirectory") == ["hotline-edge"], "with the whole state's it would see all of it"
    assert _told(unit, "BindReadOnlyPaths") == ["-/var/lib/hotline/root"]


def test_kamailio_has_a_user_of_its_own_who_is_made_before_anything_is_given_to_them() -> None:
    (user,) = _told(SYSTEMD / "hotline-part-edge.service", "User")
    made = (ROOT / "setup" / "sysusers.d" / f"{user}.conf").read_text(encoding="utf-8")
    assert re.search(rf"^u {user} ", made, re.MULTILINE)
    assert user not in {name for unit in UNITS if "edge" not in unit.stem for name in _told(unit, "User")}
    assert f"systemd-sysusers /etc/sysusers.d/{user}.conf" in steps("two machines, programs")
    assert f"-g {user} /dev/null /etc/hotline/edge_database_url" in steps("first machine, set up")
    assert f"hotline:{user} /etc/hotline/edge_database_url" in steps("second machine, set up")
    assert "HOTLINE_EDGE_DATABASE_URL_FILE=/etc/hotline/edge_database_url" in steps("two machines, settings")


def test_kamailio_reads_its_settings_without_the_passwords_of_others(tmp_path: Path) -> None:
    run = [sys.executable, "-m", "service", "edge", "show"]
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "HOTLINE_VAR": str(tmp_path),
        "HOTLINE_DATABASE_URL_FILE": str(tmp_path / "closed-to-it"),
    }
    told = subprocess.run(run, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)  # noqa: S603
    assert "Kamailio does not answer" in told.stderr


def test_the_administrators_command_has_the_settings_of_the_units(tmp_path: Path) -> None:
    settings, program = tmp_path / "hotline.env", tmp_path / "program"
    # The last line has no end: systemd reads it, too.
    text = (
        '# a comment\nHOTLINE_CITY_NAME=Біла Церква\nHOTLINE_CREST="/srv/the crest.svg"\nPATH=/nowhere\n\n'
        "HOTLINE_NUMBER=1580"
    )
    settings.write_text(text, encoding="utf-8")
    shown = "$HOTLINE_VAR|$HOTLINE_CITY_NAME|$HOTLINE_CREST|$HOTLINE_NUMBER|$*"
    program.write_text(f'#!/bin/sh\necho "{shown}"\n', encoding="utf-8")
    program.chmod(0o755)
    text = (SYSTEMD / "hotline").read_text(encoding="utf-8")
    text = text.replace("/etc/hotline/hotline.env", str(settings))
    text = text.replace("/opt/city-hotline/.venv/bin/hotline", str(program))
    told = subprocess.run(  # noqa: S603 - our own script
        ["/bin/sh", "-c", text, "hotline", "edge", "show"], env={}, capture_output=True, text=True, check=True
    )
    assert told.stdout == "/var/lib/hotline|Біла Церква|/srv/the crest.svg|1580|edge show\n"


def test_what_an_administrator_is_told_to_type_names_what_there_is(tmp_path: Path) -> None:
    """The nights type it themselves (tests/system/test_units.py)."""
    typed = "\n".join(
        steps(name) for name in ("one machine, run", "two machines, run", "two machines, programs")
    )
    enabled = "\n".join(line for line in typed.splitlines() if "systemctl enable" in line)
    begun = set(re.findall(r"\bhotline(?:-[a-z]+)*(?:@\d+|\.timer)?", enabled))
    there = {
        one.name.replace("@.", "@8080.") for kind in ("service", "timer") for one in SYSTEMD.glob(f"*.{kind}")
    }
    assert {one if one.endswith(".timer") else f"{one}.service" for one in begun} <= there
    packages = bash('echo "${edge_packages[@]}"', tmp_path).stdout.split()
    assert set(packages) <= set(typed.split())


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_reads_the_units(tmp_path: Path) -> None:
    for file in SYSTEMD.rglob("*.*"):
        if file.is_file():
            copy = tmp_path / file.relative_to(SYSTEMD)
            copy.parent.mkdir(exist_ok=True)
            copy.write_text(file.read_text(encoding="utf-8").replace("/opt/city-hotline", str(ROOT)))
    units = [*SYSTEMD.glob("*.service"), *SYSTEMD.glob("*.timer")]
    instances = [str(tmp_path / unit.name.replace("@.", "@8080.")) for unit in units]
    read = subprocess.run(  # noqa: S603 - our own units
        ["/usr/bin/systemd-analyze", "verify", "--man=no", *instances],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (read.returncode, read.stderr) == (0, "")


@every_service
def test_a_container_runs_with_the_least_privilege(name: str) -> None:
    service = SERVICES[name]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert "no-new-privileges:true" in service["security_opt"]
    assert "privileged" not in service
    assert not service["user"].startswith(("root", "0"))
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}


@every_service
def test_a_container_has_its_secrets_in_files_and_what_it_leans_on(name: str) -> None:
    service = SERVICES[name]
    assert set(service["secrets"]) <= set(DOCUMENT["secrets"])
    for variable, value in service["environment"].items():
        if "SECRET" in variable or "DATABASE_URL" in variable:
            assert variable.endswith("_FILE")
            assert value.removeprefix("/run/secrets/") in service["secrets"]
    for other, wait in service.get("depends_on", {}).items():
        once = SERVICES[other]["restart"] == "no"
        assert wait["condition"] == ("service_completed_successfully" if once else "service_healthy")
        assert set(SERVICES[other]["profiles"]) >= set(service["profiles"])
