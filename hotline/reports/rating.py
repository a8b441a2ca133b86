"""The rating of enterprises, by what their closed appeals prove.

An enterprise's mark is the mean of four shares of its closed appeals: in time, confirmed by the applicant,
not returned, accepted within a day. Of each the lower bound of Wilson's interval counts
(`hotline.shares.lower_bound`), so that ten appeals without a fault do not come before a thousand with few:
the fewer there are, the less they prove. A bound rests on the enterprise's own counts alone, and anybody can
work it out again; a mean that is drawn towards the city's would change with what others do. Who has closed
fewer than FEW has no place: by chance alone it would be the last. Stars stand beside, and count nothing:
few applicants give any.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hotline.reports.measures import MEASURES, Amounts, Key
from hotline.shares import lower_bound

FEW = 20
SHARES = ("in-time", "confirmed", "returned", "accepted")
"""Measures that make the mark; of the returned those count that were not."""
OF_CLOSED = tuple(MEASURES[name] for name in ("closed", *SHARES))
STARS = MEASURES["stars"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """One enterprise. `place` None: it has closed too few. `parts` are counts by measure, of `closed`."""

    executor_id: int
    enterprise: str
    place: int | None
    mark: float
    closed: int
    parts: Mapping[str, int]
    stars: float | None
    stars_given: int


def rated(
    closed: Mapping[Key, Amounts], surveys: Mapping[Key, Amounts], names: Mapping[int, str]
) -> Sequence[Rated]:
    """Rate the enterprises: those with a place, the best first, then those without one, by name."""
    found = []
    for key, amounts in closed.items():
        many = amounts.part(OF_CLOSED[0])
        if not key or not many:
            continue
        parts = {one.name: amounts.part(one) for one in OF_CLOSED[1:]}
        asked = surveys.get(key, Amounts())
        found.append(
            Rated(
                executor_id=int(key),
                enterprise=names.get(int(key), str(key)),
                place=None,
                mark=mark(parts, many),
                closed=many,
                parts=parts,
                stars=asked.value(STARS),
                stars_given=asked.part(STARS),
            )
        )
    ranked = sorted((one for one in found if one.closed >= FEW), key=lambda one: (-one.mark, one.enterprise))
    few = sorted((one for one in found if one.closed < FEW), key=lambda one: one.enterprise.casefold())
    return [*(replace(one, place=place) for place, one in enumerate(ranked, 1)), *few]


def mark(parts: Mapping[str, int], closed: int) -> float:
    """Give the mark from 0 to 1."""
    good = [closed - parts[name] if name == "returned" else parts[name] for name in SHARES]
    return sum(lower_bound(part, closed) for part in good) / len(good)
