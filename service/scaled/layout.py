"""The parts that `./start --scaled` runs on one machine, two of each that may be several, and where."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

from sqlalchemy import make_url

from hotline.errors import SettingsError
from service.folders import ANOTHER_EDGE
from service.settings.settings import Settings, read_settings

NODES = ("a", "b")
EDGES = ("1", "2")
BETWEEN_EDGES = 2
"""From the port of one Kamailio to that of the next: between them lies the port of SIP over TLS."""
FIRST_WEBSOCKET = 6
"""From the port of a Kamailio to that on which it takes browsers."""
FIRST_NODE = 11
"""From the port of the first Kamailio to that of the first node."""
_SHARED = ("secrets", "settings.env")
"""What each part has of the whole state."""
_SHARED_BY_NODES = (
    *("prompts", "voices", "recordings", "evidence", "imports", "outbox"),
    "asterisk/spool/recording",
)
"""What nodes and the other roles have in common: what one records another plays and makes masters of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part with a state of its own: its name, its settings, and what tells its programs of them."""

    name: str
    settings: Settings
    told: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What runs on this machine, and where."""

    settings: Settings
    known: Mapping[str, str]
    """Where Kamailios and nodes are, as all are told."""
    nodes: Sequence[Part]
    edges: Sequence[Part]
    pages: Sequence[int]
    """The ports of the processes of pages."""

    @property
    def database_port(self) -> int | None:
        """The port of our own PostgreSQL; None where another is given."""
        made = self.settings.folders.secrets / "database_url"
        own = made.is_file() and made.read_text(encoding="utf-8") == self.settings.database_url
        return make_url(self.settings.database_url).port if own else None


def laid_out(settings: Settings, environ: Mapping[str, str] = os.environ) -> Layout:
    """Tell what runs where by the settings of the whole; the parts' folders are made, with their secrets.

    Raises SettingsError for what cannot be.
    """
    _check(settings)
    host, sip, web = settings.sip.host, settings.sip_port, settings.http_port
    edge_ports = [sip + BETWEEN_EDGES * number for number in range(len(EDGES))]
    node_ports = [sip + FIRST_NODE + number for number in range(len(NODES))]
    edges = [f"{host}:{port}" for port in edge_ports]
    nodes = [f"{node}={host}:{port}" for node, port in zip(NODES, node_ports, strict=True)]
    websockets = [f"ws://{host}:{port + FIRST_WEBSOCKET}" for port in edge_ports]
    known = {
        "HOTLINE_EDGE": ",".join(edges),
        "HOTLINE_EDGE_NODES": ",".join(nodes),
        "HOTLINE_EDGE_WEBSOCKETS": ",".join(websockets),
    }
    whole = settings.folders.var

    def part(name: str, folder: Path, told: dict[str, str]) -> Part:
        told = {"HOTLINE_VAR": str(folder)} | told
        _share(whole, folder, _SHARED if folder != whole else ())
        return Part(name=name, settings=read_settings({**environ, **told}), told=told)

    return Layout(
        settings=settings,
        known=known,
        nodes=[
            part(name, whole / f"node-{name}", known | _of_node(settings, number, node_ports[number]))
            for number, name in enumerate(NODES)
        ],
        edges=[
            part(
                name,
                whole / f"{ANOTHER_EDGE}{name}" if number else whole,
                known
                | {
                    "HOTLINE_EDGE_HOST": host,
                    "HOTLINE_EDGE_PORT": str(edge_ports[number]),
                    "HOTLINE_EDGE_TLS_PORT": str(edge_ports[number] + 1),
                    "HOTLINE_EDGE_PEER": edges[1 - number],
                    "HOTLINE_EDGE_WEBSOCKET_PORT": str(edge_ports[number] + FIRST_WEBSOCKET),
                    "HOTLINE_EDGE_PAGES": f"{host}/32",  # who asks a machine by this address has it, too
                },
            )
            for number, name in enumerate(EDGES)
        ],
        pages=[web + 1, web + 2],
    )


def nodes_here(settings: Settings, environ: Mapping[str, str] = os.environ) -> Sequence[Settings]:
    """Give the settings of each Asterisk on this machine: those of `./start --scaled`, or the one.

    Raises SettingsError for what cannot be.
    """
    if not any(settings.folders.var.glob("node-*/asterisk")):
        return [settings]
    return [one.settings for one in laid_out(settings, environ).nodes]


def share_by_nodes(layout: Layout) -> None:
    """Let the nodes' folders have those that all have in common."""
    whole = layout.settings.folders.var
    for name in _SHARED_BY_NODES:
        (whole / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    for node in layout.nodes:
        _share(whole, node.settings.folders.var, _SHARED_BY_NODES)


def _of_node(settings: Settings, number: int, sip_port: int) -> dict[str, str]:
    first, after = settings.sip.rtp_first, settings.sip.rtp_last + 1
    share = (after - first) // len(NODES) // 2 * 2
    asterisk, memory = settings.asterisk, settings.folders.memory
    return {
        "HOTLINE_NODE": NODES[number],
        "HOTLINE_MEMORY_FOLDER": memory and str(Path(memory) / NODES[number]),
        "HOTLINE_SIP_PORT": str(sip_port),
        "HOTLINE_SIP_TLS_PORT": str(sip_port + len(NODES)),
        "HOTLINE_ARI_PORT": str(asterisk.ari_port + number),
        "HOTLINE_AMI_PORT": str(asterisk.ami_port + number),
        "HOTLINE_AGI_PORT": str(asterisk.agi_port + number),
        "HOTLINE_RTP_FIRST": str(first + number * share),
        "HOTLINE_RTP_LAST": str(first + (number + 1) * share - 1),
    }


def _check(settings: Settings) -> None:
    if make_url(settings.database_url).get_backend_name() != "postgresql" or not settings.edge.database:
        raise SettingsError(
            "--scaled needs PostgreSQL: `./start --scaled` makes one, or give HOTLINE_DATABASE_URL and, for"
            " the telephones of desks, HOTLINE_EDGE_DATABASE_URL."
        )
    if settings.folders.own_edge:
        raise SettingsError("HOTLINE_EDGE_FOLDER is for one Kamailio: with --scaled leave it out.")
    try:
        given = not IPv4Address(settings.sip.host).is_unspecified
    except ValueError:
        given = False
    if not given:
        raise SettingsError(
            f"HOTLINE_SIP_HOST is {settings.sip.host!r}: with --scaled give one address of this machine by"
            " figures, such as 192.0.2.1."
        )


def _share(whole: Path, folder: Path, names: Sequence[str]) -> None:
    """Let the folder of a part have these of the whole."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in names:
        link = folder / name
        link.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not link.is_symlink():
            link.symlink_to(os.path.relpath(whole / name, link.parent))
