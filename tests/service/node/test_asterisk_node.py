"""How Asterisk's configuration is rendered: whole, private, and told apart from the next node's."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from hotline.errors import SettingsError
from service.node.asterisk_installation import installation
from service.node.asterisk_memory import DATABASE
from service.node.asterisk_node import (
    prepare,
    program,
    require_own_address,
    take_other_sound_ports,
)
from service.settings.settings import Settings, read_settings

Reader = Callable[..., Settings]
ROOT = Path(__file__).parents[3]
WITHOUT_ITS_OWN = """
import runpy
from service.node import asterisk_installation
asterisk_installation.OWN_PLACES = "/nowhere"
runpy.run_path("docker/run_asterisk.py")
"""


@pytest.fixture
def private_root(tmp_path: Path) -> Path:
    """A Debian root as `./start` makes it, as far as rendering looks at it."""
    root = tmp_path / "root"
    libraries = root / "usr/lib/x86_64-linux-gnu"
    data = root / "usr/share/asterisk"
    for file in (
        root / "usr/sbin/asterisk",
        libraries / "ld-linux-x86-64.so.2",
        libraries / "asterisk/modules/chan_pjsip.so",
        data / "documentation/core-en_US.xml",
        data / "sounds/en_US_f_Allison/beep.gsm",
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    return root


@pytest.fixture
def settings_of(tmp_path: Path, private_root: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """Read settings for a node in `var`, on a machine without an Asterisk of its own."""
    monkeypatch.setattr("service.node.asterisk_installation.OWN_PLACES", str(tmp_path / "nowhere"))

    def read(**environ: str) -> Settings:
        return read_settings(
            {
                "HOTLINE_VAR": str(tmp_path / "var"),
                "HOTLINE_PRIVATE_ROOT": str(private_root),
                "HOTLINE_ARI_SECRET": "ari-secret",
                "HOTLINE_AMI_SECRET": "ami-secret",
                **environ,
            }
        )

    return read


def rendered(settings: Settings) -> dict[str, str]:
    prepare(settings)
    etc = settings.folders.asterisk / "etc"
    return {str(path.relative_to(etc)): path.read_text() for path in etc.rglob("*.conf")}


def test_no_placeholder_is_left(settings_of: Reader) -> None:
    files = rendered(settings_of(HOTLINE_TRUNK_HOST="192.0.2.1", HOTLINE_TRUNK_USER="city"))

    assert {name for name, text in files.items() if re.search(r"@[A-Z_]+@", text)} == set()


def test_only_the_owner_can_read_what_is_rendered(settings_of: Reader) -> None:
    settings = settings_of()
    prepare(settings)
    prepare(settings)

    for path in [settings.folders.asterisk, *settings.folders.asterisk.rglob("*")]:
        if not path.is_symlink():
            assert path.stat().st_mode & 0o077 == 0, path


def test_two_nodes_share_neither_folder_nor_port(settings_of: Reader, tmp_path: Path) -> None:
    one = rendered(settings_of())
    other = rendered(
        settings_of(HOTLINE_VAR=str(tmp_path / "other"), HOTLINE_ARI_PORT="8188", HOTLINE_SIP_PORT="5160")
    )

    assert str(tmp_path / "var") not in "".join(other.values())
    assert "bindport = 8088" in one["http.conf"]
    assert "bindport = 8188" in other["http.conf"]
    assert "bind = 127.0.0.1:5160" in other["pjsip.conf"]


def test_the_next_asterisk_listens_where_no_telephone_sends_to_the_one_before(settings_of: Reader) -> None:
    settings = settings_of(HOTLINE_RTP_FIRST="10001", HOTLINE_RTP_LAST="10019")
    prepare(settings)
    seen = []
    for _ in range(3):
        take_other_sound_ports(settings)
        lines = rendered(settings)["rtp.conf"].splitlines()  # which prepares anew, as a new start does
        seen.append((lines[1], lines[2]))

    lower, upper = ("rtpstart = 10001", "rtpend = 10008"), ("rtpstart = 10009", "rtpend = 10019")
    assert seen == [upper, lower, upper]


def test_the_demo_lets_this_machine_in_and_nothing_else_does(settings_of: Reader) -> None:
    assert "match = 127.0.0.0/8" in rendered(settings_of(HOTLINE_DEMO="1"))["pjsip.d/demo.conf"]
    assert not [name for name in rendered(settings_of(HOTLINE_DEMO="0")) if name.startswith("pjsip.d/")]


def test_a_trunk_with_a_user_registers(settings_of: Reader) -> None:
    files = rendered(
        settings_of(
            HOTLINE_TRUNK_HOST="sip.example.org",
            HOTLINE_TRUNK_USER="city",
            HOTLINE_TRUNK_SECRET="a;b",
            HOTLINE_TRUNK_TRANSPORT="tcp",
        )
    )

    assert "match = sip.example.org" in files["pjsip.d/trunk.conf"]
    registration = files["pjsip.d/trunk-registration.conf"]
    assert "server_uri = sip:sip.example.org:5060\\;transport=tcp\n" in registration
    assert "client_uri = sip:city@sip.example.org:5060\n" in registration
    assert "password = a\\;b\n" in registration


def test_modules_that_this_asterisk_lacks_are_left_out_only_when_they_may_be(settings_of: Reader) -> None:
    loads = rendered(settings_of())["modules.conf"]

    assert "load = res_cdrel_custom.so" not in loads
    assert "load = res_pjsip.so" in loads


def test_the_private_root_is_started_by_its_own_loader(settings_of: Reader, private_root: Path) -> None:
    settings = settings_of()
    command = program(settings)

    assert command[:2] == ["env", "RES_OPTIONS=timeout:1 attempts:1"]
    assert command[2] == str(private_root / "usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2")
    assert command[-3:] == ["-f", "-C", str(settings.folders.asterisk / "etc" / "asterisk.conf")]


def unit_environ(private_root: Path, folder: Path) -> dict[str, str]:
    """Give what a unit tells Asterisk's program."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "HOTLINE_VAR": str(folder / "var"),
        "HOTLINE_PRIVATE_ROOT": str(private_root),
        "HOTLINE_ARI_SECRET": "ari-secret",
        "HOTLINE_AMI_SECRET": "ami-secret",
    }


