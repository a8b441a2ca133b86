"""An UPS by the protocol of Network UPS Tools: `LIST VAR` over TCP (networkupstools.org, developer guide)."""

import asyncio
from collections.abc import Mapping

from attrs import frozen

from hotline.equipment.states import Look, State

_MOST_LINES = 500
_MINUTE = 60


@frozen(kw_only=True)
class UpsAnswer:
    """Either the variables of the UPS, or upsd's word for why it gives none, such as DATA-STALE."""

    variables: Mapping[str, str]
    error: str = ""


async def ups_vars(host: str, port: int, name: str) -> UpsAnswer:
    """Ask upsd; raises OSError, or ConnectionError when it leaves in the middle of its answer."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(f"LIST VAR {name}\n".encode())
        await writer.drain()
        found: dict[str, str] = {}
        for _ in range(_MOST_LINES):
            line = (await reader.readline()).decode("utf-8", "replace").strip()
            if line.startswith("ERR "):
                return UpsAnswer(variables={}, error=line.removeprefix("ERR ").split()[0])
            if line.startswith(f"END LIST VAR {name}"):
                return UpsAnswer(variables=found)
            kind, _, rest = line.partition(f" {name} ")
            variable, _, value = rest.partition(" ")
            if kind == "VAR":
                found[variable] = value.strip('"')
            elif not line.startswith("BEGIN "):
                raise ConnectionError("upsd speaks another protocol, or has left")
    except ValueError as error:  # a line without an end
        raise ConnectionError("upsd speaks another protocol") from error
    finally:
        writer.close()
    raise ConnectionError("upsd does not come to an end")


def ups_look(answer: UpsAnswer, name: str) -> Look:
    """Judge by `ups.status`, the worst of its words first."""
    if answer.error == "UNKNOWN-UPS":
        return Look(state=State.NOT_KNOWN, said="ups-unknown", values={"name": name})
    variables = answer.variables
    status = variables.get("ups.status", "")
    words = frozenset(status.split())
    if not words:
        return Look(state=State.NOT_KNOWN, said="ups-stale")
    for word, state, said in _WORST_FIRST:
        if word in words:
            return _filled(state, said, variables)
    return Look(state=State.DISTURBED, said="ups-other", values={"status": status})


_WORST_FIRST = (
    ("FSD", State.OUT_OF_ORDER, "ups-low"),
    ("LB", State.OUT_OF_ORDER, "ups-low"),
    ("OFF", State.OUT_OF_ORDER, "ups-off"),
    ("OVER", State.OUT_OF_ORDER, "ups-overload"),
    ("OB", State.DISTURBED, "ups-battery"),
    ("RB", State.DISTURBED, "ups-replace"),
    ("OL", State.IN_ORDER, "ups-mains"),
)
"""Words of `ups.status`; with the first four what hangs on the UPS goes off, or has gone off."""


def _filled(state: State, said: str, variables: Mapping[str, str]) -> Look:
    """Say how far it is charged, and how long it lasts, where the UPS tells."""
    charge, runtime = _whole(variables.get("battery.charge")), _whole(variables.get("battery.runtime"))
    if charge is None or (said == "ups-battery" and runtime is None):
        return Look(state=state, said=_WITHOUT_FIGURES.get(said, said))
    return Look(state=state, said=said, values={"charge": charge, "minutes": (runtime or 0) // _MINUTE})


_WITHOUT_FIGURES = {"ups-battery": "ups-battery-only", "ups-mains": "ups-mains-only"}


def _whole(given: str | None) -> int | None:
    try:
        return None if given is None else round(float(given))
    except (ValueError, OverflowError):
        return None
