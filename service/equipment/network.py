"""Checks of the network: a connection, an address, a ping, a certificate. Each ends within its timeout.

Only what the administrator entered is looked at, and nothing of an answer is shown but its status: the page
is no window into the network. The name is resolved once, and that address is connected to.
"""

import asyncio
import errno
import ipaddress
import socket
import ssl
import struct
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from hotline.equipment.items import USUAL_PORTS, NewItem, Way
from hotline.equipment.states import Look, State
from service.equipment.ups import ups_look, ups_vars

_UNANSWERED = 400
_MOST_OF_HEAD = 8192
CERTIFICATE_ENDS_SOON_DAYS = 21
_ECHO, _ECHO_6 = 8, 128
_DAY_SECONDS = 86_400


class _NotLookedAtError(Exception):
    """Nobody was asked: the name is not known, or its address may not be looked at."""

    def __init__(self, said: str, host: str) -> None:
        super().__init__(said)
        self.look = Look(state=State.NOT_KNOWN, said=said, values={"host": host})


async def network_look(item: NewItem) -> Look:
    """Look at the item by its way."""
    began = time.monotonic()
    try:
        async with asyncio.timeout(item.timeout_seconds):
            look = await _CHECKS[item.way](item)
    except TimeoutError:
        return _out("no-answer", seconds=item.timeout_seconds)
    except _NotLookedAtError as error:
        return error.look
    except OSError as error:
        return _failed(item, error)
    ms = round((time.monotonic() - began) * 1000)
    return look or Look(state=State.IN_ORDER, said="answers", values={"ms": ms})


def _failed(item: NewItem, error: OSError) -> Look:
    """Judge by how it failed; an error of certificates is one of the system as well."""
    if isinstance(error, ssl.SSLCertVerificationError):
        if error.verify_code == _EXPIRED:
            return _out("certificate-over")
        why = {"why": error.verify_message}
        return Look(state=State.DISTURBED, said="certificate-untrusted", values=why)
    if error.errno in _NOT_ALLOWED and item.way is Way.PING:
        return Look(state=State.NOT_KNOWN, said="ping-forbidden")
    return _out("refused")


_NOT_ALLOWED = frozenset({errno.EACCES, errno.EPERM})
_EXPIRED = 10
"""OpenSSL's X509_V_ERR_CERT_HAS_EXPIRED."""


async def _tcp(item: NewItem) -> Look | None:
    address = await _address(item.host)
    _reader, writer = await asyncio.open_connection(address, item.port or USUAL_PORTS[Way.TCP])
    writer.close()
    return None


async def _http(item: NewItem) -> Look | None:
    """Ask for the head of the answer alone; a redirection is an answer, and not followed.

    A device in the house has a certificate of its own making: that it is not confirmed is no fault of it.
    """
    parts = urlsplit(item.path)
    host = parts.hostname or ""
    address = await _address(host)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    reader, writer = await asyncio.open_connection(
        address, port, ssl=_unverified() if secure else None, server_hostname=host if secure else None
    )
    try:
        asked = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        named = f"[{host}]" if ":" in host else host
        head = f"GET {asked} HTTP/1.1", f"Host: {named}:{port}", "Connection: close", "User-Agent: hotline"
        writer.write("".join(f"{line}\r\n" for line in [*head, ""]).encode())
        await writer.drain()
        line = (await reader.readline())[:_MOST_OF_HEAD].split()
    except ValueError:  # a line without an end
        line = []
    finally:
        writer.close()
    status = int(line[1]) if len(line) > 1 and line[0].startswith(b"HTTP/") and line[1].isdigit() else 0
    if 0 < status < _UNANSWERED:
        return None
    return _out("http-status", status=status) if status else _out("not-http")


async def _certificate(item: NewItem) -> Look | None:
    address = await _address(item.host)
    port = item.port or USUAL_PORTS[Way.CERTIFICATE]
    _reader, writer = await asyncio.open_connection(
        address, port, ssl=ssl.create_default_context(), server_hostname=item.host
    )
    try:
        certificate = writer.get_extra_info("peercert")
    finally:
        writer.close()
    return certificate_look(str(certificate["notAfter"]), datetime.now(UTC))


def certificate_look(ends: str, now: datetime) -> Look:
    """Judge by its end, as OpenSSL writes it: `Jan  5 09:34:43 2027 GMT`."""
    days = int((ssl.cert_time_to_seconds(ends) - now.timestamp()) // _DAY_SECONDS)
    if days < 0:
        return _out("certificate-over")
    if days < CERTIFICATE_ENDS_SOON_DAYS:
        return Look(state=State.DISTURBED, said="certificate-ends", values={"days": days})
    return Look(state=State.IN_ORDER, said="certificate-good", values={"days": days})


async def _ping(item: NewItem) -> Look | None:
    """Send an ICMP echo without privileges, where the machine lets us (`net.ipv4.ping_group_range`)."""
    address = await _address(item.host)
    six = ":" in address
    family, protocol = (
        (socket.AF_INET6, socket.getprotobyname("ipv6-icmp"))
        if six
        else (socket.AF_INET, socket.IPPROTO_ICMP)
    )
    loop = asyncio.get_running_loop()
    with socket.socket(family, socket.SOCK_DGRAM, protocol) as channel:
        channel.setblocking(False)  # noqa: FBT003 - its one parameter
        await loop.sock_connect(channel, (address, 0))
        await loop.sock_sendall(channel, _echo(six=six))
        await loop.sock_recv(channel, 1024)
    return None


def _echo(*, six: bool) -> bytes:
    """An echo request; the kernel fills in the id, and for IPv6 the sum."""
    bare = struct.pack("!BBHHH", _ECHO_6 if six else _ECHO, 0, 0, 0, 1) + b"hotline!"
    total = sum(struct.unpack(f"!{len(bare) // 2}H", bare))
    total = (total & 0xFFFF) + (total >> 16)
    return bare[:2] + struct.pack("!H", ~total & 0xFFFF) + bare[4:]


async def _ups(item: NewItem) -> Look | None:
    address = await _address(item.host)
    return ups_look(await ups_vars(address, item.port or USUAL_PORTS[Way.NUT], item.path), item.path)


_CHECKS: Mapping[Way, Callable[[NewItem], Awaitable[Look | None]]] = {
    Way.TCP: _tcp,
    Way.HTTP: _http,
    Way.PING: _ping,
    Way.CERTIFICATE: _certificate,
    Way.NUT: _ups,
}


async def _address(host: str) -> str:
    """Resolve the name; addresses of clouds' own services, of groups and of nobody are not looked at."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise _NotLookedAtError("no-name", host) from error
    address = str(found[0][4][0])
    known = ipaddress.ip_address(address.partition("%")[0])
    plain = getattr(known, "ipv4_mapped", None) or known
    here = plain.is_loopback  # upsd is often on this very machine
    if not here and (plain.is_link_local or plain.is_multicast or plain.is_unspecified or plain.is_reserved):
        raise _NotLookedAtError("forbidden-address", host)
    return address


def _unverified() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _out(said: str, **values: str | int) -> Look:
    return Look(state=State.OUT_OF_ORDER, said=said, values=values)
