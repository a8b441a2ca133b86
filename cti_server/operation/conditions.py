"""Conditions of alert rules: each is written for Prometheus, and judged here of the same figures."""

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import eq, gt
from typing import Protocol

Labels = tuple[tuple[str, str], ...]
"""Names of labels with their values, in the order of the metric."""
Values = Mapping[str, Mapping[Labels, float]]
"""Name of a metric → its labels → its value."""
KEPT_SECONDS = 45 * 60
_SIGNS: Mapping[str, Callable[[float, float], bool]] = {"==": eq, ">": gt}
_MINUTE = 60


@dataclass(slots=True)
class Figures:
    """All figures as they were read last, and those of the past that conditions compare with."""

    now: Values = field(default_factory=dict)
    _at: deque[float] = field(default_factory=deque)
    _past: deque[Values] = field(default_factory=deque)

    def add(self, values: Values, at: float, remembered: Sequence[str]) -> None:
        """Take the next reading, `at` a monotonic moment; of the past only `remembered` metrics are kept."""
        self.now = values
        self._at.append(at)
        self._past.append({name: values[name] for name in remembered if name in values})
        while self._at[0] < at - KEPT_SECONDS:
            self._at.popleft()
            self._past.popleft()

    def before(self, name: str, minutes: int) -> Mapping[Labels, float] | None:
        """Give a metric as it was these minutes ago; None where the watch began later."""
        place = bisect_right(self._at, self._at[-1] - minutes * _MINUTE) - 1 if self._at else -1
        return self._past[place].get(name) if place >= 0 else None

    def earliest(self, name: str, minutes: int) -> Mapping[Labels, float]:
        """Give a metric as it was these minutes ago, or when the watch began."""
        found = self.before(name, minutes)
        return (self._past[0].get(name, {}) if self._past else {}) if found is None else found


class Condition(Protocol):
    """The condition of one alert rule: Prometheus reads its expression, the hotline asks whether it holds."""

    def expression(self) -> str:
        """Write it in Prometheus' language."""
        ...

    def holds(self, figures: Figures) -> Sequence[Labels]:
        """Give the labels of each case in which it holds now; empty where it does not."""
        ...

    @property
    def remembered(self) -> Sequence[str]:
        """Name the metrics whose past it needs."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfNow:
    """A condition that needs no past."""

    @property
    def remembered(self) -> Sequence[str]:
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FromOutside(_OfNow):
    """The hotline does not answer at all, which it cannot find by itself."""

    def expression(self) -> str:
        return 'up{job="hotline"} == 0'

    def holds(self, figures: Figures) -> Sequence[Labels]:
        del figures
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared(_OfNow):
    """A metric, of some label where one is named, is as it should not be."""

    metric: str
    sign: str
    limit: str
    """As Prometheus has it, such as 500e6."""
    where: Mapping[str, str] = field(default_factory=dict)
    of_process: bool = False

    def expression(self) -> str:
        where = {"job": "hotline"} if self.of_process else self.where
        told = ",".join(f'{name}="{value}"' for name, value in where.items())
        return f"{self.metric}{f'{{{told}}}' if told else ''} {self.sign} {self.limit}"

    def holds(self, figures: Figures) -> Sequence[Labels]:
        wanted, compare = set(self.where.items()), _SIGNS[self.sign]
        return [
            labels
            for labels, value in figures.now.get(self.metric, {}).items()
            if wanted <= set(labels) and compare(value, float(self.limit))
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Together(_OfNow):
    """All of these hold at once; its labels are those of the first."""

    conditions: Sequence[Compared]
    joined: str = "and"
    """`and on(instance)` where the labels of the metrics differ."""

    def expression(self) -> str:
        return f" {self.joined} ".join(one.expression() for one in self.conditions)

    def holds(self, figures: Figures) -> Sequence[Labels]:
        first, *others = (one.holds(figures) for one in self.conditions)
        return first if all(others) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareOf(_OfNow):
    """A metric of the process takes more than this share of what there is of it."""

    metric: str
    share: str
    of: str

    def expression(self) -> str:
        return f'{self.metric}{{job="hotline"}} > {self.share} * {self.of}{{job="hotline"}}'

    def holds(self, figures: Figures) -> Sequence[Labels]:
        used, most = figures.now.get(self.metric, {}).get(()), figures.now.get(self.of, {}).get(())
        if used is None or most is None:
            return ()
        return [()] if used > float(self.share) * most else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """A counter has grown within these minutes."""

    metric: str
    minutes: int

    def expression(self) -> str:
        return f"increase({self.metric}_total[{self.minutes}m]) > 0"

    def holds(self, figures: Figures) -> Sequence[Labels]:
        before = figures.earliest(self.metric, self.minutes)
        now = figures.now.get(self.metric, {})
        return [labels for labels, value in now.items() if value > before.get(labels, 0)]

    @property
    def remembered(self) -> Sequence[str]:
        return (self.metric,)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareGrown:
    """Of what one gauge counts by label, one label got more than a share within these minutes, and a few."""

    metric: str
    label: str
    value: str
    minutes: int
    share: str
    few: int

    def expression(self) -> str:
        one, span = f'{self.metric}{{{self.label}="{self.value}"}}', f"offset {self.minutes}m"
        return (
            f"({one} - {one} {span}) > {self.few}\nand on(instance)\n({one} - {one} {span})\n"
            f"  > on(instance) {self.share} * sum by(instance) ({self.metric} - {self.metric} {span})"
        )

    def holds(self, figures: Figures) -> Sequence[Labels]:
        before, now = figures.before(self.metric, self.minutes), figures.now.get(self.metric, {})
        if before is None:
            return ()
        grown = {labels: value - before.get(labels, 0) for labels, value in now.items()}
        labels = ((self.label, self.value),)
        of_it = grown.get(labels, 0)
        return [labels] if of_it > self.few and of_it > float(self.share) * sum(grown.values()) else ()

    @property
    def remembered(self) -> Sequence[str]:
        return (self.metric,)
