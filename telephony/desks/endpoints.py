"""The SIP endpoints of dispatchers: a desk phone each, and a phone in the browser beside it; and of guests.

A guest is a resident who calls once, by the browser.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hotline.calls.web_calls import FROM_BROWSER

DESK = "desk-"
BROWSER = "web-"
GUEST = "guest-"
PJSIP = "PJSIP/"
_EXTENSION = re.compile(rf"(?:{PJSIP})?(?:{DESK}|{BROWSER})(\d+)")


_ASKED_FOR = {"timers": "always", "timers_min_se": "90", "timers_sess_expires": "90"}
"""Asterisk asks a desk phone every 45 s whether the call is still there, the shortest that RFC 4028 allows.

So one that is dead is found also while the service, which finds it within seconds, is away. Browsers are not
there without the service.
"""

REGISTRAR_ASKED = {"qualify_frequency": "5", "qualify_2xx_only": "yes"}
"""How often a registrar that is not Asterisk itself is asked whether a desk's phone is there, in seconds."""
REGISTRARS_ASKED = REGISTRAR_ASKED | {"qualify_frequency": "2", "qualify_timeout": "1.0"}
"""Of a pair each stands in for the other: no desk is rung long by way of the one that has just died."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPlan:
    """How desk phones are reached, and when one that sends no sound is taken for dead, in seconds."""

    registrars: Sequence[str] = ()
    """Where they are registered, host and port, when not at this Asterisk; it tells whether one is there."""
    sound_address: str = ""
    """Where Asterisk speaks with desk phones; empty: at any address of its machine."""
    proxy: str
    """SIP URI of the proxy through which all of them are reached; empty: directly."""
    silence_seconds: int
    """Watched by `telephony.node.silent_phones`."""
    hold_silence_seconds: int
    """The same while the phone holds the call: many send nothing then, and a consultation takes time."""
    desks_from: str | None = None
    """The only networks from which a desk phone's SIP is taken, by commas; None: any."""
    browsers_from: str | None = None
    """The only address from which a browser's SIP is taken: the service's; None: any."""
    guests: int = 0
    """How many guests may call together, by whichever process of pages."""
    guest_seconds: float = 3600.0
    """How long the call of one may last."""
    browsers_at_edge: bool = False
    """Browsers, too, are registered at the registrars, which vouch for whose browser one is."""
    srtp_offered: bool = False
    """Desk phones that can have their sound encrypted (SRTP, with keys in SDP)."""
    srtp_demanded: bool = False
    """No desk phone is spoken with in the clear."""
    pages_here: bool = True
    """No other process serves pages to browsers with a phone."""


def extension_of(name: str) -> str | None:
    """The extension to which an endpoint or its channel belongs; None when it is no dispatcher's."""
    found = _EXTENSION.match(name)
    return found.group(1) if found else None


def is_browser(name: str) -> bool:
    """Tell a browser's endpoint or channel."""
    return name.removeprefix(PJSIP).startswith(BROWSER)


def desk_fields(name: str, plan: DeskPlan, *, tells_transfers: bool) -> Mapping[str, str]:
    """The fields of a desk phone's endpoint in Asterisk. Its password is good in `desks_from` only."""
    fields = _common(name, tells_transfers=tells_transfers) | {"allow": "opus,g722,alaw,ulaw"} | _ASKED_FOR
    if plan.srtp_offered:
        optimistic = "no" if plan.srtp_demanded else "yes"
        fields |= {"media_encryption": "sdes", "media_encryption_optimistic": optimistic}
    if plan.sound_address:
        fields |= {"media_address": plan.sound_address, "bind_rtp_to_media_address": "yes"}
    return fields | _only_from(plan.desks_from) | ({"outbound_proxy": plan.proxy} if plan.proxy else {})


def desk_addresses(name: str, plan: DeskPlan) -> Mapping[str, str]:
    """The fields of a desk phone's addresses in Asterisk: what it registers, or the one at each registrar."""
    if not plan.registrars:
        return {"max_contacts": "1", "remove_existing": "yes", "qualify_frequency": "30"}
    contacts = [f"sip:{name}@{one}" for one in plan.registrars]
    return {"contact": ",".join(contacts)} | (REGISTRARS_ASKED if len(contacts) > 1 else REGISTRAR_ASKED)


