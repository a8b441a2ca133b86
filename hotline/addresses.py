"""The city's register of addresses: quarters and streets, found by their old names as well."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """A quarter or a street as it is called now. `former` are the names it had."""

    name: str
    former: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundStreet:
    """A street that was searched for; `alias` is the old name by which it was found, if it was by one."""

    name: str
    alias: str = ""


class Streets(Protocol):
    """The register of streets."""

    async def add(self, streets: Sequence[Street]) -> None:
        """Enter streets; raises AlreadyTaken when one of the names is there."""
        ...

    async def find(self, text: str, limit: int = 8) -> Sequence[FoundStreet]:
        """Find streets, each once, with words that begin as those of the text before the first digit do."""
        ...

    async def present(self, address: str) -> str:
        """Write the address with the street's present name where it begins with an old one."""
        ...


def demo_streets() -> Sequence[Street]:
    """The quarters and streets of Slavutych."""
    read = tomllib.loads(files("hotline").joinpath("data/streets.toml").read_text("utf-8"))
    return [Street(name=one["name"], former=tuple(one.get("former", ()))) for one in read["street"]]
