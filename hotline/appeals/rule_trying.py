"""Trying rules without registering anything: which one fires, why others do not, what a change would do."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from hotline.appeals.appeal import Appeal
from hotline.appeals.routing import Misfit, Routed, RoutingCase, Rule, in_order, who_gets
from hotline.city.classifier import classifier
from hotline.city.days_off import DaysOff


@dataclass(frozen=True, slots=True)
class TriedRule:
    """A rule that was looked at; without a misfit it is the one that fires, and the last."""

    rule: Rule
    misfit: Misfit | None


def try_rules(
    rules: Iterable[Rule], asked: RoutingCase, days: DaysOff, closed: Collection[int] = ()
) -> Sequence[TriedRule]:
    """Look at the rules in their order until one fires; `closed` are executors that take nothing.

    Rules are not even looked at for what people have to give away (`RoutingCase.for_people`).
    """
    tried: list[TriedRule] = []
    if asked.for_people:
        return tried
    for rule in in_order(rules):
        misfit = Misfit.CLOSED if rule.executor_id in closed else rule.misfit(asked, days)
        tried.append(TriedRule(rule, misfit))
        if misfit is None:
            break
    return tried


@dataclass(frozen=True, slots=True, kw_only=True)
class ReroutedAppeal:
    """An appeal that would have gone to another executor; None: a dispatcher would have had to assign it."""

    appeal: Appeal
    before: int | None
    after: int | None


def elsewhere(
    before: Sequence[Rule],
    after: Sequence[Rule],
    appeals: Iterable[Appeal],
    *,
    days: DaysOff,
    zone: ZoneInfo,
    closed: Collection[int] = (),
) -> Sequence[ReroutedAppeal]:
    """Say which of these appeals would have gone elsewhere by the new rules, at the moment they came."""
    old = [one for one in before if one.executor_id not in closed]
    new = [one for one in after if one.executor_id not in closed]
    found = []
    for appeal in appeals:
        asked = asked_of(appeal, zone)
        was, would = _executor(who_gets(old, asked, days)), _executor(who_gets(new, asked, days))
        if was != would:
            found.append(ReroutedAppeal(appeal=appeal, before=was, after=would))
    return found


def asked_of(appeal: Appeal, zone: ZoneInfo) -> RoutingCase:
    """Give what the rules were asked when the appeal came."""
    known = classifier(appeal.classifier).categories.get(appeal.category)
    return RoutingCase(
        category=appeal.category,
        utility=known.utility if known else None,
        address=appeal.address,
        local=appeal.registered_at.astimezone(zone),
        kind=appeal.kind,
        urgency=appeal.urgency,
    )


def _executor(found: object) -> int | None:
    return found.rule.executor_id if isinstance(found, Routed) else None
