"""Shares, percentiles and the bounds of shares: arithmetic of figures, the same for all of them."""

from collections.abc import Sequence
from math import sqrt

MEDIAN = 0.5
_SURE = 1.96
"""Standard deviations within which 95 % of the samples of a normal distribution lie."""


def share(part: int, whole: int) -> float | None:
    """Give the share from 0 to 1; None of nothing."""
    return part / whole if whole else None


def percentile(counts: Sequence[tuple[int, int]], share: float) -> int | None:
    """The nearest-rank percentile of (value, how often) pairs; None when there are none.

    At least `share` of all values are not above it (ISO 3534-1's quantile, without interpolation).
    """
    total = sum(often for _value, often in counts)
    seen = 0
    for value, often in sorted(counts):
        seen += often
        if seen >= share * total and often:
            return value
    return None


def lower_bound(part: int, whole: int) -> float:
    """Give the least share that `part` of `whole` proves (Wilson's 95 % interval, lower end); 0 of none.

    Few cases prove little: 10 of 10 prove 72 %, 950 of 1000 prove 93 %.
    """
    if not whole:
        return 0.0
    found, spread = part / whole, _SURE * _SURE / whole
    middle = found + spread / 2
    half = _SURE * sqrt(found * (1 - found) / whole + spread / (4 * whole))
    return max(0.0, (middle - half) / (1 + spread))
