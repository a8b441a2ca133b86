"""`hotline edge`: Kamailio before several Asterisk nodes; a node that is to rest takes no new calls.

Where `./start --scaled` has begun two Kamailios on this machine, both are asked and told.
"""

import argparse
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from hotline.errors import SettingsError
from service.commands.tables import write_table
from service.node.edge import certificate_of, closed_to_unit, control_socket_in, prepare, program
from service.node.edge_control import EdgeControl
from service.settings.settings import Settings


async def run(settings: Settings, _given: argparse.Namespace) -> None:
    """Become Kamailio, in the foreground."""
    prepare(settings)
    certificate = certificate_of(settings)
    if certificate is not None and (flaw := certificate.flaw(datetime.now(UTC))):
        sys.stderr.write(f"edge: telephones refuse the certificate, it is {flaw}\n")
    if closed := closed_to_unit(settings):
        sys.stderr.write(f"edge: it will not reach what is on 127.0.0.1: {', '.join(closed)}\n")
    command = program(settings)
    os.execv(command[0], command)  # noqa: S606 - our own Kamailio


async def show(settings: Settings, _given: argparse.Namespace) -> None:
    nodes, phones = [], []
    for edge, control in _controls(settings).items():
        nodes += [(edge, one.name, one.uri, one.state, one.calls) for one in await control.nodes()]
        phones.append((edge, len(await control.registered())))
    write_table([("edge", "node", "address", "state", "calls"), *nodes])
    write_table([("edge", "phones"), *phones])
    certificate = certificate_of(settings)
    if certificate is not None:
        told = certificate.told(datetime.now(UTC))
        write_table([("certificate", "serial", "valid"), ("sip", f"{certificate.serial:x}", told)])


async def renew(settings: Settings, _given: argparse.Namespace) -> None:
    """Show the new certificate to who connects from now on. Raises SettingsError where none would take it."""
    certificate, now = certificate_of(settings), datetime.now(UTC)
    if certificate is None:
        raise SettingsError("HOTLINE_SIP_TLS_CERTIFICATE names no certificate: the edge does without TLS.")
    if flaw := certificate.flaw(now):
        raise SettingsError(f"HOTLINE_SIP_TLS_CERTIFICATE: the new certificate is {flaw}.")
    for control in _controls(settings).values():
        await control.renew_certificate()
    sys.stdout.write(f"The edge shows its certificate {certificate.told(now)}.\n")


async def drain(settings: Settings, given: argparse.Namespace) -> None:
    for control in _controls(settings).values():
        await control.drain(given.node)


async def take_back(settings: Settings, given: argparse.Namespace) -> None:
    for control in _controls(settings).values():
        await control.take_back(given.node)


def _controls(settings: Settings) -> Mapping[str, EdgeControl]:
    return {name: EdgeControl(control_socket_in(folder)) for name, folder in settings.folders.edges.items()}
