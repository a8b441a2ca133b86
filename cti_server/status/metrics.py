"""Metrics in Prometheus' text format: `/api/v1/metrics` for a token, harmless ones at `/health/metrics`.

Their names are a promise to dashboards and alerts: docs/monitoring.md lists METRICS.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from aiohttp import hdrs, web
from attrs import frozen

from cti_server.auth.access import public, with_token
from cti_server.status.board import BOARD, Board
from hotline.access.permissions import Permission
from hotline.access.scopes import Scope
from hotline.appeals.figures import AppealFigures, Days
from hotline.contact.channel import Channel
from hotline.delivery.outbox import Outbox
from hotline.equipment.items import Equipment, Watching
from hotline.equipment.states import State
from hotline.isolation import read_isolated
from hotline.line.today import LineToday
from hotline.neighbours.agreement import Agreements
from hotline.neighbours.taken import TakenAppeals
from hotline.retention.room import Room

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
GATEWAYS = (Channel.EMAIL, Channel.SMS, Channel.CALL, Channel.CHAT)
"""The channels whose notices wait for something outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A metric's name, without what Prometheus adds to counters, and what it measures."""

    name: str
    says: str
    labels: Sequence[str] = ()
    counts: bool = False
    """It only ever grows while the service runs."""


METRICS = (
    Metric(name="hotline_part_up", says="1 while this part, on which calls depend, works.", labels=["part"]),
    Metric(name="hotline_work_well", says="1 while work that no call waits for keeps pace.", labels=["work"]),
    Metric(
        name="hotline_defects",
        says="What must be true of the line and was found broken, then healed.",
        labels=["truth"],
        counts=True,
    ),
    Metric(name="hotline_disk_free_bytes", says="Free bytes where the state is kept."),
    Metric(
        name="hotline_disk_room",
        says="1 for the present room on that disk (ample, low, spent), else 0.",
        labels=["room"],
    ),
    Metric(name="hotline_line_waiting", says="Callers who talk with nobody yet."),
    Metric(name="hotline_line_longest_wait_seconds", says="How long the one has waited who came first."),
    Metric(name="hotline_line_kept", says="Callers who hung up and keep their place."),
    Metric(name="hotline_line_talking", says="Callers who talk with a dispatcher."),
    Metric(name="hotline_desks_present", says="Dispatchers who are not away."),
    Metric(name="hotline_desks_ready", says="Dispatchers who can be rung."),
    Metric(
        name="hotline_callers_today",
        says="Callers who came into the line since midnight, by what became of them.",
        labels=["fate"],
    ),
    Metric(name="hotline_callers_in_time_today", says="Of those answered, who waited 20 s at the most."),
    Metric(name="hotline_callers_short_today", says="Of those who gave up, who did so within 5 s."),
    Metric(name="hotline_callers_wait_seconds_today", says="The waits of those answered, together."),
    Metric(name="hotline_appeals_owed", says="Appeals whose work is owed."),
    Metric(name="hotline_appeals_overdue", says="Of these, whose term has ended."),
    Metric(
        name="hotline_notices_due_seconds",
        says="For how long the earliest notice has been due; 0: none waits.",
        labels=["channel"],
    ),
    Metric(
        name="hotline_notices_in_vain",
        says="Notices not taken at the first attempt, that wait for the next.",
        labels=["channel"],
    ),
    Metric(
        name="hotline_notices_refused",
        says="Notices given up within the last hour.",
        labels=["channel"],
    ),
    Metric(
        name="hotline_neighbour_appeals_late",
        says="Appeals taken for another city that it has refused or not got in time; `duty`: whom to ring.",
        labels=["agreement", "city", "duty", "urgent"],
    ),
    Metric(
        name="hotline_neighbour_unread_seconds",
        says="For how long another city, whose telephone we answer, could not be read; 0: it could.",
        labels=["agreement", "city", "duty"],
    ),
    Metric(
        name="hotline_equipment_state",
        says="1 for the state of a piece of equipment, else 0; `item` is its number at /equipment.",
        labels=["item", "kind", "state"],
    ),
    Metric(
        name="hotline_role_processes",
        says="How many processes do this part of the work; one process may do all.",
        labels=["role"],
    ),
    Metric(
        name="hotline_node_up",
        says="1 while this Asterisk node serves its callers, where there are several.",
        labels=["node"],
    ),
    Metric(
        name="hotline_backup_unproven_seconds",
        says="For how long no backup has been brought back as a trial without a fault; Inf: never.",
    ),
    Metric(name="hotline_figures_read", says="1 when all figures of this answer could be read."),
)
PUBLIC = frozenset({"hotline_defects", "hotline_disk_free_bytes", "hotline_disk_room"})
"""Metrics that anybody may read: none of the line's load, none of equipment."""


