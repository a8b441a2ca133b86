"""Connections that stay at the web server, and those that go, when there is no room for all."""

from dataclasses import dataclass, field
from functools import partial

import pytest

from cti_server.connection_limits import Limits, OpenConnections, Sent

LIMITS = Limits(connections=4, of_one_network=2, bodies=100, reader_seconds=10.0, slowest_reader=10)


@dataclass(eq=False)
class Visitor:
    """A connection without a socket."""

    network: str = "192.0.2.1"
    waits_since: float | None = 10.0
    body_since: float | None = None
    held: int = 0
    left: bool = field(default=False, init=False)
    octets: Sent = field(default_factory=partial(Sent, 0, 0))

    def sent(self) -> Sent:
        return self.octets

    def leave(self) -> None:
        self.left = True

    stop_sending = leave


@pytest.fixture
def connections() -> OpenConnections:
    return OpenConnections(LIMITS)


def admitted(connections: OpenConnections, *visitors: Visitor) -> list[Visitor]:
    assert all(connections.admit(one) for one in visitors)
    return list(visitors)


def test_one_who_keeps_us_waiting_goes_and_the_newcomer_comes_in(connections: OpenConnections) -> None:
    served, later, longest = admitted(
        connections,
        Visitor("", waits_since=None),
        Visitor("", waits_since=9.0),
        Visitor("", waits_since=5.0),
    )
    admitted(connections, Visitor(""), Visitor(""))
    assert (served.left, later.left, longest.left) == (False, False, True)
    assert len(connections.inside) == LIMITS.connections


def test_the_network_with_most_connections_gives_way_first(connections: OpenConnections) -> None:
    alone, *many = admitted(
        connections, Visitor("a", waits_since=1.0), Visitor("b", waits_since=7.0), Visitor("b")
    )
    admitted(connections, Visitor("c"), Visitor("d"))
    assert not alone.left
    assert many[0].left


def test_nobody_who_is_served_is_cut_off(connections: OpenConnections) -> None:
    served = admitted(connections, *(Visitor("", waits_since=None) for _ in range(4)))
    assert not connections.admit(Visitor("")), "all work: the newcomer is told to come again"
    assert not any(one.left for one in served)


def test_one_network_takes_only_its_share(connections: OpenConnections) -> None:
    first, second = admitted(connections, Visitor("a", waits_since=1.0), Visitor("a", waits_since=None))
    admitted(connections, Visitor("a"))
    assert (first.left, second.left) == (True, False)
    assert len(connections.inside) == LIMITS.of_one_network


def test_a_trusted_proxy_has_the_whole_room(connections: OpenConnections) -> None:
    visitors = admitted(connections, *(Visitor("", waits_since=None) for _ in range(4)))
    assert not any(one.left for one in visitors)


def test_whoever_leaves_makes_room(connections: OpenConnections) -> None:
    one, _other = admitted(connections, Visitor("a", waits_since=None), Visitor("a", waits_since=None))
    connections.gone(one)
    connections.gone(one)
    admitted(connections, Visitor("a"))
    assert not one.left


def test_bodies_that_do_not_end_hold_no_more_memory_than_there_is_for_them(
    connections: OpenConnections,
) -> None:
    slow, slower, quick = admitted(
        connections,
        Visitor("a", waits_since=None, body_since=4.0),
        Visitor("a", waits_since=None, body_since=2.0),
        Visitor("b", waits_since=None, body_since=1.0),
    )
    for one, octets in ((slow, 40), (slower, 40), (quick, 20)):
        connections.hold(one, octets)
    assert not slower.left, "just as much as there is room for"
    connections.hold(quick, 1)
    assert (slow.left, slower.left, quick.left) == (False, True, False)
    assert connections.held == 61


def test_an_answered_request_holds_nothing(connections: OpenConnections) -> None:
    (one,) = admitted(connections, Visitor(waits_since=None, body_since=1.0))
    connections.hold(one, 60)
    connections.release(one)
    connections.hold(one, 60)
    assert (one.left, connections.held) == (False, 60)


@pytest.mark.parametrize(
    ("before", "now", "left"),
    [
        pytest.param(Sent(0, 0), Sent(0, 0), "stays", id="nothing was sent"),
        pytest.param(Sent(500, 500), Sent(900, 500), "stays", id="all was read, and more is on its way"),
        pytest.param(Sent(500, 0), Sent(900, 500), "stays", id="what waited has been read"),
        pytest.param(Sent(500, 490), Sent(500, 500), "stays", id="little, and it was all"),
        pytest.param(Sent(5000, 1000), Sent(9000, 1100), "stays", id="just as fast as it has to"),
        pytest.param(Sent(5000, 1000), Sent(9000, 1099), "goes", id="too slow"),
        pytest.param(Sent(5000, 1000), Sent(5000, 1000), "goes", id="not read at all"),
    ],
)
async def test_a_client_that_does_not_read_goes_once_something_has_waited_for_it_from_look_to_look(
    connections: OpenConnections, before: Sent, now: Sent, left: str
) -> None:
    (one,) = admitted(connections, Visitor(waits_since=None, octets=before))
    await connections.look_at_readers()
    assert not one.left
    one.octets = now
    await connections.look_at_readers()
    assert one.left is (left == "goes")
    assert (one in connections.inside) is (left == "stays")
