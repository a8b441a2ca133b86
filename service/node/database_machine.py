"""Renders patroni-conf/ for one of the three machines that keep the database, and tells how to connect."""

import hmac
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from hotline.errors import SettingsError
from service.node.templates import filled, write_private
from service.settings.database import DatabaseMachineSettings

TEMPLATES = Path(__file__).resolve().parents[2] / "patroni-conf"
POSTGRES_PORT, POOL_PORT, PATRONI_PORT, ETCD_PORT, ETCD_PEER_PORT = 5432, 6432, 8008, 2379, 2380
CONNECTIONS = 500
"""A process of the hotline holds up to 27 of a pair when it is busy."""
POOLED = 60
"""Connections that pgbouncer opens at most, however many come to it."""
LOOPBACK = "127.0.0.1"
VOTERS = 3
"""One may be away, and the others still agree."""
LEAST_SECRET = 24
BACKUPS = "pgbackrest.conf"
STANZA = "hotline"
_ARCHIVING = """\
    archive_mode: "on"
    archive_timeout: {seconds}
    archive_command: 'pgbackrest --config={config} --stanza={stanza} archive-push "%p"'
  recovery_conf:
    restore_command: 'pgbackrest --config={config} --stanza={stanza} archive-get %f "%p"'"""
ARCHIVE_SECONDS = 60
"""So much at most is lost when both machines are lost at once."""
OF_WITNESS = ("etcd.env",)
"""What the third machine needs."""
_PROGRAMS = Path("/usr/lib/postgresql")


def write(settings: DatabaseMachineSettings, into: Path) -> Sequence[Path]:
    """Write this machine's configuration into a folder; raises SettingsError for unusable settings."""
    values = _values(settings, into)
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    witness = settings.machine in settings.witnesses
    names = OF_WITNESS if witness else sorted(one.name for one in TEMPLATES.iterdir())
    if not settings.backups:
        names = [name for name in names if name != BACKUPS]
    for name in names:
        write_private(into / name, filled((TEMPLATES / name).read_text("utf-8"), values))
    if not witness:
        run = into / "run"
        run.mkdir(mode=0o700, exist_ok=True)
    return [into / name for name in names]


def url(settings: DatabaseMachineSettings, *, port: int = POSTGRES_PORT) -> str:
    """Give the `HOTLINE_DATABASE_URL` that leads to whichever machine is the primary."""
    _require(settings)
    hosts = "&".join(f"host={host}:{port}" for host in settings.databases.values())
    return f"postgresql://hotline:{_password(settings, 'hotline')}@/hotline?{hosts}"


def _require(settings: DatabaseMachineSettings) -> None:
    voters = {**settings.databases, **settings.witnesses}
    if len(voters) != VOTERS or not settings.databases:
        raise SettingsError(
            "HOTLINE_DATABASE_MACHINES and HOTLINE_DATABASE_WITNESS have to name three machines in all,"
            " such as a=192.0.2.21,b=192.0.2.22 and edge=192.0.2.1: with two, none could tell a dead"
            " neighbour from a cut cable."
        )
    if len(settings.secret) < LEAST_SECRET:
        raise SettingsError(
            f"HOTLINE_DATABASE_SECRET_FILE has to name a file of at least {LEAST_SECRET} signs, the same on"
            " all three machines: `hotline database secret` prints such."
        )


def _password(settings: DatabaseMachineSettings, role: str) -> str:
    """Make a role's password of the secret, so that one file is carried from machine to machine."""
    return hmac.digest(settings.secret.encode(), f"hotline database {role}".encode(), "sha256").hex()[:48]


def _values(settings: DatabaseMachineSettings, into: Path) -> Mapping[str, str]:
    _require(settings)
    voters = {**settings.databases, **settings.witnesses}
    if settings.machine not in voters:
        raise SettingsError(f"HOTLINE_DATABASE_MACHINE has to be one of {', '.join(voters)}.")
    networks = [str(one) for one in settings.networks]
    trusted = [*settings.databases.values(), LOOPBACK]
    hba = [
        f"host {what} {host}/32 scram-sha-256"
        for host in trusted
        for what in ("replication replicator", "all all")
    ]
    hba += [f"host hotline all {network} scram-sha-256" for network in networks]
    return {
        "MACHINE": settings.machine,
        "HOST": voters[settings.machine],
        "ETC": str(into),
        "RUN": str(into / "run"),
        "ARCHIVING": _archiving(settings, into),
        "BACKUPS": settings.backups,
        "BACKUP_PASSWORD": _password(settings, "backups"),
        "DATA": str(settings.data / "data"),
        "ETCD_DATA": str(settings.data / "etcd"),
        "PROGRAMS": _programs(),
        "HBA": "\n".join(f"    - {one}" for one in hba),
        "CONNECTIONS": str(CONNECTIONS),
        "POOLED": str(POOLED),
        "POSTGRES_PORT": str(POSTGRES_PORT),
        "POOL_PORT": str(POOL_PORT),
        "PATRONI_PORT": str(PATRONI_PORT),
        "ETCD_PORT": str(ETCD_PORT),
        "ETCD_PEER_PORT": str(ETCD_PEER_PORT),
        "ETCD_HOSTS": ", ".join(f'"{host}:{ETCD_PORT}"' for host in voters.values()),
        "ETCD_MEMBERS": ",".join(f"{name}=http://{host}:{ETCD_PEER_PORT}" for name, host in voters.items()),
        "OWNER_PASSWORD": _password(settings, "hotline"),
        "PATRONI_PASSWORD": _password(settings, "patroni"),
        "REPLICATION_PASSWORD": _password(settings, "replication"),
        "SUPERUSER_PASSWORD": _password(settings, "superuser"),
    }


def _archiving(settings: DatabaseMachineSettings, into: Path) -> str:
    if not settings.backups:
        return "    # without archive_mode: HOTLINE_DATABASE_BACKUPS names no place"
    return _ARCHIVING.format(config=into / BACKUPS, stanza=STANZA, seconds=ARCHIVE_SECONDS)


def _programs() -> str:
    """Find PostgreSQL's own programs, of the newest version that is installed."""
    versions = sorted(_PROGRAMS.glob("*/bin/initdb"), key=lambda one: int(one.parts[-3]))
    if versions:
        return str(versions[-1].parent)
    return os.path.dirname(shutil.which("initdb") or "/usr/lib/postgresql/17/bin/initdb")  # noqa: PTH120
