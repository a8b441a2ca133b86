"""Kamailio as the edge before several Asterisk nodes: renders kamailio-conf/ and says how to start it."""

import re
import shutil
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from hotline.access.networks import Networks
from hotline.errors import SettingsError
from service.node.asterisk_installation import OWN_PLACES, by_loader
from service.node.sip_certificate import SipCertificate
from service.node.templates import filled, write_private
from service.settings.settings import Settings
from service.settings.telephony import DeskTls

TEMPLATES = Path(__file__).resolve().parents[2] / "kamailio-conf"
CONFIGURATION, OF_TLS = "kamailio.cfg", "tls.cfg"
CITIZENS_NODES = 1
"""The set of nodes in Kamailio's list."""
WORKERS = 4
ASK_AT_ONCE = 2
"""Workers that may wait for the database while a desk's last password is known: the others take calls."""
NODE_SILENT_MS = 800
"""A node that has not answered for this long is left for the next."""
LAST_NODE_SILENT_MS = 4000
"""The same where no other node is left: a network that is slow is slow for each."""
DESK_CALL_SECONDS = 150
"""For which a desk's call of which nothing is heard counts as going on: a node asks its phone every 45 s.

Longer than any desk is rung, too."""
BROWSER_CALL_SECONDS = 1800
"""The same of a browser's call: nobody asks a browser, whose talk goes on when its way here is cut."""
DOUBT_SECONDS = 60
"""For which an edge takes care that was out of its nodes' reach: an INVITE is repeated for half a minute."""
FORGET_EVERY_SECONDS = 5
"""How often what has run out is looked for."""
SHARED_MEGABYTES, OWN_MEGABYTES = 64, 8
SHARED_WITH_TLS = 256
"""Each connection takes some 100 kB, and below a reserve none is taken any more."""
_MODULES = ("usr/lib/*-linux-gnu*/kamailio/modules", "usr/lib/kamailio/modules")
_UNQUOTABLE = re.compile(r'["\\\n\r]|[^\x20-\x7e]')


def prepare(settings: Settings) -> None:
    """Make Kamailio's folders and write its configuration. Raises SettingsError for unusable settings."""
    folder = settings.folders.edge
    if not settings.edge.nodes:
        raise SettingsError("HOTLINE_EDGE_NODES names no node: give such as a=192.0.2.11:5060.")
    for name, host in (("HOST", settings.edge.host), ("MOVING", settings.edge.moving)):
        if ":" in host:
            raise SettingsError(
                f"HOTLINE_EDGE_{name} is {host!r}: Kamailio speaks IPv4 here, give an address of it."
            )
    certificate = certificate_of(settings)
    for part in (folder, folder / "etc", folder / "run"):
        part.mkdir(mode=0o700, parents=True, exist_ok=True)
    values = _values(settings)
    (folder / "etc" / OF_TLS).unlink(missing_ok=True)
    for template in sorted(TEMPLATES.iterdir()):
        if template.name == OF_TLS and certificate is None:
            continue
        text = filled(template.read_text(encoding="utf-8"), values)
        write_private(folder / "etc" / template.name, text)


def certificate_of(settings: Settings) -> SipCertificate | None:
    """Read the certificate that Kamailio shows by TLS; None where it does without. Raises SettingsError."""
    sip = settings.sip
    if sip.tls_certificate and sip.tls_key:
        return SipCertificate.read(Path(sip.tls_certificate), Path(sip.tls_key))
    if sip.desk_tls is not DeskTls.NO:
        raise SettingsError(
            f"HOTLINE_DESK_TLS is {sip.desk_tls}: `hotline edge` needs HOTLINE_SIP_TLS_CERTIFICATE and"
            " HOTLINE_SIP_TLS_KEY (PEM files)."
        )
    return None


def program(settings: Settings, *more: str) -> tuple[str, ...]:
    """Give the command line that runs the prepared Kamailio in the foreground until it is told to stop.

    With `-c` it only reads its configuration.
    """
    command, modules = _installation(settings.folders.private_root)
    folder, shared = settings.folders.edge, SHARED_WITH_TLS if _by_tls(settings) else SHARED_MEGABYTES
    return (
        *(*command, "-DD", "-E", "-f", str(folder / "etc" / CONFIGURATION), "-L", f"{modules}/"),
        *("-Y", str(folder / "run"), "-m", str(shared), "-M", str(OWN_MEGABYTES)),
        *more,
    )


def closed_to_unit(settings: Settings) -> Sequence[str]:
    """Name the settings by which Kamailio would have to go by loopback, which its unit of systemd forbids.

    The unit alone gives it a folder elsewhere; any other Kamailio goes where it likes.
    """
    if not settings.folders.own_edge:
        return ()
    edge = settings.edge
    hosts = {
        "HOTLINE_EDGE_DATABASE_URL": edge.database.rpartition("@")[2].partition("/")[0].split(","),
        "HOTLINE_EDGE_NODES": [one.host for one in edge.nodes.values()],
        "HOTLINE_EDGE_HOST": [edge.host],
        "HOTLINE_EDGE_PEER": [edge.peer.host] if edge.peer else [],
    }
    return [name for name, given in hosts.items() if any(map(_is_loopback, given))]


