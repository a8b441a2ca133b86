"""`hotline edge`: Kamailio before several Asterisk nodes; a node that is to rest takes no new calls.

Where `./start --scaled` has begun two Kamailios on this machine, both are asked and told.
"""

import argparse
import os
from collections.abc import Mapping

from service.commands.tables import write_table
from service.node.edge import control_socket_in, prepare, program
from service.node.edge_control import EdgeControl
from service.settings.settings import Settings


async def run(settings: Settings, _given: argparse.Namespace) -> None:
    """Become Kamailio, in the foreground."""
    prepare(settings)
    command = program(settings)
    os.execv(command[0], command)  # noqa: S606 - our own Kamailio


async def show(settings: Settings, _given: argparse.Namespace) -> None:
    nodes, phones = [], []
    for edge, control in _controls(settings).items():
        nodes += [(edge, one.name, one.uri, one.state, one.calls) for one in await control.nodes()]
        phones.append((edge, len(await control.registered())))
    write_table([("edge", "node", "address", "state", "calls"), *nodes])
    write_table([("edge", "phones"), *phones])


async def drain(settings: Settings, given: argparse.Namespace) -> None:
    for control in _controls(settings).values():
        await control.drain(given.node)


async def take_back(settings: Settings, given: argparse.Namespace) -> None:
    for control in _controls(settings).values():
        await control.take_back(given.node)


def _controls(settings: Settings) -> Mapping[str, EdgeControl]:
    return {name: EdgeControl(control_socket_in(folder)) for name, folder in settings.folders.edges.items()}
