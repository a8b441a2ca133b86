"""The alert rules, once for all; their words are in alerts.toml.

Prometheus' file and docs/monitoring.md are written of them (`python docs/monitoring.py`), and the hotline
follows them by itself.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

from cti_server.operation.conditions import (
    Compared,
    Condition,
    FromOutside,
    Grown,
    ShareGrown,
    ShareOf,
    Together,
)

AT_ONCE = timedelta(0)


class Severity(StrEnum):
    """How soon somebody has to look."""

    CRITICAL = "critical"
    """At any hour."""
    WARNING = "warning"
    """In the morning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One alert rule: its condition, and the time for which that must hold before an alert is shown."""

    name: str
    severity: Severity
    when: Condition
    lasts: timedelta = AT_ONCE

    def summary(self, language: str, labels: Mapping[str, str]) -> str:
        """Say what has happened."""
        return _words()[self.name]["summary"][language].format_map(labels)

    def what_to_do(self, language: str, labels: Mapping[str, str]) -> str:
        return _words()[self.name]["what_to_do"][language].format_map(labels)


@cache
def _words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Read the words: name of a rule → summary, what_to_do → language → text."""
    return tomllib.loads(files(__package__).joinpath("alerts.toml").read_text("utf-8"))


def _above(metric: str, limit: str) -> Compared:
    return Compared(metric=metric, sign=">", limit=limit)


def _late(urgent: str) -> Compared:
    """Appeals that a person has to hand over to the city for which they were taken."""
    return Compared(metric="hotline_neighbour_appeals_late", sign=">", limit="0", where={"urgent": urgent})


def _is(metric: str, limit: str, **where: str) -> Compared:
    return Compared(metric=metric, sign="==", limit=limit, where=where)


RULES: Sequence[Rule] = (
    Rule(
        name="HotlineAway",
        severity=Severity.CRITICAL,
        when=FromOutside(),
        lasts=timedelta(minutes=1),
    ),
    Rule(
        name="HotlineAsteriskAway",
        severity=Severity.CRITICAL,
        when=_is("hotline_part_up", "0", part="asterisk"),
        lasts=timedelta(seconds=30),
    ),
    Rule(
        name="HotlineDatabaseAway",
        severity=Severity.CRITICAL,
        when=_is("hotline_part_up", "0", part="database"),
        lasts=timedelta(seconds=30),
    ),
    Rule(
        name="HotlineRoleAway",
        severity=Severity.CRITICAL,
        when=_is("hotline_role_processes", "0"),
        lasts=timedelta(minutes=1),
    ),
    Rule(
        name="HotlineNodeSilent",
        severity=Severity.CRITICAL,
        when=_is("hotline_node_up", "0"),
        lasts=timedelta(seconds=30),
    ),
    Rule(
        name="HotlineNobodyReady",
        severity=Severity.CRITICAL,
        when=Together(
            conditions=(
                _above("hotline_line_waiting", "0"),
                _is("hotline_desks_ready", "0"),
                _above("hotline_line_longest_wait_seconds", "120"),
            )
        ),
        lasts=timedelta(minutes=1),
    ),
    Rule(
        name="HotlineLongWait",
        severity=Severity.WARNING,
        when=_above("hotline_line_longest_wait_seconds", "300"),
        lasts=timedelta(minutes=2),
    ),
    Rule(
        name="HotlineCallersGiveUp",
        severity=Severity.WARNING,
        when=ShareGrown(
            metric="hotline_callers_today",
            label="fate",
            value="abandoned",
            minutes=30,
            share="0.3",
            few=5,
        ),
    ),
    Rule(
        name="HotlineDefects",
        severity=Severity.WARNING,
        when=Grown(metric="hotline_defects", minutes=10),
    ),
    Rule(
        name="HotlineWorkLate",
        severity=Severity.WARNING,
        when=_is("hotline_work_well", "0"),
        lasts=timedelta(minutes=10),
    ),
    Rule(
        name="HotlineDiskSpent",
        severity=Severity.CRITICAL,
        when=_is("hotline_disk_room", "1", room="spent"),
        lasts=timedelta(minutes=1),
    ),
    Rule(
        name="HotlineDiskLow",
        severity=Severity.WARNING,
        when=_is("hotline_disk_room", "1", room="low"),
        lasts=timedelta(minutes=10),
    ),
    Rule(
        name="HotlineNoticesWait",
        severity=Severity.WARNING,
        when=_above("hotline_notices_due_seconds", "900"),
        lasts=timedelta(minutes=5),
    ),
    Rule(
        name="HotlineNoticesRefused",
        severity=Severity.WARNING,
        when=_above("hotline_notices_refused", "10"),
    ),
    Rule(
        name="HotlineNeighbourEmergency",
        severity=Severity.CRITICAL,
        when=_late(urgent="yes"),
    ),
    Rule(
        name="HotlineNeighbourAppeals",
        severity=Severity.WARNING,
        when=_late(urgent="no"),
    ),
    Rule(
        name="HotlineNeighbourUnread",
        severity=Severity.WARNING,
        when=_above("hotline_neighbour_unread_seconds", "900"),  # STALE_AFTER
    ),
    Rule(
        name="HotlineEquipmentOutOfOrder",
        severity=Severity.WARNING,
        when=_is("hotline_equipment_state", "1", state="out-of-order"),
        lasts=timedelta(minutes=5),
    ),
    Rule(
        name="HotlineRestoreUnproven",
        severity=Severity.WARNING,
        when=_above("hotline_backup_unproven_seconds", "1209600"),  # 14 days
        lasts=timedelta(hours=26),  # a first backup is tried in the night that follows
    ),
    Rule(
        name="HotlineMemory",
        severity=Severity.WARNING,
        when=Compared(metric="process_resident_memory_bytes", sign=">", limit="500e6", of_process=True),
        lasts=timedelta(minutes=30),
    ),
    Rule(
        name="HotlineDescriptors",
        severity=Severity.CRITICAL,
        when=ShareOf(metric="process_open_fds", share="0.8", of="process_max_fds"),
        lasts=timedelta(minutes=5),
    ),
    Rule(
        name="HotlineFiguresUnread",
        severity=Severity.WARNING,
        when=Together(
            conditions=(
                _is("hotline_figures_read", "0"),
                _is("hotline_part_up", "1", part="database"),
            ),
            joined="and on(instance)",
        ),
        lasts=timedelta(minutes=10),
    ),
)
