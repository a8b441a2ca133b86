"""The set-up's shell functions on real bash, apt and sockets; only a foreign machine's answers are stubs."""

import socket
import stat
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = (
    "common",
    "packages",
    "voices",
    "asterisk",
    "environment",
    "secrets",
    "ports",
    "service_user",
    "edge",
    "scaled",
)


def bash(script: str, var: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    lines = [f"source setup/{part}.sh" for part in PARTS]
    return subprocess.run(  # noqa: S603 - our own scripts
        ["/bin/bash", "-euo", "pipefail", "-c", "\n".join([*lines, script])],
        cwd=ROOT,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOTLINE_VAR": str(var), **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def stub(folder: Path, name: str, script: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)


@pytest.mark.parametrize(
    ("family", "kind", "protocol", "address"),
    [
        (socket.AF_INET, socket.SOCK_STREAM, "tcp", "127.0.0.1"),
        (socket.AF_INET, socket.SOCK_DGRAM, "udp", "0.0.0.0"),  # noqa: S104 - as Asterisk would
        (socket.AF_INET6, socket.SOCK_STREAM, "tcp", "::1"),
    ],
)
def test_a_taken_port_is_one_clear_line_in_each_language_with_a_way_out(
    tmp_path: Path, family: int, kind: int, protocol: str, address: str
) -> None:
    with socket.socket(family, kind) as holder:
        holder.bind((address, 0))
        if kind == socket.SOCK_STREAM:
            holder.listen()
        port = holder.getsockname()[1]
        told = bash(f"need_port {protocol} {port} HOTLINE_HTTP_PORT вебсторінка 'web page'", tmp_path)
    assert told.returncode == 1
    ukrainian, english = told.stderr.strip().splitlines()
    assert ukrainian.startswith(f"Порт {port} (вебсторінка) уже зайнятий.")
    assert english.endswith(f"start with: HOTLINE_HTTP_PORT={port + 1000} ./start")


def test_a_taken_port_of_a_part_names_the_setting_from_which_it_follows(tmp_path: Path) -> None:
    """Of the second process of pages, for one, whose port nobody sets."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        told = bash("need_scaled_ports", tmp_path, HOTLINE_HTTP_PORT=str(port - 2))
    assert told.returncode == 1
    ukrainian, english = told.stderr.strip().splitlines()
    assert ukrainian.startswith(f"Порт {port} (вебсторінка) уже зайнятий.")
    assert english.endswith(f"start with: HOTLINE_HTTP_PORT={port + 998} ./start --scaled")


def test_a_start_beside_one_that_runs_leaves_its_database_and_where_it_is_told_alone(tmp_path: Path) -> None:
    (tmp_path / "postgresql").mkdir()
    (tmp_path / "postgresql" / "PG_VERSION").write_text("15\n")
    asked = 'own_database_server() { echo "$1" >&2; }; need_own_database'  # whose PostgreSQL runs
    told = bash(asked, tmp_path)
    assert told.returncode == 1
    status, _, ukrainian, english = told.stderr.splitlines()
    assert status == "status", "neither started nor stopped"
    assert ukrainian.startswith("Гаряча лінія вже працює")
    assert english.startswith("The hotline already runs")
    assert not (tmp_path / "secrets").exists()


def test_a_port_that_nobody_listens_on_is_free(tmp_path: Path) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        assert bash(f"need_port tcp {reserved.getsockname()[1]} X y z", tmp_path).returncode == 0


def test_secrets_are_made_once_and_only_their_owner_can_read_them(tmp_path: Path) -> None:
    assert bash("umask 022; need_secrets ari ami", tmp_path).returncode == 0
    ari, ami = (tmp_path / "secrets" / name for name in ("ari", "ami"))
    first = ari.read_text(encoding="ascii")
    assert len(first) == 48
    assert first != ami.read_text(encoding="ascii")
    assert stat.S_IMODE(ari.stat().st_mode) == 0o600
    assert stat.S_IMODE(ari.parent.stat().st_mode) == 0o700
    bash("need_secrets ari", tmp_path)
    assert ari.read_text(encoding="ascii") == first


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "sources.list.d/debian.sources",
            "Types: deb\nURIs: {}\nSuites: trixie trixie-updates\nComponents: main\n",
        ),
        ("sources.list", "deb [arch=amd64] {} trixie main non-free-firmware\n"),
        (
            "sources.list",
            "deb http://x.example trixie stable\ndeb {}-security trixie-security main\ndeb {} trixie main\n",
        ),
    ],
)
def test_the_debian_mirror_is_the_machines_own_in_either_written_form(
    tmp_path: Path, name: str, text: str
) -> None:
    mirror = "http://mirror.example/debian"
    etc = tmp_path / "apt"
    (etc / "sources.list.d").mkdir(parents=True)
    (etc / name).write_text(text.replace("{}", mirror), encoding="utf-8")
    config = tmp_path / "apt.conf"
    config.write_text(f'Dir::Etc "{etc}";\nDir::State "{tmp_path}";\n', encoding="utf-8")
    script = "os_release() { [[ $1 == ID ]] && echo debian || echo trixie; }\ndebian_mirror"
    assert bash(script, tmp_path, APT_CONFIG=str(config)).stdout.strip() == mirror


def test_no_debian_mirror_is_guessed_from_another_distributions(tmp_path: Path) -> None:
    told = bash("os_release() { echo ubuntu; }\ndebian_mirror", tmp_path)
    assert (told.returncode, told.stdout) == (0, "")


@pytest.mark.parametrize(
    ("version", "serves"),
    [("1:20.6.0~dfsg", True), ("1:22.10.1", True), ("1:16.28.0", False), ("(none)", False)],
)
def test_the_distributions_asterisk_serves_from_version_20_on(
    tmp_path: Path,
    version: str,
    serves: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    stub(tmp_path, "apt-cache", f'echo "  Candidate: {version}"')
    told = bash("asterisk_installable", tmp_path, PATH=f"{tmp_path}:/usr/bin:/bin")
    assert (told.returncode == 0) is serves


@pytest.mark.parametrize(("says", "serves"), [("Asterisk 20.6.0~dfsg-1", True), ("Asterisk 18.1", False)])
def test_an_installed_asterisk_serves_from_version_20_on(
    tmp_path: Path,
    says: str,
    serves: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    stub(tmp_path, "asterisk", f'echo "{says}"')
    told = bash("installed_asterisk_serves", tmp_path, PATH=f"{tmp_path}:/usr/bin:/bin")
    assert (told.returncode == 0) is serves


@pytest.mark.parametrize(
    ("told", "uv", "installers"),
    [
        ("global.cert='/x'", "true", ["pip -r setup/uv.txt", "uv -r requirements.txt", "uv -e ."]),
        ("global.index-url='https://mirror.example'", "true", ["pip -r requirements.txt", "pip -e ."]),
        (":env:.proxy='http://proxy.example'", "true", ["pip -r requirements.txt", "pip -e ."]),
        (
            "",
            "false",
            ["pip -r setup/uv.txt", "uv -r requirements.txt", "pip -r requirements.txt", "pip -e ."],
        ),
    ],
)
def test_uv_installs_what_is_locked_and_pip_where_it_is_told_of_an_index_or_uv_fails(
    tmp_path: Path, told: str, uv: str, installers: list[str]
) -> None:
    programs, asked = tmp_path / "bin", tmp_path / "asked"
    programs.mkdir()
    names_what = (
        f'for last in "$@"; do :; done; case "$*" in *" -r "*) kind=-r;; *) kind=-e;; esac; echo >>{asked}'
    )
    stub(
        programs,
        "python",
        f'case "$*" in *"config list"*) echo "{told}";; *) {names_what} "pip $kind $last";; esac',
    )
    stub(programs, "uv", f'{names_what} "uv $kind $last"; {uv}')
    done = bash("install_locked requirements.txt", tmp_path, HOTLINE_VENV=str(tmp_path))
    assert done.returncode == 0
    assert asked.read_text(encoding="utf-8").splitlines() == installers


def test_too_little_disk_space_says_how_much_is_needed(tmp_path: Path) -> None:
    stub(tmp_path, "df", 'printf "Avail\\n  500\\n"')
    told = bash("need_disk_space /somewhere", tmp_path, PATH=f"{tmp_path}:/usr/bin:/bin")
    assert told.returncode == 1
    assert "Too little disk space: 500 MB in /somewhere, 2000 MB are needed." in told.stderr


def test_a_root_that_somebody_else_made_is_taken_as_it_is(tmp_path: Path) -> None:
    root = tmp_path / "root"
    for program in ("usr/sbin/asterisk", "usr/bin/RHVoice-test"):
        (root / program).parent.mkdir(parents=True, exist_ok=True)
        stub(root, program, "")
    (root / "usr/share/RHVoice/voices/natalia").mkdir(parents=True)
    assert bash("private_root_serves", tmp_path).returncode == 0
    (root / ".hotline-stamp").write_text("other packages\n", encoding="utf-8")
    assert bash("private_root_serves", tmp_path).returncode == 1


def test_a_step_that_fails_is_named_with_the_last_lines_of_what_it_said(tmp_path: Path) -> None:
    told = bash("count_steps 1\nstep tables bash -c 'echo out of order; exit 3'", tmp_path)
    assert told.returncode == 3
    assert "Stopped at step: tables" in told.stderr
    assert "| out of order" in told.stderr


def test_a_step_beside_others_is_waited_for_and_its_failure_is_told_like_any(tmp_path: Path) -> None:
    beside = "count_steps 2\nmeanwhile voices bash -c 'read -r line <{0}; echo $line; exit 4'\n"
    pipe = tmp_path / "pipe"
    told = bash(
        f"mkfifo {pipe}\n{beside.format(pipe)}step pages bash -c 'echo out of voices >{pipe}'\njoined",
        tmp_path,
    )
    assert told.returncode == 4
    assert told.stderr.index("(1/2) pages") < told.stderr.index("(2/2) voices")
    assert "Stopped at step: voices" in told.stderr
    assert "| out of voices" in told.stderr


NEW_ROOT = """
    export PATH={stubs}:$PATH
    refresh_apt_lists() { :; }; need_packages() { :; }; need_disk_space() { :; }
    link_private_libraries() { :; }
    debian_mirror() { echo http://mirror.example; }
    make_private_root
"""
"""All but mmdebstrap's own work, which a stub does."""


def may_mount() -> bool:
    return subprocess.run(["/usr/bin/unshare", "--mount", "/bin/true"], check=False).returncode == 0


@pytest.mark.skipif(not may_mount(), reason="only root mounts anything")
def test_what_a_killed_mmdebstrap_has_mounted_is_gone_or_is_taken_away_and_not_emptied(
    tmp_path: Path,
) -> None:
    stubs, var, elsewhere = tmp_path / "stubs", tmp_path / "var", tmp_path / "elsewhere"
    for folder in (stubs, var, elsewhere):
        folder.mkdir()
    (elsewhere / "kept").touch()
    new = var / "root.new"
    mounts = f"mkdir -p {new}/sys && mount --bind {elsewhere} {new}/sys"
    script = NEW_ROOT.replace("{stubs}", str(stubs))

    stub(stubs, "mmdebstrap", f"{mounts} && kill -9 $$")
    assert bash(script, var).returncode != 0, "it was killed"
    assert (new / "sys").is_dir(), "by itself, in its work"
    assert str(new) not in Path("/proc/self/mountinfo").read_text("utf-8")

    subprocess.run(["/bin/sh", "-c", f"{mounts} && mount --bind {elsewhere} {new}/sys"], check=True)  # noqa: S603
    stub(stubs, "mmdebstrap", f"mkdir {new}")
    told = bash(script, var)
    assert told.returncode == 0, told.stderr
    assert (var / "root" / ".hotline-stamp").is_file()
    assert (elsewhere / "kept").is_file()
    assert str(var) not in Path("/proc/self/mountinfo").read_text("utf-8")
