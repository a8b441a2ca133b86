"""What `./start --scaled` runs where: two of each part, which find one another."""

from pathlib import Path

import pytest

from hotline.errors import SettingsError
from service.scaled.layout import Layout, laid_out, share_by_nodes
from service.scaled.words import welcome_text
from service.settings.settings import read_settings

DATABASE = "postgresql+asyncpg://hotline:secret@127.0.0.1:5442/hotline"


def _environ(var: Path, **more: str) -> dict[str, str]:
    given = {
        "HOTLINE_VAR": str(var),
        "HOTLINE_ARI_SECRET": "ari",
        "HOTLINE_AMI_SECRET": "ami",
        "HOTLINE_DATABASE_URL": DATABASE,
        "HOTLINE_EDGE_DATABASE_URL": "postgres://edge:secret@127.0.0.1:5442/hotline",
    }
    return given | more


def _layout(var: Path, **more: str) -> Layout:
    environ = _environ(var, **more)
    return laid_out(read_settings(environ), environ)


def test_no_two_parts_share_a_port_and_all_follow_from_those_of_the_settings(tmp_path: Path) -> None:
    layout = _layout(tmp_path, HOTLINE_SIP_PORT="6060", HOTLINE_HTTP_PORT="9080")
    nodes, edges = [one.settings for one in layout.nodes], [one.settings.edge for one in layout.edges]
    sip = [one.port for one in edges] + [one.sip_port for one in nodes] + [one.sip.tls_port for one in nodes]
    sip += [one.websocket_port for one in edges] + [one.tls_port for one in edges]
    assert sip == [6060, 6062, 6071, 6072, 6073, 6074, 6066, 6068, 6061, 6063]
    assert list(layout.pages) == [9081, 9082]
    control = [one.asterisk for one in nodes]
    other = [port for one in control for port in (one.ari_port, one.ami_port, one.agi_port)]
    assert len({*sip, *layout.pages, 9080, *other}) == len(sip) + len(layout.pages) + 1 + len(other)
    sound = [range(one.sip.rtp_first, one.sip.rtp_last + 1) for one in nodes]
    assert not set(sound[0]) & set(sound[1])


def test_no_two_nodes_share_asterisks_database(tmp_path: Path) -> None:
    for more in ({}, {"HOTLINE_MEMORY_FOLDER": str(tmp_path / "memory")}):
        layout = _layout(tmp_path, **more)
        assert len({one.settings.folders.asterisk_memory for one in layout.nodes}) == len(layout.nodes)


def test_nodes_know_both_edges_and_edges_both_nodes_and_one_another(tmp_path: Path) -> None:
    layout = _layout(tmp_path)
    for node in layout.nodes:
        assert [str(one) for one in node.settings.edge.addresses] == ["127.0.0.1:5060", "127.0.0.1:5062"]
        assert node.settings.edge.nodes.keys() == {"a", "b"}
        assert node.settings.edge.websockets == ["ws://127.0.0.1:5066", "ws://127.0.0.1:5068"]
    assert [one.settings.edge.node for one in layout.nodes] == ["a", "b"]
    assert [str(one.settings.edge.peer) for one in layout.edges] == ["127.0.0.1:5062", "127.0.0.1:5060"]
    for one in layout.edges:
        assert {name: at.port for name, at in one.settings.edge.nodes.items()} == {"a": 5071, "b": 5072}


def test_pages_are_let_to_the_edges_from_the_address_that_all_parts_have(tmp_path: Path) -> None:
    layout = _layout(tmp_path, HOTLINE_SIP_HOST="192.0.2.1")
    for one in layout.edges:
        assert [str(network) for network in one.settings.edge.pages] == ["192.0.2.1/32"]


def test_what_one_node_records_the_others_find_in_a_folder_that_all_have(tmp_path: Path) -> None:
    layout = _layout(tmp_path)
    share_by_nodes(layout)
    share_by_nodes(_layout(tmp_path))
    a, b = (one.settings.folders for one in layout.nodes)
    (a.recordings / "talk.wav").touch()
    (b.messages / "message.wav").touch()
    assert (layout.settings.folders.recordings / "talk.wav").exists()
    assert (layout.settings.folders.messages / "message.wav").exists()
    assert a.spill != b.spill
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "ari").write_text("of all")
    assert (a.secrets / "ari").read_text() == "of all"
    assert list(layout.settings.folders.edges) == ["1"], "none has begun"


def test_our_own_database_runs_only_where_no_other_is_given(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "database_url").write_text(DATABASE)
    assert _layout(tmp_path).database_port == 5442
    assert _layout(tmp_path, HOTLINE_DATABASE_URL="postgresql+asyncpg://elsewhere/h").database_port is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HOTLINE_DATABASE_URL", "sqlite+aiosqlite:///hotline.db"),
        ("HOTLINE_EDGE_DATABASE_URL", ""),
        ("HOTLINE_EDGE_FOLDER", "/var/lib/hotline-edge"),
        ("HOTLINE_SIP_HOST", "0.0.0.0"),  # noqa: S104 - refused
        ("HOTLINE_SIP_HOST", "hotline.city.example"),
    ],
)
def test_what_two_of_each_part_cannot_run_on_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        _layout(tmp_path, **{name: value})


def test_the_text_says_in_both_languages_what_runs_where_and_how_it_is_seen(tmp_path: Path) -> None:
    layout = _layout(tmp_path)
    text = welcome_text(layout, layout.settings, "http://127.0.0.1:8080/", {})
    ukrainian, english = text.split("The hotline is running")
    for part in (ukrainian, english):
        for told in (
            "8081, 8082",
            "a (SIP 5071), b (SIP 5072)",
            "sip:1580@127.0.0.1:5062",
            "edge show",
            "Ctrl-C",
        ):
            assert told in part
        assert f"HOTLINE_VAR={tmp_path} " in part
