"""The reasons for which a dispatcher pauses: data of the city, not code."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """One reason. `chosen` says whether it is still offered."""

    code: str
    uk: str
    en: str
    chosen: bool = True

    def name(self, language: str) -> str:
        return self.en if language == "en" else self.uk


@cache
def pauses() -> Mapping[str, Pause]:
    """Read the reasons, by code, in the order in which they are offered."""
    text = files("hotline").joinpath("data/pauses.toml").read_text("utf-8")
    return {one["code"]: Pause(**one) for one in tomllib.loads(text)["pause"]}
