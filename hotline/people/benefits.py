"""Categories of applicants, such as those who suffered from the Chornobyl disaster: who is served first.

A version is never changed once citizens were noted by it; a change is a new file with the next version.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

CURRENT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """One category (resolution 858/2008, section 7). `first`: such applicants' appeals go before others."""

    code: str
    uk: str
    en: str
    first: bool

    def name(self, language: str) -> str:
        return self.en if language == "en" else self.uk


@cache
def benefits(version: int = CURRENT) -> Mapping[str, Benefit]:
    """Read the version from its file, by code, in the classifier's order; ValueError for a code twice."""
    text = files("hotline").joinpath(f"data/benefits-{version}.toml").read_text("utf-8")
    read = [Benefit(**one) for one in tomllib.loads(text)["benefit"]]
    by_code = {one.code: one for one in read}
    if len(by_code) < len(read):
        raise ValueError(f"Categories of applicants {version}: a code stands twice.")
    return by_code


def in_order(codes: Iterable[str]) -> Sequence[Benefit]:
    """The categories of these codes as the classifier orders them; unknown codes are left out."""
    wanted = set(codes)
    return [one for code, one in benefits().items() if code in wanted]


def served_first(codes: Iterable[str]) -> bool:
    """Whether an applicant of these categories goes before others (law 393/96-ВР)."""
    return any(one.first for one in in_order(codes))
