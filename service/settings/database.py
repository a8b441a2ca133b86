"""The settings of two database machines under Patroni, and of the third that has a vote."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

from hotline.access.networks import Networks
from hotline.errors import SettingsError
from service import environment as env

_NAME = re.compile(r"[a-z][a-z0-9]{0,11}")


def _machines(variable: str, given: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for one in filter(None, (part.strip() for part in given.split(","))):
        name, _, address = one.partition("=")
        if not _NAME.fullmatch(name) or name in found:
            raise SettingsError(f"{variable} has {one!r}: give such as a=192.0.2.21,b=192.0.2.22.")
        found[name] = _address(variable, address)
    return found


def _address(variable: str, given: str) -> str:
    try:
        return str(IPv4Address(given))
    except ValueError as error:
        raise SettingsError(f"{variable} has {given!r}: give an address such as 192.0.2.21.") from error


def _folder(_variable: str, given: str) -> Path:
    return Path(given)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseMachineSettings:
    """Machines of the database."""

    databases: Mapping[str, str] = env.parsed(
        "HOTLINE_DATABASE_MACHINES",
        "",
        "for `hotline database`: the two machines with PostgreSQL, by name, such as"
        " `a=192.0.2.21,b=192.0.2.22`",
        _machines,
    )
    witnesses: Mapping[str, str] = env.parsed(
        "HOTLINE_DATABASE_WITNESS",
        "",
        "for `hotline database`: the third machine, which only has a vote, such as `edge=192.0.2.1`",
        _machines,
    )
    machine: str = env.text(
        "HOTLINE_DATABASE_MACHINE", "", "for `hotline database`: which of the three this machine is"
    )
    networks: Networks = env.parsed(
        "HOTLINE_DATABASE_NETWORKS",
        "127.0.0.0/8",
        "for `hotline database`: the networks, by commas, from which the hotline connects",
        env.networks,
    )
    secret: str = env.secret(
        "HOTLINE_DATABASE_SECRET",
        "for `hotline database`: the secret of which all its passwords are made, the same on all machines",
        usual="made by `hotline database secret`",
    )
    backups: str = env.text(
        "HOTLINE_DATABASE_BACKUPS",
        "",
        "for `hotline database`: a folder of another machine that both have mounted, into which pgBackRest"
        " puts encrypted backups and all that was written since",
    )
    data: Path = env.parsed(
        "HOTLINE_DATABASE_FOLDER",
        "/var/lib/postgresql/hotline",
        "for `hotline database`: below it lie the data of PostgreSQL and etcd",
        _folder,
    )
