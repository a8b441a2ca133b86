"""How the configuration of the database machines is rendered, and that Patroni itself can read it."""

import re
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import make_url

from hotline.errors import SettingsError
from service import environment
from service.node.database_machine import url, write
from service.settings.database import DatabaseMachineSettings
from storage.core.database import servers

MACHINES = {
    "HOTLINE_DATABASE_MACHINES": "a=127.0.9.1,b=127.0.9.2",
    "HOTLINE_DATABASE_WITNESS": "edge=127.0.9.3",
    "HOTLINE_DATABASE_NETWORKS": "127.0.0.0/8",
    "HOTLINE_DATABASE_SECRET": "0123456789abcdef01234567",
}


def machine(name: str, **environ: str) -> DatabaseMachineSettings:
    return environment.read(DatabaseMachineSettings, MACHINES | {"HOTLINE_DATABASE_MACHINE": name} | environ)


def test_only_the_owner_can_read_what_is_written_and_no_placeholder_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "etc"
    written = write(machine("a"), folder)
    assert write(machine("a"), folder) == written
    assert [one.name for one in written] == [
        *("etcd.env", "first.sql", "patroni.yml", "pgbouncer.ini", "userlist.txt")
    ]
    for path in [folder, *folder.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path
    assert not [one for one in written if re.search(r"@[A-Z_]+@", one.read_text())]


def test_backups_are_encrypted_wherever_they_are_put(tmp_path: Path) -> None:
    folder = tmp_path / "etc"
    written = write(machine("a", HOTLINE_DATABASE_BACKUPS="/mnt/backups"), folder)
    assert folder / "pgbackrest.conf" in written
    assert "archive-push" in (folder / "patroni.yml").read_text()
    assert re.search(r"cipher-pass=[0-9a-f]{48}\n", (folder / "pgbackrest.conf").read_text())


def test_the_third_machine_has_a_vote_and_no_password(tmp_path: Path) -> None:
    (written,) = write(machine("edge"), tmp_path / "etc")
    assert (
        'ETCD_INITIAL_CLUSTER="a=http://127.0.9.1:2380,b=http://127.0.9.2:2380,edge=http://127.0.9.3:2380"'
        in (written.read_text())
    )


def test_the_url_names_both_machines_and_the_password_that_they_know(tmp_path: Path) -> None:
    told = make_url(url(machine("edge")))
    assert servers(told) == [("127.0.9.1", "5432"), ("127.0.9.2", "5432")]
    write(machine("b"), tmp_path)
    assert f'"hotline" "{told.password}"' in (tmp_path / "userlist.txt").read_text()
    another = make_url(url(machine("a", HOTLINE_DATABASE_SECRET="f" * 24)))
    assert another.password != told.password


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HOTLINE_DATABASE_MACHINES", "a=127.0.9.1"),
        ("HOTLINE_DATABASE_MACHINES", "A=127.0.9.1,b=127.0.9.2"),
        ("HOTLINE_DATABASE_MACHINES", "a=somewhere,b=127.0.9.2"),
        ("HOTLINE_DATABASE_WITNESS", ""),
        ("HOTLINE_DATABASE_MACHINE", "c"),
        ("HOTLINE_DATABASE_SECRET", "short"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        write(machine("a", **{name: value}), tmp_path)


@pytest.mark.nightly
def test_patroni_reads_it(tmp_path: Path) -> None:
    write(machine("a", HOTLINE_DATABASE_FOLDER=str(tmp_path / "data")), tmp_path / "etc")
    read = subprocess.run(  # noqa: S603
        [
            "/usr/bin/patroni",
            "--validate-config",
            "--ignore-listen-port",
            str(tmp_path / "etc" / "patroni.yml"),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    faults = [line for line in f"{read.stdout}{read.stderr}".splitlines() if line.strip()]
    assert not [one for one in faults if not one.endswith("is not reachable")], faults  # no etcd runs here
