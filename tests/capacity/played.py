"""The model of tests/capacity/model.py played, call by call: one line for all nodes, people who give up."""

from dataclasses import dataclass

import ciw

MENU, LINE = 1, 2
EDGE = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What came of some hours. Shares of those who asked for a dispatcher."""

    asked: int
    had_to_wait: float
    mean_wait_seconds: float
    within: float
    gave_up: float
    most_at_once: int
    """Of all calls, in the menu, waiting and talking."""


def play(
    *,
    calls_a_second: float,
    menu_seconds: float,
    to_person: float,
    service_seconds: float,
    dispatchers: int,
    hours: float,
    within_seconds: float = 20,
    patience_seconds: float | None = None,
    seed: int = 1,
) -> Played:
    """Have people call for so many hours; talks and patience are of exponential length, arrivals by chance.

    Without `patience_seconds` nobody gives up. The line is one, so that nodes behind it are of no account.
    """
    ciw.seed(seed)
    patience = ciw.dists.Exponential(1 / patience_seconds) if patience_seconds else None
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(calls_a_second), None],
        service_distributions=[
            ciw.dists.Deterministic(menu_seconds),
            ciw.dists.Exponential(1 / service_seconds),
        ],
        routing=[[0.0, to_person], [0.0, 0.0]],
        number_of_servers=[float("inf"), dispatchers],
        reneging_time_distributions=[None, patience],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(hours * 3600)
    records = simulation.get_all_records()
    asked = [one for one in records if one.node == LINE]
    waits = [
        (one.exit_date if one.record_type == "renege" else one.service_start_date) - one.arrival_date
        for one in asked
    ]
    served = [wait for one, wait in zip(asked, waits, strict=True) if one.record_type == "service"]
    return Played(
        asked=len(asked),
        had_to_wait=sum(wait > 0 for wait in waits) / len(asked),
        mean_wait_seconds=sum(waits) / len(asked),
        within=sum(wait <= within_seconds for wait in served) / len(asked),
        gave_up=1 - len(served) / len(asked),
        most_at_once=_most_at_once([(one.arrival_date, one.exit_date) for one in records]),
    )


def spread(*, calls_a_second: float, call_seconds: float, nodes: int, calls: int) -> list[int]:
    """Give the calls of each node, where each call goes to that with the fewest; calls come evenly.

    So `hotline bench ivr --scaled` places them, and Kamailio spreads them.
    """
    ciw.seed(1)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Deterministic(1 / calls_a_second), *[None] * nodes],
        service_distributions=[ciw.dists.Deterministic(0), *[ciw.dists.Deterministic(call_seconds)] * nodes],
        routing=[[0.0] * (nodes + 1)] * (nodes + 1),
        number_of_servers=[float("inf")] * (nodes + 1),
    )
    simulation = ciw.Simulation(network, node_class=[_Edge, *[ciw.Node] * nodes])
    simulation.simulate_until_max_customers(calls, method="Finish")
    taken = [one.node for one in simulation.get_all_records() if one.node != EDGE]
    return [taken.count(node) for node in range(2, nodes + 2)]


class _Edge(ciw.Node):  # type: ignore[misc]
    """Sends each on to the node with the fewest calls, as Kamailio does."""

    def next_node(self, _caller: object) -> object:
        return min(self.simulation.transitive_nodes[1:], key=lambda node: node.number_of_individuals)


def _most_at_once(stays: list[tuple[float, float]]) -> int:
    """Give the most who were there at one moment; who goes on to the next node stays one."""
    changes = sorted([*((came, 1) for came, _ in stays), *((left, -1) for _, left in stays)])
    there = most = 0
    for _, change in changes:
        there += change
        most = max(most, there)
    return most
