"""Follows the alert rules from inside: what is amiss since when, and whether for long enough to be told."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from attrs import define, field

from cti_server.operation.conditions import Figures, Labels, Values
from cti_server.operation.rules import RULES, Rule, Severity
from hotline.clock import Clock
from hotline.isolation import repeat

EVERY_SECONDS = 30.0
_REMEMBERED = tuple({name for rule in RULES for name in rule.when.remembered})


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A rule whose condition holds, in one case of it."""

    rule: Rule
    labels: Mapping[str, str]
    since: datetime
    red: bool
    """It has lasted as long as the rule says; else it may be over before."""


@define(eq=False, repr=False)
class AlertWatch:
    """Reads all figures twice a minute. `_read` gives what there is of them, without the database as well.

    It knows of nothing before its start; a restart begins to count anew.
    """

    _read: Callable[[], Awaitable[Values]]
    _clock: Clock
    _monotonic: Callable[[], float] = time.monotonic
    _figures: Figures = field(factory=Figures, init=False)
    _held: dict[tuple[str, Labels], tuple[datetime, float]] = field(factory=dict, init=False)
    """A rule and its labels → since when its condition holds, by the clock and in monotonic seconds."""
    began_at: datetime | None = field(default=None, init=False)
    looked_at: datetime | None = field(default=None, init=False)
    _alerts: Sequence[Alert] = field(default=(), init=False)

    async def keep(self) -> None:
        """Look for ever."""
        await repeat(self.look, every=EVERY_SECONDS, failure="alert rules not followed")

    async def look(self) -> None:
        values = await self._read()
        now, at = self._clock.now(), self._monotonic()
        self._figures.add(values, at, _REMEMBERED)
        holding = [(rule, labels) for rule in RULES for labels in rule.when.holds(self._figures)]
        self._held = {
            (rule.name, labels): self._held.get((rule.name, labels), (now, at)) for rule, labels in holding
        }
        self._alerts = [self._alert(rule, labels, at) for rule, labels in holding]
        self.began_at, self.looked_at = self.began_at or now, now

    def alerts(self) -> Sequence[Alert]:
        """Give what was found by the last look, critical ones first, then by how long they have lasted."""
        return sorted(
            self._alerts,
            key=lambda one: (not one.red, one.rule.severity is not Severity.CRITICAL, one.since),
        )

    def _alert(self, rule: Rule, labels: Labels, at: float) -> Alert:
        since, since_at = self._held[rule.name, labels]
        lasted = at - since_at >= rule.lasts.total_seconds()
        return Alert(rule=rule, labels=dict(labels), since=since, red=lasted)
