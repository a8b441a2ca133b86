"""The list of rules with their flaws, and the dry run that tells which enterprise would get an appeal."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import N_, language_of, words_of
from cti_server.frame.moments import read_moment
from cti_server.frame.pages import render
from cti_server.frame.words import UTILITIES
from cti_server.rules.sources import RULES, RuleSources
from cti_server.rules.words import FLAWS, GAPS, MISFITS, what, when, where
from hotline.access.permissions import Permission
from hotline.appeals.appeal import AppealKind
from hotline.appeals.routing import RoutingCase, Rule, in_order, revision
from hotline.appeals.rule_flaws import RuleFinding, RuleFlaw, emergency_gap, flaws
from hotline.appeals.rule_trying import TriedRule, try_rules
from hotline.city.classifier import classifier
from hotline.city.days_off import days_off
from hotline.enterprises.executors import Contact, Executor

PATH = "/rules"
MANAGE = allowed(Permission.MANAGE_RULES)
_LONGEST = 300
_ASKED = ("category", "address", "at", "kind")


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """The result of a dry run. Without an executor a dispatcher assigns it."""

    asked: RoutingCase
    strange: bool
    """The address is none of the register: rules for streets do not know it."""
    tried: Sequence[TriedRule]
    unreached: int
    executor: Executor | None
    on_duty: Sequence[Contact]
    somebodys_hour: bool
    minutes: int | None
    """Minutes to acknowledge an emergency; None: no clock runs."""

    @property
    def fired(self) -> Rule | None:
        return next((one.rule for one in self.tried if one.misfit is None), None)


@MANAGE
async def page(request: web.Request) -> web.Response:
    """All rules in their order; with `?category=&address=&at=` a dry run as well."""
    sources = request.app[RULES]
    rules = in_order(await sources.rules.all())
    executors = {one.id: one for one in await sources.executors.all()}
    kept = {name: request.query.get(name, "").strip()[:_LONGEST] for name in _ASKED}
    answer, faults = None, dict[str, str]()
    if kept["category"] or kept["address"]:
        answer, faults = await _dry_run(sources, rules, executors, kept)
        await audit(request, Action.VIEW, "rules", "dry run")
    if not kept["at"]:
        kept["at"] = sources.clock.now().astimezone(sources.timezone).strftime("%Y-%m-%dT%H:%M")
    closed = closed_of(executors)
    return render(
        request,
        "rules/list.html.jinja2",
        status=422 if faults else 200,
        rules=rules,
        places={one.id: place for place, one in enumerate(rules, start=1)},
        executors=executors,
        closed=closed,
        found=_by_rule(flaws(rules, classifier(), days_off(), closed)),
        gap=emergency_gap(rules, classifier(), days_off(), executors),
        seen=revision(rules),
        categories=classifier().categories.values(),
        kept=kept,
        answer=answer,
        faults=defaultdict(str, faults),
        stale=request.query.get("stale") == "yes",
        moved=request.query.get("moved", ""),
        way=request.query.get("way", ""),
        elsewhere=request.query.get("elsewhere", ""),
        **words(request),
    )


def words(request: web.Request) -> dict[str, Any]:
    """Give the templates what makes words of a rule."""
    gettext, language = words_of(request).gettext, language_of(request)
    return {
        "what": lambda rule: what(rule, language, gettext),
        "where": lambda rule: where(rule, gettext),
        "when": lambda rule: when(rule, gettext),
        "FLAWS": FLAWS,
        "GAPS": GAPS,
        "MISFITS": MISFITS,
        "UTILITIES": UTILITIES,
        "PARTLY": RuleFlaw.PARTLY_HIDDEN,
    }


def closed_of(executors: Mapping[int, Executor]) -> frozenset[int]:
    """Name the executors that take nothing."""
    return frozenset(one.id for one in executors.values() if not one.active)


async def _dry_run(
    sources: RuleSources, rules: Sequence[Rule], executors: Mapping[int, Executor], kept: Mapping[str, str]
) -> tuple[DryRun | None, dict[str, str]]:
    category = classifier().categories.get(kept["category"])
    local = _moment(kept["at"], sources)
    faults = {} if category else {"category": N_("Choose a category.")}
    if local is None:
        faults["at"] = N_("Write the moment as a date and a time.")
    if category is None or local is None:
        return None, faults
    gazetteer = await sources.streets.gazetteer()
    address = await sources.streets.present(kept["address"])
    asked = RoutingCase(
        category=category.code,
        utility=category.utility,
        address=address,
        local=local,
        kind=AppealKind.COMPLAINT if kept["kind"] == AppealKind.COMPLAINT else AppealKind.APPLICATION,
        urgency=category.urgency,
    )
    tried = try_rules(rules, asked, days_off(), closed_of(executors))
    fired = next((one.rule for one in tried if one.misfit is None), None)
    executor = executors.get(fired.executor_id) if fired else None
    clock = classifier().acknowledgement(category.code, category.urgency)
    answer = DryRun(
        asked=asked,
        strange=bool(kept["address"]) and gazetteer.locate(kept["address"]) is None,
        tried=tried,
        unreached=len(rules) - len(tried),
        executor=executor,
        on_duty=executor.on_duty(local) if executor else (),
        somebodys_hour=executor is not None and executor.somebody_at(local),
        minutes=round(clock.total_seconds() / 60) if clock else None,
    )
    return answer, {}


def _moment(text: str, sources: RuleSources) -> datetime | None:
    """Read a moment in the city's time; now for an empty field, None for an unreadable one."""
    if not text:
        return sources.clock.now().astimezone(sources.timezone)
    at = read_moment(text, sources.timezone)
    return at and at.astimezone(sources.timezone)


def _by_rule(found: Sequence[RuleFinding]) -> Mapping[int, RuleFinding]:
    return {one.rule_id: one for one in found}
