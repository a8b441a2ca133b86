"""Addresses on the network: the client's behind proxies, and the networks by which clients are counted."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Networks = Sequence[IPv4Network | IPv6Network]

SUBSCRIBER_BITS = 64
"""An IPv6 subscriber has at least a /64 (RFC 6177), and so 2^64 addresses to come from."""
NEIGHBOURHOOD_BITS = {4: 24, 6: 48}
THIS_MACHINE: Networks = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
OUR_BUILDINGS: Networks = (
    *THIS_MACHINE,
    *(ip_network(one) for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")),
)
"""Addresses that come from no public network (RFC 1918, RFC 4193)."""


def client_address(peer: str, said: Iterable[str], trusted: Networks) -> str:
    """Read `X-Forwarded-For` from its end, for as long as it was written by a proxy that is trusted.

    What stands before that was written by a stranger and is worth nothing. So is `Forwarded` (RFC 7239):
    neither nginx nor Caddy writes it, both pass on what the client sent.
    """
    found = _address(peer)
    if found is None:
        return peer
    for one in reversed(",".join(said).split(",")):
        if not _within(found, trusted):
            break
        before = _address(one)
        if before is None:
            break
        found = before
    return str(found)


def network_of(address: str) -> str:
    """Return the network of one subscriber: an IPv4 address alone, of IPv6 the /64."""
    found = _address(address)
    if not isinstance(found, IPv6Address):
        return str(found or address)
    return str(ip_network((found.packed, SUBSCRIBER_BITS), strict=False))


def neighbourhood_of(address: str) -> str:
    """Return the part of the network that one organisation may well have whole: an IPv4 /24, an IPv6 /48."""
    found = _address(address)
    if found is None:
        return address
    bits = NEIGHBOURHOOD_BITS[found.version]
    return str(ip_network((found.packed, bits), strict=False))


def within(address: str, networks: Networks) -> bool:
    found = _address(address)
    return found is not None and _within(found, networks)


def _within(address: IPv4Address | IPv6Address, networks: Networks) -> bool:
    return any(address in one for one in networks)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address as proxies write it, also with a port; one of IPv4 that is mapped to IPv6 is IPv4."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found
