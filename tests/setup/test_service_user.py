"""No service as root: what ./start begun as root gives away, and the units of systemd."""

import grp
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.setup.test_setup import ROOT, bash

USER = "daemon"
"""A user of every Debian, who owns nothing."""
UNITS = sorted((ROOT / "setup" / "systemd").glob("*.service"))
MOST_EXPOSED = 2.0
"""The bound, of 10, by `systemd-analyze security`; most services of a distribution have over 9."""

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has something to give away")


@pytest.fixture
def closed() -> Iterator[Path]:
    """A folder of root's, closed to all others, right below one that is open."""
    with tempfile.TemporaryDirectory(dir="/tmp") as made:
        yield Path(made)


def by_user(command: str, var: Path) -> subprocess.CompletedProcess[str]:
    return bash(f"run_as_service_user; {command}", var, HOTLINE_USER=USER)


@as_root
def test_what_root_starts_has_a_user_of_its_own_and_no_way_back(tmp_path: Path) -> None:
    told = by_user('"${by_service_user[@]}" cat /proc/self/status', tmp_path)
    status = dict(line.split(":", 1) for line in told.stdout.splitlines())
    assert status["Uid"].split() == [str(pwd.getpwnam(USER).pw_uid)] * 4
    assert status["Gid"].split() == [str(grp.getgrnam(USER).gr_gid)] * 4
    assert {int(status[kind], 16) for kind in ("CapPrm", "CapEff", "CapBnd", "CapInh")} == {0}
    assert status["NoNewPrivs"].strip() == "1"


@as_root
def test_the_state_becomes_theirs_and_the_programs_below_it_do_not(closed: Path) -> None:
    for name in ("root/usr/sbin/asterisk", "recordings/call.wav", "hotline.db", "log/setup.log"):
        (closed / name).parent.mkdir(parents=True, exist_ok=True)
        (closed / name).touch()
    outside = closed.parent / f"{closed.name}-outside"
    outside.touch()
    (closed / "link").symlink_to(outside)

    told = by_user("give_state", closed)

    assert told.returncode == 0, told.stderr
    theirs = {str(one.relative_to(closed)) for one in closed.rglob("*") if one.lstat().st_uid != 0}
    assert theirs == {"recordings", "recordings/call.wav", "hotline.db", "link"}
    assert outside.stat().st_uid == 0, "a link is no way to make another file theirs"
    assert closed.owner() == USER
    outside.unlink()


@as_root
@pytest.mark.skipif(shutil.which("setfacl") is None, reason="acl is not installed")
def test_a_closed_folder_lets_that_user_through_and_neither_read_nor_anybody_else(closed: Path) -> None:
    program = closed / "program"
    program.mkdir()
    passes = f"test -x {program}"
    assert by_user(f'"${{by_service_user[@]}}" {passes}', closed).returncode != 0
    told = by_user(f"open_way_to {program}/.", closed)
    assert told.returncode == 0, told.stderr
    assert f"setfacl -x u:{USER} {closed}" in told.stderr, "how it is undone is said"
    assert by_user(f'"${{by_service_user[@]}}" {passes}', closed).returncode == 0
    assert by_user(f'"${{by_service_user[@]}}" ls {closed}', closed).returncode != 0
    assert bash(
        f'HOTLINE_USER=games; run_as_service_user; "${{by_service_user[@]}}" {passes}', closed
    ).returncode


def test_a_port_of_root_is_refused_with_the_way_out(tmp_path: Path) -> None:
    told = bash("need_ordinary_port 1 HOTLINE_HTTP_PORT", tmp_path, HOTLINE_USER=USER)
    assert told.returncode == 1
    assert "Port 1 (HOTLINE_HTTP_PORT) is for root only, and the hotline runs as" in told.stderr


@as_root
def test_a_command_of_root_acts_as_the_owner_of_the_state(closed: Path) -> None:
    script = (
        "import os, sys, pathlib; from service.node.owner import become_owner; "
        "become_owner(pathlib.Path(sys.argv[1])); print(*os.getresuid(), *os.getgroups())"
    )
    told = []
    for user in ("root", USER):
        shutil.chown(closed, user, user)
        run = [sys.executable, "-c", script, str(closed)]
        told.append(subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True).stdout)  # noqa: S603
    uid = pwd.getpwnam(USER).pw_uid
    assert told[0].startswith("0 0 0")
    assert told[1].split() == [str(uid)] * 3


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_a_unit_leaves_no_more_open_than_it_must(unit: Path) -> None:
    told = subprocess.run(  # noqa: S603
        [
            "/usr/bin/systemd-analyze",
            "security",
            "--offline=true",
            f"--threshold={MOST_EXPOSED * 10:.0f}",
            unit,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr


def test_no_unit_is_roots() -> None:
    texts = {unit.name: unit.read_text(encoding="utf-8") for unit in UNITS}
    assert {"hotline.service", "hotline-asterisk.service"} <= texts.keys()
    for name, text in texts.items():
        user = "hotline-edge" if name == "hotline-part-edge.service" else "hotline"
        assert f"\nUser={user}\nGroup={user}\n" in text, name
