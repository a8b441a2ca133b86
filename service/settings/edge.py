"""The settings of several Asterisk nodes behind Kamailio, the edge: docs/design/nodes.md."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from urllib.parse import urlsplit

from hotline.access.networks import Networks
from hotline.dialling.nodes import NODE_NAME
from hotline.errors import SettingsError
from service import environment as env
from service.settings.telephony import LOOPBACK

_NAME = re.compile(NODE_NAME)


@dataclass(frozen=True, slots=True)
class SipAddress:
    """Where something speaks SIP: an address by figures, and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def _name(variable: str, given: str) -> str:
    if given and not _NAME.fullmatch(given):
        raise SettingsError(f"{variable} is {given!r}: give up to 12 small letters and figures, such as a.")
    return given


def _address(variable: str, given: str) -> SipAddress | None:
    if not given:
        return None
    host, _, port = given.partition(":")
    try:
        return SipAddress(str(IPv4Address(host)), int(port))
    except ValueError as error:
        raise SettingsError(f"{variable} has {given!r}: give such as 192.0.2.1:5060.") from error


def _addresses(variable: str, given: str) -> Sequence[SipAddress]:
    found = (_address(variable, part.strip()) for part in given.split(","))
    return tuple(one for one in found if one is not None)


def _websockets(variable: str, given: str) -> Sequence[str]:
    found = [one.strip().rstrip("/") for one in given.split(",") if one.strip()]
    for one in found:
        if urlsplit(one).scheme not in {"ws", "wss"} or not urlsplit(one).hostname:
            raise SettingsError(f"{variable} has {one!r}: give such as ws://192.0.2.1:5066.")
    return found


def _nodes(variable: str, given: str) -> Mapping[str, SipAddress]:
    found: dict[str, SipAddress] = {}
    for one in filter(None, (part.strip() for part in given.split(","))):
        name, _, address = one.partition("=")
        at = _address(variable, address)
        if at is None or not _name(variable, name) or name in found:
            raise SettingsError(f"{variable} has {one!r}: give such as a=192.0.2.11:5060,b=192.0.2.12:5060.")
        found[name] = at
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeSettings:
    """Several Asterisk nodes, and Kamailio before them."""

    node: str = env.parsed(
        "HOTLINE_NODE",
        "",
        "where there are several Asterisk nodes: the name of the one beside this process, such as `a`",
        _name,
        usual="there is one",
    )
    addresses: Sequence[SipAddress] = env.parsed(
        "HOTLINE_EDGE",
        "",
        "where there are several: the address of Kamailio, or of both by commas, such as"
        " 192.0.2.1:5060,192.0.2.2:5060; calls of citizens come from there, and desk phones are registered"
        " there",
        _addresses,
    )
    nodes: Mapping[str, SipAddress] = env.parsed(
        "HOTLINE_EDGE_NODES",
        "",
        "the nodes by name, with their SIP addresses, such as `a=192.0.2.11:5060,b=192.0.2.12:5060`: for"
        " `hotline edge`; for each node, which asks the others whether they are there and calls back whom"
        " one that is gone cut off; for processes of pages, which tell of a node that was never heard of",
        _nodes,
    )
    host: str = env.text("HOTLINE_EDGE_HOST", LOOPBACK, "for `hotline edge`: the address it listens on")
    port: int = env.port("HOTLINE_EDGE_PORT", 5060, "for `hotline edge`: its port, UDP and TCP")
    tls_port: int = env.port(
        "HOTLINE_EDGE_TLS_PORT",
        5061,
        "for `hotline edge`: its port of SIP by TLS, where HOTLINE_SIP_TLS_CERTIFICATE is set",
    )
    callers: Networks = env.parsed(
        "HOTLINE_EDGE_CALLERS",
        "127.0.0.0/8",
        "for `hotline edge`: the networks, by commas, from which citizens' calls come: the provider's",
        env.networks,
    )
    peer: SipAddress | None = env.parsed(
        "HOTLINE_EDGE_PEER",
        "",
        "for `hotline edge`: the SIP address of the other Kamailio of a pair; each knows the phones that are"
        " registered at the other",
        _address,
    )
    moving: str = env.text(
        "HOTLINE_EDGE_MOVING",
        "",
        "for `hotline edge`: the address that keepalived moves within a pair, listened on as well",
    )
    websockets: Sequence[str] = env.parsed(
        "HOTLINE_EDGE_WEBSOCKETS",
        "",
        "where telephones in browsers register at Kamailio: its WebSocket address, or both by commas, such as"
        " ws://192.0.2.1:5066; nodes and pages have to be told",
        _websockets,
        usual="none: they register at the Asterisk beside the pages",
    )
    websocket_port: int = env.port(
        "HOTLINE_EDGE_WEBSOCKET_PORT",
        0,
        "for `hotline edge`: the port on which our own pages bring telephones in browsers",
        usual="none: it takes none",
    )
    pages: Networks = env.parsed(
        "HOTLINE_EDGE_PAGES",
        "127.0.0.0/8",
        "for `hotline edge`: the networks, by commas, of the processes of pages",
        env.networks,
    )
    ban_seconds: int = env.whole(
        "HOTLINE_EDGE_BAN_SECONDS", 600, "for `hotline edge`: how long a scanner is not heard", least=1
    )
    database: str = env.secret(
        "HOTLINE_EDGE_DATABASE_URL",
        "for `hotline edge`: `postgres://…`, an account that may read `extension` and `secret` of"
        " `dispatchers`, by which desk phones register; where the database is on two machines, both by comma:"
        " `postgres://edge:…@192.0.2.21,192.0.2.22:5432/hotline`",
        usual="none: desk phones register at a node",
    )
