"""Draws the rooms of each package into docs/architecture.md: which rests on which, by the code's imports.

python docs/rooms.py
"""

import re
from collections.abc import Mapping
from pathlib import Path

import grimp

ARCHITECTURE = Path(__file__).with_name("architecture.md")
PACKAGES = ("hotline", "storage", "telephony", "cti_server", "service")
_PICTURE = re.compile(r"(<!-- rooms of (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)

Rests = Mapping[str, set[str]]
"""Each room, and those on which it rests."""


def rooms(package: str) -> Rests:
    """Find the rooms (sub-packages) of a package, and which imports from which."""
    graph = grimp.build_graph(package)
    rests: dict[str, set[str]] = {}
    for module in graph.modules:
        room = _room(module)
        if room is not None:
            others = map(_room, graph.find_modules_directly_imported_by(module))
            rests.setdefault(room, set()).update(one for one in others if one not in (None, room))
    return rests


def picture(rests: Rests) -> str:
    """Draw them; an arrow that follows from two others is left out."""
    lines = ["```mermaid", "flowchart TD"]
    for room in sorted(rests):
        direct = [one for one in sorted(rests[room]) if not _follows(rests, room, one)]
        lines += [f"    {room} --> {one}" for one in direct] or [f"    {room}"]
    return "\n".join([*lines, "```"]) + "\n"


def drawn(text: str) -> str:
    """Give the page with its pictures made anew."""
    return _PICTURE.sub(lambda found: f"{found[1]}{picture(rooms(found[2]))}{found[3]}", text)


def _room(module: str) -> str | None:
    """Tell in which room a module is; None for those that stand in no room."""
    parts = module.split(".")
    return parts[1] if len(parts) > 2 else None  # noqa: PLR2004 - package, room, module


def _follows(rests: Rests, room: str, other: str) -> bool:
    """Tell whether the arrow from a room to another can be left out: other arrows lead there as well."""
    return any(
        other in _below(rests, third) and room not in _below(rests, third) for third in rests[room] - {other}
    )


def _below(rests: Rests, room: str) -> set[str]:
    """All on which a room rests, however far below."""
    found: set[str] = set()
    waiting = [room]
    while waiting:
        for one in rests.get(waiting.pop(), set()) - found:
            found.add(one)
            waiting.append(one)
    return found


if __name__ == "__main__":
    ARCHITECTURE.write_text(drawn(ARCHITECTURE.read_text(encoding="utf-8")), encoding="utf-8")
