"""Asterisk as this hotline runs it: renders asterisk-conf/ into var/asterisk/etc and says how to start it."""

import os
import re
import resource
import socket
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path

from hotline.dialling.hosts import in_uri
from hotline.dialling.nodes import system_name
from hotline.errors import SettingsError
from hotline.neighbours.agreement import dialled_forms
from service.node import asterisk_memory
from service.node.asterisk_installation import Installation, installation, major_version
from service.node.templates import filled, write_private
from service.settings.settings import Settings
from service.settings.telephony import DeskTls, family_of, is_one_address

TEMPLATES = Path(__file__).resolve().parents[2] / "asterisk-conf"
FOLDERS = (
    *(
        "etc/pjsip.d",
        "etc/manager.d",
        "etc/extensions.d",
        "log/cel-custom",
        "spool/recording",
        "spool/monitor",
    ),
    *("run", "lib/keys", "data/sounds", "cache"),
)
AGI_SECONDS = 2
"""With the lease before it the longest silence that a service leaves which does nothing any more."""
QUEUE_SECONDS = 900
HELD_SECONDS = 60
"""The time for which callers wait for a silent service while another node serves, and no desk is rung."""
LONGEST_SOCKET_PATH = 107
NEIGHBOUR_NUMBER = "extensions.d/neighbour-number.conf"
SOUND_PORTS = "rtp.conf"
FEWEST_SOUND_PORTS = 8
OPEN_FILES = 65536
RESOLVER = "RES_OPTIONS"
"""The variable by which libc is told how patient to be with a DNS."""
EVENTS_BY_NAME_SINCE = 22
_WHEN_PRESENT = re.compile(r"^load = (\S+) *; when present\n", re.MULTILINE)
_NUMBER = re.compile(r"\+?[0-9]{1,15}")
_AWKWARD = re.compile(r"[\s,;|&(){}\[\]$\"'\\@]")
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"


def prepare(settings: Settings) -> None:
    """Make Asterisk's folders and write its configuration. Raises SettingsError for unusable settings."""
    found = installation(settings.folders.private_root)
    _check(settings)
    _make_folders(settings)
    _link_data(settings.folders.asterisk / "data", found)
    etc = settings.folders.asterisk / "etc"
    rendered = dict(_rendered(settings, found))
    for name, text in rendered.items():
        write_private(etc / name, text)
    for path in etc.rglob("*"):
        if path.is_file() and str(path.relative_to(etc)) not in rendered:
            path.unlink()


def before_a_start(settings: Settings) -> None:
    """Make ready what each start of the prepared Asterisk needs anew. Raises SettingsError."""
    asterisk_memory.ready(settings.folders)
    take_other_sound_ports(settings)


def take_other_sound_ports(settings: Settings) -> None:
    """Let the next Asterisk use the other half of the RTP ports than the one before it.

    When one was killed, telephones go on sending to its ports until somebody hangs up. The next one would
    take their packets for the sound of its own callers, who would hear one another.
    """
    lower, upper = _halves(settings)
    other = upper if _sound_ports(settings) == lower else lower
    values = {"RTP_FIRST": str(other[0]), "RTP_LAST": str(other[-1])}
    text = (TEMPLATES / SOUND_PORTS).read_text(encoding="utf-8")
    write_private(settings.folders.asterisk / "etc" / SOUND_PORTS, filled(text, values))