def _is_loopback(host: str) -> bool:
    """Tell it of an address, or of a name, with or without a port behind it."""
    name = urlsplit(f"//{host}").hostname or ""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def control_socket(settings: Settings) -> Path:
    return control_socket_in(settings.folders.edge)


def control_socket_in(folder: Path) -> Path:
    return folder / "run" / "control"


def _installation(private_root: Path) -> tuple[Sequence[str], Path]:
    """Find the machine's own Kamailio, else the private root's; raises SettingsError."""
    own = shutil.which("kamailio", path=OWN_PLACES)
    root = Path("/") if own else private_root
    modules = next((found for one in _MODULES for found in sorted(root.glob(one))), None)
    if modules is None or not (root / "usr/sbin/kamailio").is_file():
        raise SettingsError(
            f"No Kamailio on this machine nor in {private_root}: install kamailio, kamailio-postgres-modules,"
            " kamailio-extra-modules, kamailio-websocket-modules and kamailio-tls-modules."
        )
    return ((own,) if own else by_loader(private_root, "usr/sbin/kamailio")), modules


def _by_tls(settings: Settings) -> bool:
    return bool(settings.edge.database and settings.sip.tls_certificate and settings.sip.tls_key)


def _values(settings: Settings) -> dict[str, str]:
    edge, peer, sip = settings.edge, settings.edge.peer, settings.sip
    paired, browsers = bool(edge.database and peer), bool(edge.database and edge.websocket_port)
    tls = _by_tls(settings)
    values = {
        "WITH_DESKS": "#!define WITH_DESKS" if edge.database else "# without WITH_DESKS: no database is set",
        "WITH_PEER": "#!define WITH_PEER" if paired else "# without WITH_PEER: no registrations to share",
        "WITH_MOVING": "#!define WITH_MOVING" if edge.moving else "# without WITH_MOVING: no address moves",
        "MOVING_HOST": edge.moving or edge.host,
        "WITH_BROWSERS": "#!define WITH_BROWSERS" if browsers else "# without WITH_BROWSERS: no port is set",
        "WITH_TLS": "#!define WITH_TLS" if tls else "# without WITH_TLS: no certificate is set",
        "WITH_TLS_ALONE": "#!define WITH_TLS_ALONE"
        if tls and sip.desk_tls is DeskTls.DEMANDED
        else "# without WITH_TLS_ALONE: phones may do without",
        "WITH_CONNECTIONS": "#!define WITH_CONNECTIONS"
        if tls or browsers
        else "# without WITH_CONNECTIONS: nobody is reached by their own connection alone",
        "TLS_PORT": edge.tls_port,
        "TLS_CERTIFICATE": _absolute(sip.tls_certificate),
        "TLS_KEY": _absolute(sip.tls_key),
        "WEBSOCKET_PORT": edge.websocket_port,
        "PAGES": _of_ipv4(edge.pages),
        "PEER": peer or "",
        "PEER_HOST": peer.host if peer else "",
        "PEER_PORT": peer.port if peer else 0,
        "WORKERS": WORKERS,
        "ASK_AT_ONCE": ASK_AT_ONCE,
        "NUMBER": settings.number,
        "EDGE_HOST": edge.host,
        "EDGE_PORT": edge.port,
        "CONTROL": control_socket(settings),
        "ETC": settings.folders.edge / "etc",
        "BAN_SECONDS": edge.ban_seconds,
        "DATABASE": edge.database,
        "CALLERS": _of_ipv4(edge.callers),
        "DESKS": _of_ipv4(settings.desk_networks),
        "NODE_SILENT_MS": NODE_SILENT_MS,
        "LAST_NODE_SILENT_MS": LAST_NODE_SILENT_MS,
        "DESK_CALL_SECONDS": DESK_CALL_SECONDS,
        "BROWSER_CALL_SECONDS": BROWSER_CALL_SECONDS,
        "DOUBT_SECONDS": DOUBT_SECONDS,
        "FORGET_EVERY_SECONDS": FORGET_EVERY_SECONDS,
    }
    written = {name: _quoted(name, str(value)) for name, value in values.items()}
    nodes = (f"{CITIZENS_NODES} sip:{at} 0 0 duid={name}" for name, at in edge.nodes.items())
    return written | {"NODES": "\n".join(nodes)}


def _of_ipv4(networks: Networks) -> str:
    """Write the networks that can speak with an edge, which has an address of IPv4."""
    return ",".join(str(one) for one in networks if one.version == 4)  # noqa: PLR2004


def _absolute(path: str) -> str:
    """Write a path as it is read here: Kamailio's own begin at its configuration's folder."""
    return str(Path(path).absolute()) if path else ""


def _quoted(name: str, value: str) -> str:
    """Refuse what would end a string of Kamailio's."""
    if _UNQUOTABLE.search(value):
        raise SettingsError(
            f"The setting behind {name} holds a quote or another sign that Kamailio cannot take."
        )
    return value
