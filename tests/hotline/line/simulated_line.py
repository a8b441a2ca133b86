"""Our line, simulated: callers come at random, the first goes to who is free first, some give up."""

import heapq
from collections import deque
from dataclasses import dataclass
from random import Random

from hotline.line.erlang import Demand


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """What the simulated callers met, as shares of all."""

    in_time: float
    abandons: float
    mean_wait: float


def simulate(demand: Demand, dispatchers: int, within: float, *, callers: int, seed: int) -> Simulated:
    """Let so many callers come; each waits behind those before, and hangs up when their patience is over."""
    chance = Random(seed)  # noqa: S311 - the same callers in each run
    free_at = [0.0] * dispatchers
    now = waited = 0.0
    in_time = abandoned = 0
    line: deque[tuple[float, float]] = deque()

    def serve(until: float) -> None:
        nonlocal in_time, abandoned, waited
        while line and free_at[0] <= until:
            came, gives_up = line.popleft()
            begins = max(came, free_at[0])
            if begins > gives_up:  # hung up before it was their turn
                abandoned += 1
                waited += gives_up - came
                continue
            waited += begins - came
            in_time += begins - came <= within
            heapq.heapreplace(free_at, begins + chance.expovariate(1 / demand.handling))

    for _ in range(callers):
        now += chance.expovariate(demand.rate)
        serve(now)
        patience = float("inf") if demand.patience is None else chance.expovariate(1 / demand.patience)
        line.append((now, now + patience))
    serve(float("inf"))
    return Simulated(in_time=in_time / callers, abandons=abandoned / callers, mean_wait=waited / callers)