@frozen(kw_only=True)
class MeasuredSources:
    """The parts that figures are read from."""

    line: LineToday
    figures: AppealFigures
    outbox: Outbox
    equipment: Equipment
    watching: Watching
    agreements: Agreements
    taken: TakenAppeals
    today: Callable[[], Days]
    """Gives the days of the city's calendar, the last of which is today."""
    unproven: Callable[[], float | None] = lambda: None
    """Gives for how long no backup was brought back as a trial without a fault; None: there is none."""


MEASURED: web.AppKey[MeasuredSources] = web.AppKey("measured")

Samples = dict[str, list[tuple[Sequence[str], float]]]
"""Name of a metric → its labels' values, in their order, and its value."""


def add_metrics(app: web.Application, sources: MeasuredSources) -> None:
    """Add what only a program with a token may read."""
    app[MEASURED] = sources
    app.router.add_get("/api/v1/metrics", measured)


@public
async def few(request: web.Request) -> web.Response:
    """Write what is harmless in anybody's hands."""
    return await _answer(_of_board(request.app[BOARD]))


@with_token(Permission.SEE_EQUIPMENT, scopes=(Scope.METRICS,))
async def measured(request: web.Request) -> web.Response:
    """Write all metrics. Without the database those that rest on it are left out, and the answer says so."""
    return await _answer(await all_samples(request.app[BOARD], request.app[MEASURED]), with_process=True)


async def all_samples(board: Board, sources: MeasuredSources) -> Samples:
    """Read all figures that there are."""
    parts = await board.parts()
    samples = _of_board(board)
    samples["hotline_part_up"] = [([part], up) for part, up in parts.items()]
    samples["hotline_role_processes"] = [([role], count) for role, count in board.roles().items()]
    samples["hotline_node_up"] = [([node], up) for node, up in board.nodes().items()]
    if (unproven := sources.unproven()) is not None:
        samples["hotline_backup_unproven_seconds"] = [((), unproven)]
    samples["hotline_work_well"] = [([work], well) for work, well in board.background().items()]
    read = [await _read(look(sources, samples)) for look in LOOKS] if parts["database"] else [False]
    samples["hotline_figures_read"].append(((), all(read)))
    return samples


async def _read(look: Awaitable[bool]) -> bool:
    return await read_isolated(look, "figures of the metrics not read", otherwise=False)


def _of_board(board: Board) -> Samples:
    room = board.room()
    samples: Samples = defaultdict(list)
    samples["hotline_defects"] = [([truth], n) for truth, n in board.defects().items()]
    samples["hotline_disk_free_bytes"] = [((), board.free())]
    samples["hotline_disk_room"] = [([one], one is room) for one in Room]
    return samples


