"""How large a hotline has to be: assumptions of a city's calls, and what follows from them by formula.

What a call costs is measured (docs/performance.md); when people call, and how long they talk and wait, is
assumed.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

HOURS_A_YEAR = 365 * 24

BY_HOUR: Sequence[float] = (
    *(0.8, 0.5, 0.4, 0.3, 0.4, 0.8, 1.8, 3.6, 6.2, 7.4, 7.4, 6.8),
    *(6.2, 6.2, 6.2, 6.0, 5.6, 5.8, 6.6, 6.7, 5.4, 4.2, 2.8, 1.9),
)
"""Calls of a weekday by the hour, of each hundred or so: mornings and the return from work."""
BY_WEEKDAY: Sequence[float] = (17.0, 15.8, 15.4, 15.0, 14.6, 11.6, 10.6)
"""Calls of a week by the day, of each hundred, Monday first: what broke over the weekend."""
WINTER = 1.4
"""The busiest month's calls beside a month's on average: the heating season begins."""
EMERGENCY = 10.0
"""An hour in which the power of a district is off, beside the busiest hour of an ordinary year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """What people do when they call. Seconds, and shares of 1."""

    menu_seconds: float = 45
    """The greeting, the menu and what is heard there; outages most of all."""
    to_person: float = 0.5
    to_person_in_emergency: float = 0.25
    """Who has heard of their own outage needs nobody: three quarters of the callers of `bench blackout`."""
    talk_seconds: float = 180
    after_call_seconds: float = 40
    """In which the dispatcher writes."""
    answered_share: float = 0.8
    answered_seconds: float = 20
    """So many are answered within so long: what contact centres commonly promise."""
    longest_wait_seconds: float = 300
    """For which somebody waits in an emergency; who waits costs an Asterisk its music."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What they cost, measured: milliseconds of a processor like that of docs/performance.md."""

    call_ms: float
    """The service's, the edge's and the database's part of a call, whatever its length."""
    menu_second_ms: float
    """Asterisk's, for a second in which somebody is played something."""
    person_ms: float
    """The service's, for who asks for a dispatcher: the line, the caller's card, every desk's screen."""
    talk_second_ms: float
    """Of a second of a talk that is recorded, both legs."""
    rows: float
    """In all tables, for a call of mixed traffic."""
    kilobytes: float
    """In the database with its indexes."""
    rest_ms_of_node: float
    """Of each second, whether anybody calls or not: an Asterisk and its telephony process."""
    rest_ms_of_others: float
    """The same of pages, rounds, the database and the edge."""
    used: float = 0.5
    """How much of the processors is planned to be used at most: beyond it people hear it."""
    cores_of_node: int = 4
    callers_of_node: int = 1000
    """As many as the sound ports of an Asterisk let listen at once (`HOTLINE_RTP_LAST`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What a hotline of so many calls a year takes."""

    calls: int
    busy_hour: float
    """Calls in the busiest hour of an ordinary year without emergencies."""
    emergency_hour: float
    dispatchers: int
    talks_at_once: float
    emergency_at_once: int
    """Callers on the line at once in an emergency."""
    cores: float
    emergency_cores: float
    nodes: int
    """With one to spare: any of them may die in the worst hour."""
    rows: float
    gigabytes: float


def busiest_hour_share() -> float:
    """Give the share of a year's calls that come in its busiest hour."""
    day = max(BY_WEEKDAY) / sum(BY_WEEKDAY) / 52 * WINTER
    return day * max(BY_HOUR) / sum(BY_HOUR)


def erlang_c(servers: int, load: float) -> float:
    """Give the share of those who have to wait (Erlang 1917): `load` in erlangs, nobody gives up."""
    if load >= servers:
        return 1.0
    blocked = 1.0
    for number in range(1, servers + 1):
        blocked = load * blocked / (number + load * blocked)
    return servers * blocked / (servers - load * (1 - blocked))


def answered_within(servers: int, load: float, seconds: float, service_seconds: float) -> float:
    """Give the share of those who are answered within so long."""
    if load >= servers:
        return 0.0
    return 1 - erlang_c(servers, load) * math.exp(-(servers - load) * seconds / service_seconds)


def mean_wait(servers: int, load: float, service_seconds: float) -> float:
    """Give the seconds that a caller waits on average, those who do not wait among them."""
    return erlang_c(servers, load) * service_seconds / (servers - load)


def dispatchers(calls_an_hour: float, of: Calls) -> int:
    """Give the least number with whom so many are answered in time."""
    service = of.talk_seconds + of.after_call_seconds
    load = calls_an_hour * of.to_person * service / 3600
    found = math.floor(load) + 1
    while answered_within(found, load, of.answered_seconds, service) < of.answered_share:
        found += 1
    return found


def size(calls: int, of: Calls, costs: Costs) -> Size:
    """Give what so many calls a year take."""
    busy = calls * busiest_hour_share()
    emergency = busy * EMERGENCY
    people = dispatchers(busy, of)
    talks = busy * of.to_person * of.talk_seconds / 3600
    menus = emergency * of.menu_seconds / 3600
    asking = emergency * of.to_person_in_emergency
    served = min(asking, people * 3600 / (of.talk_seconds + of.after_call_seconds))
    talking = served * of.talk_seconds / 3600
    waiting = (asking - served) * of.longest_wait_seconds / 3600
    to_person = busy * of.to_person
    ordinary = _ms_a_second(busy, to_person, busy * of.menu_seconds / 3600, talks, costs)
    in_emergency = _ms_a_second(emergency, asking, menus + waiting, talking, costs)
    at_once = math.ceil(menus + waiting + talking)
    of_calls = in_emergency / 1000 / costs.used
    nodes = math.ceil(max(of_calls / costs.cores_of_node, at_once / costs.callers_of_node)) + 1
    rest = nodes * costs.rest_ms_of_node + costs.rest_ms_of_others
    cores, emergency_cores = ((ms + rest) / 1000 / costs.used for ms in (ordinary, in_emergency))
    return Size(
        calls=calls,
        busy_hour=busy,
        emergency_hour=emergency,
        dispatchers=people,
        talks_at_once=talks,
        emergency_at_once=at_once,
        cores=cores,
        emergency_cores=emergency_cores,
        nodes=nodes,
        rows=calls * costs.rows,
        gigabytes=calls * costs.kilobytes / 1e6,
    )


def _ms_a_second(
    calls_an_hour: float, asking_an_hour: float, playing: float, talking: float, costs: Costs
) -> float:
    """Give the processor's milliseconds in a second; `playing` and `talking` are callers at once."""
    acts = (calls_an_hour * costs.call_ms + asking_an_hour * costs.person_ms) / 3600
    return acts + playing * costs.menu_second_ms + talking * costs.talk_second_ms
