"""`hotline edge`: Kamailio before several Asterisk nodes; a node that is to rest takes no new calls."""

import argparse
import os

from service.commands.tables import write_table
from service.node.edge import control_socket, prepare, program
from service.node.edge_control import EdgeControl
from service.settings.settings import Settings


async def run(settings: Settings, _given: argparse.Namespace) -> None:
    """Become Kamailio, in the foreground."""
    prepare(settings)
    command = program(settings)
    os.execv(command[0], command)  # noqa: S606 - our own Kamailio


async def show(settings: Settings, _given: argparse.Namespace) -> None:
    nodes = await _control(settings).nodes()
    write_table(
        [("node", "address", "state", "calls"), *((one.name, one.uri, one.state, one.calls) for one in nodes)]
    )


async def drain(settings: Settings, given: argparse.Namespace) -> None:
    await _control(settings).drain(given.node)


async def take_back(settings: Settings, given: argparse.Namespace) -> None:
    await _control(settings).take_back(given.node)


def _control(settings: Settings) -> EdgeControl:
    return EdgeControl(control_socket(settings))