async def _of_line(sources: MeasuredSources, samples: Samples) -> bool:
    days = sources.today()
    line, counts = await asyncio.gather(
        sources.line.now(), sources.line.counts(days.midnight(0), days.midnight(1))
    )
    waits = 0.0 if line.waits_since is None else (days.now - line.waits_since).total_seconds()
    _put(
        samples,
        {
            "hotline_line_waiting": line.waiting,
            "hotline_line_longest_wait_seconds": max(0.0, waits),
            "hotline_line_kept": line.kept,
            "hotline_line_talking": line.talking,
            "hotline_desks_present": line.at_desks,
            "hotline_desks_ready": line.ready,
            "hotline_callers_in_time_today": counts.answered_in_time,
            "hotline_callers_short_today": counts.short_abandoned,
            "hotline_callers_wait_seconds_today": counts.waited,
        },
    )
    samples["hotline_callers_today"] = [
        (["answered"], counts.answered),
        (["abandoned"], counts.abandoned),
        (["elsewhere"], counts.elsewhere),
    ]
    return True


async def _of_appeals(sources: MeasuredSources, samples: Samples) -> bool:
    days = sources.today()
    backlog = await sources.figures.backlog(days.now, days.midnight(1), days.midnight(1))
    _put(samples, {"hotline_appeals_owed": backlog.owed, "hotline_appeals_overdue": backlog.overdue})
    return True


async def _of_notices(sources: MeasuredSources, samples: Samples) -> bool:
    now = sources.today().now
    for channel in GATEWAYS:
        waiting = await sources.outbox.waiting_by(channel, now)
        due = 0.0 if waiting.due_at is None else (now - waiting.due_at).total_seconds()
        samples["hotline_notices_due_seconds"].append(([channel], max(0.0, due)))
        samples["hotline_notices_in_vain"].append(([channel], waiting.in_vain))
        samples["hotline_notices_refused"].append(([channel], waiting.refused))
    return True


async def _of_neighbours(sources: MeasuredSources, samples: Samples) -> bool:
    now = sources.today().now
    late = Counter((one.agreement_id, one.urgent) for one in await sources.taken.late(now))
    for (agreement_id, urgent), count in late.items():
        one = await sources.agreements.get(agreement_id)
        labels = [str(one.id), one.name, one.duty_number, "yes" if urgent else "no"]
        samples["hotline_neighbour_appeals_late"].append((labels, count))
    for one in await sources.agreements.answered_by_us():
        away = 0.0 if one.failing_since is None else (now - one.failing_since).total_seconds()
        labels = [str(one.id), one.name, one.duty_number]
        samples["hotline_neighbour_unread_seconds"].append((labels, max(0.0, away)))
    return True


async def _of_equipment(sources: MeasuredSources, samples: Samples) -> bool:
    for item in await sources.equipment.all():
        now = sources.watching.standing(item.id).settled.state
        samples["hotline_equipment_state"] += [
            ([str(item.id), item.kind, state], state is now) for state in State
        ]
    return True


LOOKS = (_of_line, _of_appeals, _of_notices, _of_neighbours, _of_equipment)


def _put(samples: Samples, values: Mapping[str, float]) -> None:
    for name, value in values.items():
        samples[name].append(((), value))


async def _answer(samples: Samples, *, with_process: bool = False) -> web.Response:
    """Write them; the library's first import takes a while, and holds up no call."""
    text = await asyncio.to_thread(_written, samples, with_process=with_process)
    return web.Response(body=text, headers={hdrs.CONTENT_TYPE: PROMETHEUS})


def _written(samples: Samples, *, with_process: bool) -> bytes:
    from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest  # noqa: PLC0415
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily  # noqa: PLC0415 - only where asked

    class Collected:
        def collect(self) -> Iterable[CounterMetricFamily | GaugeMetricFamily]:
            for metric in METRICS:
                if metric.name in samples:
                    kind = CounterMetricFamily if metric.counts else GaugeMetricFamily
                    family = kind(metric.name, metric.says, labels=metric.labels)
                    for labels, value in samples[metric.name]:
                        family.add_metric(labels, value)
                    yield family

    registry = CollectorRegistry()
    registry.register(Collected())
    if with_process:
        ProcessCollector(registry=registry)
    return generate_latest(registry)
