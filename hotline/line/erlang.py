"""How many dispatchers a half-hour needs: Erlang C, whose callers wait for ever, and Erlang A, whose give up.

Erlang C: A. K. Erlang, 1917. Erlang A (M/M/n+M): C. Palm, 1946; as in A. Mandelbaum and S. Zeltyn, "The
Palm/Erlang-A Queue, with Applications to Call Centers", 2005. Times are in seconds.
"""

import math
from dataclasses import dataclass

_NEGLIGIBLE = 1e-12
_MOST = 10_000
"""Dispatchers nobody will ever have: a target beyond reach ends here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """The calls of a while: how many in a second, how long one takes (talk and after-call), and the patience.

    `patience` is how long a caller would wait on average before giving up; None: for ever.
    """

    rate: float
    handling: float
    patience: float | None = None

    @property
    def load(self) -> float:
        """The offered traffic, in erlangs: how many dispatchers would talk at once if none ever lacked."""
        return self.rate * self.handling


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """What callers meet in the long run."""

    in_time: float
    """The share answered within the time asked for."""
    waits: float
    """The share who wait at all."""
    abandons: float
    mean_wait: float
    """Of all callers; infinite when the line grows without end."""


def perform(demand: Demand, dispatchers: int, within: float) -> Performance:
    """Tell how callers fare with this number of dispatchers; `within` is the wait that counts as in time."""
    if demand.rate <= 0 or demand.handling <= 0:
        return Performance(in_time=1.0, waits=0.0, abandons=0.0, mean_wait=0.0)
    if demand.patience is None:
        return _erlang_c(demand, dispatchers, within)
    return _erlang_a(demand, demand.patience, dispatchers, within)


def needed(demand: Demand, *, within: float, target: float) -> int:
    """The fewest dispatchers with whom at least `target` of the callers are answered `within` the time."""
    if demand.rate <= 0 or demand.handling <= 0:
        return 0
    fewest = max(1, math.ceil(demand.load * target))  # fewer could not even talk with that share
    for dispatchers in range(fewest, _MOST):
        if perform(demand, dispatchers, within).in_time >= target:
            return dispatchers
    return _MOST


def _erlang_b(load: float, servers: int) -> float:
    """The share that finds all busy where nobody waits; by recursion, which no factorial overflows."""
    blocked = 1.0
    for busy in range(1, servers + 1):
        blocked = load * blocked / (busy + load * blocked)
    return blocked


def _erlang_c(demand: Demand, dispatchers: int, within: float) -> Performance:
    spare = dispatchers - demand.load
    if spare <= 0:
        return Performance(in_time=0.0, waits=1.0, abandons=0.0, mean_wait=math.inf)
    blocked = _erlang_b(demand.load, dispatchers)
    waits = blocked / (1 - demand.load / dispatchers * (1 - blocked))
    late = waits * math.exp(-spare * within / demand.handling)
    mean_wait = waits * demand.handling / spare
    return Performance(in_time=1 - late, waits=waits, abandons=0.0, mean_wait=mean_wait)


def _erlang_a(demand: Demand, patience: float, dispatchers: int, within: float) -> Performance:
    """Sum over how many wait `ahead`.

    The wait behind them is a sum of stages whose rates grow evenly, so that how many stages fit into a time
    is a negative binomial number.
    """
    blocked = _erlang_b(demand.load, dispatchers)
    serves = dispatchers / demand.handling * patience  # talks ended in the time of one patience
    more = 1 - math.exp(-within / patience)
    stages = late = math.exp(-within / patience * (serves + 1))
    weight, ahead = 1.0, 0
    waiting = queued = answered = 0.0
    while weight > _NEGLIGIBLE * (1 + waiting) or ahead < demand.rate * patience - serves:
        waiting += weight
        queued += weight * ahead
        answered += weight * serves / (serves + ahead + 1) * (1 - late)
        ahead += 1
        weight *= demand.rate * patience / (serves + ahead)
        stages *= more * (serves + ahead) / ahead
        late = min(1.0, late + stages)
    whole = 1 - blocked + blocked * waiting  # `blocked`: all are busy, and nobody waits
    mean_wait = blocked * queued / whole / demand.rate
    return Performance(
        in_time=(1 - blocked + blocked * answered) / whole,
        waits=blocked * waiting / whole,
        abandons=mean_wait / patience,
        mean_wait=mean_wait,
    )