def test_the_program_of_units_and_containers_becomes_asterisk(private_root: Path, tmp_path: Path) -> None:
    asterisk = private_root / "usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"
    asterisk.write_text('#!/bin/sh\necho "$$ $RES_OPTIONS $*"\n', encoding="utf-8")
    asterisk.chmod(0o755)
    environ = unit_environ(private_root, tmp_path)
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", WITHOUT_ITS_OWN], cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True
    ) as begun:
        told, _ = begun.communicate()

    assert begun.returncode == 0
    assert told.startswith(f"{begun.pid} timeout:1 attempts:1 --library-path ")
    assert told.endswith(f" -f -C {tmp_path}/var/asterisk/etc/asterisk.conf\n")


def make_databases(folder: Path, *names: str) -> None:
    """Make databases of Asterisk's that say which they are."""
    for name in names:
        with closing(sqlite3.connect(folder / name)) as database, database:
            database.execute("create table astdb (key, value)")
            database.execute("insert into astdb values ('when', ?)", [name])


def test_beside_asterisk_in_memory_its_database_is_put_aside_to_the_last(
    private_root: Path, tmp_path: Path
) -> None:
    """systemd sends SIGTERM to all processes of a unit that is to end; Asterisk has more to write then."""
    make_databases(tmp_path, "before", "last")
    used, kept = tmp_path / "memory" / DATABASE, tmp_path / "var/asterisk/lib" / DATABASE
    asterisk = private_root / "usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"
    asterisk.write_text(
        f"#!/bin/sh\ntrap 'cp {tmp_path}/last {used}; exit 0' TERM\ncp {tmp_path}/before {used}\n"
        f"until [ -e {kept} ]; do sleep 0.1; done\necho kept\nwhile :; do sleep 0.1; done\n",
        encoding="utf-8",
    )
    asterisk.chmod(0o755)
    environ = unit_environ(private_root, tmp_path) | {"HOTLINE_MEMORY_FOLDER": str(tmp_path / "memory")}
    begun = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", WITHOUT_ITS_OWN],
        cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    with begun:
        assert begun.stdout is not None
        assert begun.stdout.readline() == "kept\n"
        assert kept.read_bytes() == (tmp_path / "before").read_bytes()
        os.killpg(begun.pid, signal.SIGTERM)
        begun.stdout.read()  # to the end of all who could write there

    assert kept.read_bytes() == (tmp_path / "last").read_bytes()


@pytest.mark.parametrize("who", [0, 1], ids=["who looks after it", "who copies"])
def test_what_puts_asterisks_database_aside_dies_alone_and_all_goes_on(
    private_root: Path, tmp_path: Path, who: int
) -> None:
    make_databases(tmp_path, "before", "after")
    used, kept = tmp_path / "memory" / DATABASE, tmp_path / "var/asterisk/lib" / DATABASE
    asterisk = private_root / "usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"
    asterisk.write_text(
        f"#!/bin/sh\nfor one in before after; do cp {tmp_path}/$one {used}\n"
        f"until cmp -s {tmp_path}/$one {kept}; do sleep 0.1; done; echo $one; read on; done\n",
        encoding="utf-8",
    )
    asterisk.chmod(0o755)
    environ = unit_environ(private_root, tmp_path) | {"HOTLINE_MEMORY_FOLDER": str(tmp_path / "memory")}
    pipe = subprocess.PIPE
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", WITHOUT_ITS_OWN], cwd=ROOT, env=environ, stdin=pipe, stdout=pipe, text=True
    ) as begun:
        assert begun.stdin is not None
        assert begun.stdout is not None
        assert begun.stdout.readline() == "before\n"
        looks_after = begun_by(begun.pid)
        os.kill((looks_after, begun_by(looks_after))[who], signal.SIGKILL)
        begun.stdin.write("go on\n")
        begun.stdin.flush()
        assert begun.stdout.readline() == "after\n"


