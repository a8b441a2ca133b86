"""Endpoints of phones as Asterisk has them, made anew where their networks or encryption are others now.

Asterisk keeps endpoints in its memory and refuses to change one. It tells nobody their networks, so these are
noted beside them, in a global variable, which lives as long as they do.
"""

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from hotline.errors import CallGone
from telephony.ari.actions import Ari
from telephony.ari.messages import Endpoint

log = logging.getLogger(__name__)

_NOTED = "HOTLINE_NETWORKS_"
_PERMIT = "permit"
_ENCRYPTED = "media_encryption", "media_encryption_optimistic"
_LOOKS, _LOOK_SECONDS = 250, 0.02


async def has_other_networks(ari: Ari, name: str, fields: Mapping[str, str]) -> bool:
    """Tell whether the endpoint is there, and was made for other networks or another encryption."""
    if not await ari.has_object("endpoint", name):
        return False
    return (await ari.global_variable(_NOTED + name)).value != _noted(fields)


async def provide_endpoint(ari: Ari, name: str, fields: Mapping[str, str]) -> bool:
    """Make the endpoint unless it is there; False: not yet, for it is to be made anew, and is in a talk.

    One that is made anew keeps its registrations.
    """
    if await ari.has_object("endpoint", name):
        made = await _made(ari, name)
        if made is not None and not await has_other_networks(ari, name, fields):
            return True
        if made is not None and made.channel_ids:
            return False
        log.info("phone is made anew endpoint=%s networks=%s", name, fields.get(_PERMIT))
        await ari.delete_object("endpoint", name)
        if not await _is_forgotten(ari, name):
            return False
    await ari.put_object("endpoint", name, fields)
    await ari.set_global_variable(_NOTED + name, _noted(fields))
    return True


def _noted(fields: Mapping[str, str]) -> str:
    encrypted = [fields[one] for one in _ENCRYPTED if one in fields]
    return " ".join([fields.get(_PERMIT, ""), *encrypted])


async def _made(ari: Ari, name: str) -> Endpoint | None:
    """Find what Asterisk has made of the object; None: nothing, so that nobody can be rung there."""
    with contextlib.suppress(CallGone):
        return await ari.endpoint(name)
    return None


async def _is_forgotten(ari: Ari, name: str) -> bool:
    """Wait until Asterisk has forgotten the endpoint, after its object: a new one would go with it."""
    for _ in range(_LOOKS):
        if await _made(ari, name) is None:
            return True
        await asyncio.sleep(_LOOK_SECONDS)
    return False


def is_within(uri: str, fields: Mapping[str, str]) -> bool:
    """Tell whether a registration's address, such as `sip:desk-201@10.0.0.7:5060`, is in the networks.

    What is no address, such as a name, is taken for one that is.
    """
    with contextlib.suppress(ValueError):  # also of `urlsplit`: the phone itself has written it
        address = ip_address(urlsplit(uri.replace(":", "://", 1)).hostname or "")
        return any(address in ip_network(one) for one in fields.get(_PERMIT, "").split(",") if one)
    return True
