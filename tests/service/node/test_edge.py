"""How Kamailio's configuration is rendered, and that Kamailio itself can read it."""

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from hotline.errors import SettingsError
from service.node.edge import CONFIGURATION, OF_TLS, closed_to_unit, prepare, program
from service.settings.settings import Settings
from tests.fakes.certificates import Authority
from tests.system.edge import edge_settings, shows

DATABASE = "postgres://kamailio:secret@127.0.0.1/hotline"


def _settings(folder: Path, **environ: str) -> Settings:
    return edge_settings(folder, 5999, {"a": 5071, "b": 5072}, **environ)


def test_only_the_owner_can_read_what_is_rendered_and_no_placeholder_is_left(tmp_path: Path) -> None:
    settings = _settings(tmp_path, HOTLINE_EDGE_DATABASE_URL=DATABASE)
    prepare(settings)
    prepare(settings)

    for path in [settings.folders.edge, *settings.folders.edge.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path
    texts = {path.name: path.read_text() for path in (settings.folders.edge / "etc").iterdir()}
    assert not [name for name, text in texts.items() if re.search(r"@[A-Z_]+@", text)]
    assert texts["dispatcher.list"].splitlines()[1:] == [
        "1 sip:127.0.0.1:5071 0 0 duid=a",
        "1 sip:127.0.0.1:5072 0 0 duid=b",
    ]


TOWN = {
    "HOTLINE_EDGE_FOLDER": "/var/lib/hotline-edge",
    "HOTLINE_EDGE_HOST": "192.0.2.11",
    "HOTLINE_EDGE_NODES": "a=192.0.2.11:5080,b=192.0.2.12:5080",
    "HOTLINE_EDGE_PEER": "192.0.2.12:5060",
    "HOTLINE_EDGE_DATABASE_URL": "postgres://edge:p@127.0.0.1@192.0.2.21,192.0.2.22:5432/hotline",
}
"""Of which nothing is closed to Kamailio's unit; a password may have any sign."""


@pytest.mark.parametrize(
    ("changed", "value"),
    [
        ("", ""),
        ("HOTLINE_EDGE_DATABASE_URL", ""),
        ("HOTLINE_EDGE_DATABASE_URL", "postgres://edge:p@127.0.0.1/hotline"),
        ("HOTLINE_EDGE_DATABASE_URL", "postgres://edge:p@192.0.2.21,localhost:5432/hotline"),
        ("HOTLINE_EDGE_DATABASE_URL", "postgres://edge:p@[::1]:5432/hotline"),
        ("HOTLINE_EDGE_NODES", "a=192.0.2.11:5080,b=127.0.0.1:5081"),
        ("HOTLINE_EDGE_HOST", "127.0.0.1"),
        ("HOTLINE_EDGE_PEER", "127.0.0.2:5062"),
    ],
)
def test_what_loopback_closes_to_the_unit_is_named(tmp_path: Path, changed: str, value: str) -> None:
    environ = TOWN | ({changed: value} if changed else {})
    assert closed_to_unit(_settings(tmp_path, **environ)) == ([changed] if value else [])
    assert closed_to_unit(_settings(tmp_path, **environ | {"HOTLINE_EDGE_FOLDER": ""})) == ()


@pytest.mark.nightly
@pytest.mark.parametrize("tls", ["no", "offered", "demanded"])
@pytest.mark.parametrize("peer", ["", "127.0.0.1:5998"])
@pytest.mark.parametrize("browsers", ["0", "5997"])
@pytest.mark.parametrize("database", ["", DATABASE])
def test_kamailio_reads_it(tmp_path: Path, database: str, browsers: str, peer: str, tls: str) -> None:
    settings = _settings(
        tmp_path,
        **(shows(Authority(tmp_path / "certificates").gives("edge"), 5996) if tls != "no" else {}),
        HOTLINE_DESK_TLS=tls,
        HOTLINE_EDGE_DATABASE_URL=database,
        HOTLINE_EDGE_PEER=peer,
        HOTLINE_EDGE_WEBSOCKET_PORT=browsers,
    )
    prepare(settings)
    read = subprocess.run(  # noqa: S603 - our own Kamailio
        [*program(settings), "-c"], capture_output=True, text=True, check=False, timeout=30
    )
    assert read.returncode == 0, read.stderr
    assert "WARNING" not in read.stderr, read.stderr


def test_a_certificate_is_named_by_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    given = Authority(tmp_path / "city certificates").gives("edge")
    relative = replace(
        given, certificate=given.certificate.relative_to(tmp_path), key=given.key.relative_to(tmp_path)
    )
    settings = _settings(tmp_path, HOTLINE_EDGE_DATABASE_URL=DATABASE, **shows(relative, 5996))
    prepare(settings)
    text = (settings.folders.edge / "etc" / OF_TLS).read_text()
    assert f'certificate = "{given.certificate}"\nprivate_key = "{given.key}"\n' in text


def test_tls_is_there_with_a_certificate_alone_and_others_are_refused_where_it_is_demanded(
    tmp_path: Path,
) -> None:
    given = Authority(tmp_path / "certificates").gives("edge")

    def rendered(**environ: str) -> tuple[set[str], bool]:
        settings = _settings(tmp_path, HOTLINE_EDGE_DATABASE_URL=DATABASE, **environ)
        prepare(settings)
        etc = settings.folders.edge / "etc"
        defined = set(
            re.findall(r"^#!define (WITH_TLS\w*)$", (etc / CONFIGURATION).read_text(), re.MULTILINE)
        )
        return defined, (etc / OF_TLS).exists()

    assert rendered(**shows(given, 5061), HOTLINE_DESK_TLS="demanded") == (
        {"WITH_TLS", "WITH_TLS_ALONE"},
        True,
    )
    assert rendered(**shows(given, 5061), HOTLINE_DESK_TLS="offered") == ({"WITH_TLS"}, True)
    assert rendered() == (set(), False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HOTLINE_EDGE_NODES", ""),
        ("HOTLINE_EDGE_NODES", "a"),
        ("HOTLINE_EDGE_NODES", "A=127.0.0.1:5060"),
        ("HOTLINE_EDGE_NODES", "a=somewhere:5060"),
        ("HOTLINE_EDGE_NODES", "a=127.0.0.1:5060,a=127.0.0.1:5061"),
        ("HOTLINE_EDGE_HOST", "::1"),
        ("HOTLINE_EDGE_MOVING", "2001:db8::9"),
        ("HOTLINE_NODE", "node-1"),
        ("HOTLINE_EDGE", "127.0.0.1"),
        ("HOTLINE_EDGE", "127.0.0.1:5060,somewhere:5060"),
        ("HOTLINE_EDGE_PEER", "somewhere"),
        ("HOTLINE_EDGE_DATABASE_URL", 'postgres://"'),
        ("HOTLINE_DESK_TLS", "yes"),
        ("HOTLINE_DESK_TLS", "demanded"),  # without a certificate
    ],
)
def test_a_setting_that_kamailio_cannot_use_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(
        SettingsError, match=name.removeprefix("HOTLINE_").removesuffix("_URL").removeprefix("EDGE_")
    ):
        prepare(_settings(tmp_path, **{name: value}))


def test_the_configuration_names_no_path_of_any_machine() -> None:
    text = (Path(__file__).parents[3] / "kamailio-conf" / CONFIGURATION).read_text(encoding="utf-8")
    assert not re.search(r'"/(etc|var|usr|tmp)/', text)
