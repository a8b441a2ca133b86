"""The client of a request that came through proxies, and the network as which it counts."""

from ipaddress import ip_network

import pytest

from hotline.access.networks import THIS_MACHINE, client_address, neighbourhood_of, network_of

PROXIES = (*THIS_MACHINE, ip_network("172.28.5.0/24"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("peer", "said", "client"),
    [
        ("192.0.2.1", [], "192.0.2.1"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.2", ["192.0.2.7"], "192.0.2.7"),
        ("172.28.5.1", ["192.0.2.7"], "192.0.2.7"),
        ("::ffff:127.0.0.1", ["192.0.2.7"], "192.0.2.7"),
        ("127.0.0.1", ["203.0.113.9, 192.0.2.7"], "192.0.2.7"),
        ("127.0.0.1", ["203.0.113.9", "192.0.2.7, 172.28.5.9"], "192.0.2.7"),
        ("127.0.0.1", ["127.0.0.1, 172.28.5.9"], "127.0.0.1"),
        ("127.0.0.1", ["192.0.2.7:4711"], "192.0.2.7"),
        ("fd00::1", ["[2001:db8::1]:4711"], "2001:db8::1"),
        ("::1", ["2001:db8::1"], "2001:db8::1"),
    ],
)
def test_the_client_is_who_the_last_trusted_proxy_saw(peer: str, said: list[str], client: str) -> None:
    assert client_address(peer, said, PROXIES) == client


@pytest.mark.parametrize("said", [["127.0.0.1"], ["10.0.0.1, 172.28.5.9"], ["unknown"]])
def test_a_stranger_chooses_no_address(said: list[str]) -> None:
    assert client_address("192.0.2.1", said, PROXIES) == "192.0.2.1"


@pytest.mark.parametrize("nonsense", ["unknown", "", "_hidden", "1.2.3", "a,b", "192.0.2.7, "])
def test_what_is_no_address_ends_the_reading_at_the_proxy_that_said_it(nonsense: str) -> None:
    assert client_address("127.0.0.1", ["192.0.2.9", nonsense, "172.28.5.9"], PROXIES) == "172.28.5.9"


def test_one_ipv6_subscriber_counts_as_one_whichever_of_their_addresses_they_use() -> None:
    assert network_of("2001:db8:1:2:3::4") == network_of("2001:db8:1:2::ffff") == "2001:db8:1:2::/64"
    assert network_of("2001:db8:1:3::4") != network_of("2001:db8:1:2::ffff")


def test_one_organisations_addresses_are_one_neighbourhood() -> None:
    assert neighbourhood_of("192.0.2.7") == neighbourhood_of("::ffff:192.0.2.250") == "192.0.2.0/24"
    assert neighbourhood_of("2001:db8:1:2::1") == neighbourhood_of("2001:db8:1:ff::1") == "2001:db8:1::/48"
    assert neighbourhood_of("unknown") == "unknown"


@pytest.mark.parametrize("address", ["192.0.2.7", "::ffff:192.0.2.7"])
def test_an_ipv4_address_counts_alone(address: str) -> None:
    assert network_of(address) == "192.0.2.7"