def require_own_address(settings: Settings) -> None:
    """Refuse an address that this machine has not, or has not yet: Asterisk would begin without it, deaf.

    Raises SettingsError.
    """
    host = settings.sip.host
    with socket.socket(family_of(host), socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((host, 0))
        except OSError as error:
            raise SettingsError(
                f"HOTLINE_SIP_HOST is {host!r}, on which this machine cannot listen: {error.strerror}."
            ) from error


def program(settings: Settings) -> list[str]:
    """Return the command line that runs the prepared Asterisk in the foreground until it is told to stop.

    A DNS that does not answer costs it one second and not ten: it asks while people wait (see `own_name`).
    """
    found = installation(settings.folders.private_root)
    patience = [] if RESOLVER in os.environ else ["env", f"{RESOLVER}=timeout:1 attempts:1"]
    return [*patience, *found.command, "-f", "-C", str(settings.folders.asterisk / "etc" / "asterisk.conf")]


def _check(settings: Settings) -> None:
    for name, number in (("NUMBER", settings.number), ("TRUNK_NUMBER", settings.trunk.number or "0")):
        if not _NUMBER.fullmatch(number):
            raise SettingsError(f"HOTLINE_{name} is {number!r}: give digits only, such as 1580.")
    if not _loopback(settings.asterisk.host):
        raise SettingsError(
            f"HOTLINE_ASTERISK_HOST is {settings.asterisk.host!r}: the control ports stay on 127.0.0.1."
        )
    var = settings.folders.var
    if _AWKWARD.search(str(var)):
        raise SettingsError(
            f"HOTLINE_VAR is {str(var)!r}: Asterisk cannot use a path with spaces or signs in it."
        )
    control = settings.folders.asterisk / "run" / "asterisk.ctl"
    if len(os.fsencode(control)) > LONGEST_SOCKET_PATH:
        raise SettingsError(f"HOTLINE_VAR is too long for a socket below it ({control}): use a shorter path.")
    if settings.sip.rtp_last - settings.sip.rtp_first + 1 < FEWEST_SOUND_PORTS:
        raise SettingsError(
            f"HOTLINE_RTP_FIRST to HOTLINE_RTP_LAST must be at least {FEWEST_SOUND_PORTS} ports: "
            "four for each talk, and half of them rest after Asterisk was started anew."
        )
    if settings.sip.desk_tls is not DeskTls.NO and not settings.edge.addresses:
        raise SettingsError(
            f"HOTLINE_DESK_TLS is {settings.sip.desk_tls}: desk phones speak TLS with Kamailio, so"
            " HOTLINE_EDGE has to name it."
        )
    _check_family(settings)
    if settings.trunk.transport == "tls" and not (settings.sip.tls_certificate and settings.sip.tls_key):
        raise SettingsError(
            "A TLS trunk needs HOTLINE_SIP_TLS_CERTIFICATE and HOTLINE_SIP_TLS_KEY (PEM files)."
        )


def _check_family(settings: Settings) -> None:
    """Refuse what a machine with one address for calls cannot do: it is of IPv4, or of IPv6."""
    sip, trunk = settings.sip, settings.trunk
    ipv6 = family_of(sip.host) is socket.AF_INET6
    if ipv6 and (settings.edge.node or settings.edge.addresses):
        raise SettingsError(
            f"HOTLINE_SIP_HOST is {sip.host!r}: nodes and Kamailio speak with each other by IPv4; give this"
            " machine's address of it."
        )
    if is_one_address(trunk.host) and family_of(sip.host) is not family_of(trunk.host):
        raise SettingsError(
            f"HOTLINE_TRUNK_HOST is {trunk.host!r} and HOTLINE_SIP_HOST {sip.host!r}: calls go by IPv4 or by"
            " IPv6, by the one of which HOTLINE_SIP_HOST is; give both of one kind."
        )


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _make_folders(settings: Settings) -> None:
    folders = settings.folders
    sounds = (folders.prompts, folders.voices, folders.recordings)
    for folder in (*(folders.asterisk / name for name in FOLDERS), *sounds):
        for part in reversed([folder, *folder.relative_to(folders.var).parents]):
            (folders.var / part).mkdir(mode=0o700, parents=part == Path(), exist_ok=True)


def _link_data(data: Path, found: Installation) -> None:
    """Our data folder holds links to the installation's, so that two installations can take turns."""
    wanted = {data / name: found.data / name for name in ("documentation", "moh", "rest-api")}
    wanted[data / "sounds" / "en"] = found.sounds
    for link, target in wanted.items():
        link.unlink(missing_ok=True)
        link.symlink_to(target)


def _rendered(settings: Settings, found: Installation) -> Iterator[tuple[str, str]]:
    values = _values(settings, found)
    by_name = major_version(found.command) >= EVENTS_BY_NAME_SINCE
    for template in sorted(TEMPLATES.rglob("*.conf")):
        name = str(template.relative_to(TEMPLATES))
        if _wanted(name, settings, by_name=by_name):
            text = template.read_text(encoding="utf-8")
            for_each = [values | more for more in _repeated(name, settings)]
            yield name, "".join(_render(text, one, found) for one in for_each)


def _repeated(name: str, settings: Settings) -> Sequence[dict[str, str]]:
    """Give the further values of a template: one of numbers is written once for each form of each."""
    if name != NEIGHBOUR_NUMBER:
        return [{}]
    numbers = settings.neighbours.numbers
    return [{"NEIGHBOUR_NUMBER": form} for one in numbers for form in dialled_forms(one)]


def _wanted(name: str, settings: Settings, *, by_name: bool) -> bool:
    """Parts that depend on the settings or on Asterisk's version are files of their own in *.d."""
    trunk, edge = settings.trunk, bool(settings.edge.addresses)
    parts = {
        "manager.d/events-by-name.conf": by_name,
        "manager.d/events-by-text.conf": not by_name,
        "pjsip.d/demo.conf": not edge and (settings.demo or (settings.calls_from_here and not trunk.host)),
        "pjsip.d/edge.conf": edge,
        "extensions.d/edge.conf": edge,
        "pjsip.d/outgoing.conf": bool(trunk.host) or settings.demo,
        "pjsip.d/trunk.conf": bool(trunk.host),
        "pjsip.d/trunk-registration.conf": bool(trunk.host and trunk.user),
        NEIGHBOUR_NUMBER: bool(settings.neighbours.numbers),
        "extensions.d/trunk-number.conf": trunk.number not in ("", settings.number),
        "rtp.d/behind-nat.conf": bool(settings.sip.sound_address)
        and is_one_address(settings.sip.external_address),
        "pjsip.d/transport-tls.conf": bool(trunk.host) and trunk.transport == "tls",
    }
    return parts.get(name, True)


def _render(template: str, values: Mapping[str, str], found: Installation) -> str:
    text = _WHEN_PRESENT.sub(lambda match: match.group(0) if found.has(match.group(1)) else "", template)
    return filled(text, values)


def _values(settings: Settings, found: Installation) -> dict[str, str]:
    return {
        name: _escaped(name, str(value))
        for name, value in (_places(settings, found) | _network(settings) | _times(settings)).items()
    }


def _places(settings: Settings, found: Installation) -> dict[str, object]:
    folders = settings.folders
    return {
        "ETC": folders.asterisk / "etc",
        "LOG": folders.asterisk / "log",
        "SPOOL": folders.asterisk / "spool",
        "RUN": folders.asterisk / "run",
        "STATE": folders.asterisk / "lib",
        "MEMORY": folders.asterisk_memory,
        "CACHE": folders.asterisk / "cache",
        "DATA": folders.asterisk / "data",
        "MODULE_FOLDER": found.modules,
        "PROMPTS": folders.prompts,
        "RECORDINGS": folders.recordings,
        "MESSAGES": folders.messages,
        "TLS_CERTIFICATE": settings.sip.tls_certificate,
        "TLS_KEY": settings.sip.tls_key,
        "TLS_AUTHORITIES": AUTHORITIES,
    }


def _network(settings: Settings) -> dict[str, object]:
    control, sip, trunk = settings.asterisk, settings.sip, settings.trunk
    sound_ports = _sound_ports(settings)
    return {
        "NUMBER": settings.number,
        "SYSTEM_NAME": system_name(settings.edge.node),
        "EDGE_HOSTS": ",".join(dict.fromkeys(one.host for one in settings.edge.addresses)),
        "CONTROL_HOST": control.host,
        "CONTROL_NET": "127.0.0.0/8",
        "ARI_PORT": control.ari_port,
        "AMI_PORT": control.ami_port,
        "AGI_ADDRESS": f"{control.host}:{control.agi_port}",
        "AGI_WORD": control.agi_word,
        "ARI_SECRET": control.ari_secret,
        "AMI_SECRET": control.ami_secret,
        "SIP_HOST": in_uri(sip.host),
        "SOUND_ADDRESS": sip.sound_address,
        "SIP_PORT": settings.sip_port,
        "SIP_TLS_PORT": sip.tls_port,
        "EXTERNAL_ADDRESS": sip.external_address,
        "RTP_FIRST": sound_ports[0],
        "RTP_LAST": sound_ports[-1],
        "TRUNK_HOST": trunk.host,
        "TRUNK_AT": f"{in_uri(trunk.host)}:{trunk.port}",
        "TRUNK_NUMBER": trunk.number,
        "TRUNK_TRANSPORT": trunk.transport,
        "TRUNK_SCHEME": "sips" if trunk.transport == "tls" else "sip",
        "TRUNK_USER": trunk.user,
        "TRUNK_SECRET": trunk.secret,
    }


def _sound_ports(settings: Settings) -> range:
    """Give the half of the RTP ports that is configured already, or the lower one."""
    lower, upper = _halves(settings)
    rendered = settings.folders.asterisk / "etc" / SOUND_PORTS
    known = rendered.read_text(encoding="utf-8") if rendered.is_file() else ""
    return upper if f"rtpstart = {upper[0]}\n" in known else lower


def _halves(settings: Settings) -> tuple[range, range]:
    first, after = settings.sip.rtp_first, settings.sip.rtp_last + 1
    middle = first + (after - first) // 4 * 2  # each sound has an even port, and the odd one behind it
    return range(first, middle), range(middle, after)


def _times(settings: Settings) -> dict[str, object]:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return {
        "LEASE_SECONDS": settings.line.lease_seconds,
        "RING_SECONDS": settings.line.ring_seconds,
        "AFTER_CALL_SECONDS": settings.line.after_call_seconds,
        "AGI_SECONDS": AGI_SECONDS,
        "QUEUE_SECONDS": QUEUE_SECONDS,
        "HELD_SECONDS": HELD_SECONDS,
        "OPEN_FILES": OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES),
    }


def _escaped(name: str, value: str) -> str:
    """Write a value as an Asterisk file takes it: `;` begins a comment, a line break a new setting."""
    if not value.isprintable():
        raise SettingsError(f"The setting behind {name} holds a line break or another unprintable sign.")
    return value.replace(";", "\\;")