def begun_by(parent: int) -> int:
    """Find the Python that this process has begun."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            program, told = stat.with_name("cmdline").read_text(), stat.read_text().rpartition(")")[2].split()
            if int(told[1]) == parent and "run_asterisk" in program:
                return int(stat.parent.name)
    raise AssertionError(f"{parent} has begun no Python")


def test_a_machine_without_asterisk_says_what_to_do(settings_of: Reader, tmp_path: Path) -> None:
    settings_of()
    with pytest.raises(SettingsError, match=r"run \./start once"):
        installation(tmp_path / "nothing")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HOTLINE_NUMBER", "_X."),
        ("HOTLINE_NUMBER", "1580,1,System(id)"),
        ("HOTLINE_VAR", "/srv/with, comma"),
        ("HOTLINE_VAR", "/srv/" + "long" * 30),
        ("HOTLINE_TRUNK_NUMBER", "any"),
        ("HOTLINE_ASTERISK_HOST", "192.0.2.1"),
        ("HOTLINE_ARI_SECRET", "two\nlines"),
        ("HOTLINE_RTP_LAST", "10000"),
        ("HOTLINE_TRUNK_TRANSPORT", "tls"),
        ("HOTLINE_DESK_TLS", "offered"),
        ("HOTLINE_TRUNK_TRANSPORT", "smoke-signals"),
    ],
)
def test_a_setting_that_asterisk_cannot_use_is_named(settings_of: Reader, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name.removeprefix("HOTLINE_").replace("TRUNK_TRANSPORT", "T")):
        prepare(settings_of(**{name: value}))


def test_another_citys_number_is_taken_in_each_form_that_providers_write(settings_of: Reader) -> None:
    assert "extensions.d/neighbour-number.conf" not in rendered(settings_of())
    numbers = "+380462123456,+48221234567"
    written = rendered(settings_of(HOTLINE_NEIGHBOUR_NUMBERS=numbers))["extensions.d/neighbour-number.conf"]
    assert re.findall("exten => ([^,]+),", written) == [
        "+380462123456",
        "380462123456",
        "0462123456",
        "+48221234567",
        "48221234567",
    ]


def test_templates_name_no_path_of_any_machine() -> None:
    templates = Path(__file__).parents[3] / "asterisk-conf"

    assert not [
        path for path in templates.rglob("*.conf") if re.search(r"= */(etc|var|usr|tmp)/", path.read_text())
    ]


def test_an_address_of_ipv6_stands_in_brackets_where_a_port_follows_and_plain_for_sound(
    settings_of: Reader,
) -> None:
    files = rendered(settings_of(HOTLINE_SIP_HOST="2001:db8::10", HOTLINE_TRUNK_HOST="2001:db8::1"))
    assert "bind = [2001:db8::10]:5060\n" in files["pjsip.conf"]
    assert "media_address = 2001:db8::10\n" in files["pjsip.conf"]
    assert "contact = sip:[2001:db8::1]:5060\\;transport=udp\n" in files["pjsip.d/trunk.conf"]
    assert "match = 2001:db8::1\n" in files["pjsip.d/trunk.conf"]


@pytest.mark.parametrize(
    "environ",
    [
        {"HOTLINE_SIP_HOST": "::1", "HOTLINE_TRUNK_HOST": "192.0.2.1"},
        {"HOTLINE_SIP_HOST": "192.0.2.10", "HOTLINE_TRUNK_HOST": "2001:db8::1"},
        {"HOTLINE_SIP_HOST": "::1", "HOTLINE_NODE": "a", "HOTLINE_EDGE": "192.0.2.1:5060"},
    ],
)
def test_calls_go_by_ipv4_or_by_ipv6_and_between_nodes_by_ipv4(
    settings_of: Reader, environ: dict[str, str]
) -> None:
    with pytest.raises(SettingsError, match="IPv4"):
        prepare(settings_of(**environ))


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "::1"])  # noqa: S104 - as a city may say
def test_an_address_of_this_machine_will_do(settings_of: Reader, host: str) -> None:
    require_own_address(settings_of(HOTLINE_SIP_HOST=host))


def test_an_address_that_is_not_there_yet_is_waited_for_by_who_begins_asterisk_again(
    settings_of: Reader,
) -> None:
    """Asterisk itself would begin, and hear nobody on that address, however long."""
    with pytest.raises(SettingsError, match=r"'192\.0\.2\.1', on which this machine cannot listen"):
        require_own_address(settings_of(HOTLINE_SIP_HOST="192.0.2.1"))