def browser_addresses(name: str, plan: DeskPlan) -> Mapping[str, str]:
    """The fields of a browser's addresses: what it registers, or the one at each registrar."""
    if not plan.browsers_at_edge:
        return {"max_contacts": "1", "remove_existing": "yes"}
    contacts = [f"sip:{name}@{one}" for one in plan.registrars]
    return {"contact": ",".join(contacts)} | REGISTRARS_ASKED


def addresses_at_edges(extension: str, plan: DeskPlan) -> Mapping[str, Mapping[str, str]]:
    """The fields of a dispatcher's addresses that are at registrars, by name; none where none are."""
    if not plan.registrars:
        return {}
    desk, browser = DESK + extension, BROWSER + extension
    browsers = {browser: browser_addresses(browser, plan)} if plan.browsers_at_edge else {}
    return {desk: desk_addresses(desk, plan)} | browsers


def browser_fields(name: str, plan: DeskPlan, *, tells_transfers: bool) -> Mapping[str, str]:
    """The same of a browser's: encrypted sound, with a certificate that Asterisk makes for each call.

    Its password is good through our own WebSocket only, which ends with the session: nobody takes it along to
    another telephone.
    """
    fields = _common(name, tells_transfers=tells_transfers) | {
        "webrtc": "yes",
        "dtls_auto_generate_cert": "yes",
        "allow": "opus,alaw,ulaw",
    }
    return fields | _only_from(plan.browsers_from)


def guest_fields(name: str, plan: DeskPlan) -> Mapping[str, str]:
    """The fields of the endpoint for one call of a resident's browser; its dialplan has our own number alone.

    Without an `aor` nothing can be registered, and nobody can be rung there. The edge, which vouches for
    whose browser one is, is believed without a password: one is good at the node alone that asks for it.
    """
    return (
        ({} if plan.browsers_at_edge else {"auth": name})
        | {
            "context": "from-web",
            "callerid": f"<{FROM_BROWSER}>",
            "disallow": "all",
            "allow": "opus,alaw,ulaw",
            "webrtc": "yes",
            "dtls_auto_generate_cert": "yes",
            "direct_media": "no",
            "dtmf_mode": "rfc4733",
            "language": "uk",
            "tone_zone": "ua",
            "send_pai": "no",
            "send_rpid": "no",
        }
        | dict.fromkeys(_NOT_FOR_GUESTS, "no")
        | _only_from(plan.browsers_from)
    )


_NOT_FOR_GUESTS = (
    *("allow_transfer", "allow_subscribe", "allow_overlap"),
    *("send_connected_line", "trust_connected_line", "trust_id_inbound"),
)


def guest_of(channel_name: str) -> str | None:
    """Name the guest's endpoint of a channel such as `PJSIP/guest-a1b2-00000004`; None for any other."""
    name = channel_name.removeprefix(PJSIP).rpartition("-")[0]
    return name if channel_name.startswith(PJSIP + GUEST) else None


def _only_from(networks: str | None) -> dict[str, str]:
    """Have Asterisk take who writes from elsewhere for a stranger, whatever password they know."""
    if networks is None:
        return {}
    return {"deny": "0.0.0.0/0,::/0"} | ({"permit": networks} if networks else {})


def _common(name: str, *, tells_transfers: bool) -> dict[str, str]:
    # An Asterisk that would carry out a transfer by itself, behind our back, is to refuse it.
    transfers = (
        {"set_var": "PJSIP_TRANSFER_HANDLING()=ari-only"} if tells_transfers else {"allow_transfer": "no"}
    )
    return {
        "aors": name,
        "auth": name,
        "context": "from-dispatchers",
        "disallow": "all",
        "direct_media": "no",
        "dtmf_mode": "rfc4733",
        "send_pai": "yes",
        "allow_overlap": "no",
    } | transfers
