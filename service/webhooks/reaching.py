"""Connections to addresses that others chose: to public ones alone, and to private ones that are allowed.

The name is resolved once, and only what was looked at is connected to: a name that leads elsewhere the next
moment leads nowhere. Redirections are for the caller not to follow.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from attrs import define, field

from hotline.access.networks import Networks, within

_NAT64 = ip_network("64:ff9b::/96")


class NotReached(OSError):  # noqa: N818 - reads as what happened
    """The address is none that may be connected to."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} is no public address, and HOTLINE_WEBHOOK_NETWORKS does not name it")


def may_reach(address: str, allowed: Networks) -> bool:
    """Tell whether an IP address may be connected to. One that hides another one is as good as that."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    plain = _hidden(found) or found
    return (plain.is_global and not plain.is_multicast) or within(str(plain), allowed)


def _hidden(found: IPv4Address | IPv6Address) -> IPv4Address | None:
    """Give the IPv4 address within one of IPv6: mapped, of 6to4, or behind a NAT64 (RFC 6052)."""
    if not isinstance(found, IPv6Address):
        return None
    if found in _NAT64:
        return IPv4Address(int(found) & 0xFFFFFFFF)
    return found.ipv4_mapped or found.sixtofour


def require_reachable(host: str, allowed: Networks) -> None:
    """Refuse an IP address written in the place of a name; raises NotReached. A name is looked at later."""
    try:
        ip_address(host)
    except ValueError:
        return
    if not may_reach(host, allowed):
        raise NotReached(host)


@define(eq=False, repr=False)
class PublicResolver(AbstractResolver):
    """Resolves names to addresses that may be connected to; NotReached where there is none."""

    _allowed: Networks
    _resolver: ThreadedResolver = field(factory=ThreadedResolver, init=False)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        allowed = [one for one in found if may_reach(one["host"], self._allowed)]
        if not allowed:
            raise NotReached(host)
        return allowed

    async def close(self) -> None:
        await self._resolver.close()


def connector(allowed: Networks, **options: object) -> aiohttp.TCPConnector:
    """Make the connector of such connections; each connection is used once."""
    return aiohttp.TCPConnector(
        resolver=PublicResolver(allowed),
        use_dns_cache=False,
        force_close=True,
        **options,  # type: ignore[arg-type]  # as the connector has them
    )
