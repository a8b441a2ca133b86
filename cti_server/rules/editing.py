"""Adding and changing a rule: what it would change is shown before it is saved, and nothing typed is lost."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.frame.forms import read_form
from cti_server.frame.language import language_of, words_of
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.rules.listing import MANAGE, PATH, closed_of, words
from cti_server.rules.sources import RULES, RuleSources
from cti_server.rules.typed import TypedRule, as_typed, is_known, rule_of
from cti_server.rules.words import DAYS, ON_DAYS, category_name, summary
from hotline.appeals.lists import AppealFilter, Order
from hotline.appeals.routing import ANY_MORE, Rule, in_order, revision
from hotline.appeals.rule_trying import ReroutedAppeal, elsewhere
from hotline.city.classifier import Category, Utility, classifier
from hotline.city.days_off import days_off
from hotline.enterprises.executors import Executor
from hotline.errors import NotFound, Outdated

LOOKED_BACK = 200
"""Latest appeals by which a change is judged."""
SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesAndExecutors:
    """The rules as they are now, and the enterprises."""

    rules: Sequence[Rule]
    executors: Mapping[int, Executor]

    def find(self, rule_id: int) -> Rule | None:
        return next((one for one in self.rules if one.id == rule_id), None)


async def read_kept(sources: RuleSources) -> RulesAndExecutors:
    return RulesAndExecutors(
        rules=in_order(await sources.rules.all()),
        executors={one.id: one for one in await sources.executors.all()},
    )


async def what_changes(
    sources: RuleSources, kept: RulesAndExecutors, then: Sequence[Rule]
) -> Sequence[ReroutedAppeal]:
    """Say which of the latest appeals would have gone elsewhere."""
    latest = await sources.lists.find(AppealFilter(), order=Order.NEWEST, limit=LOOKED_BACK)
    numbered = [replace(one, order=place) for place, one in enumerate(then)]
    appeals = [one.appeal for one in latest if one.appeal.category]
    closed = closed_of(kept.executors)
    return elsewhere(kept.rules, numbered, appeals, days=days_off(), zone=sources.timezone, closed=closed)


@MANAGE
async def new_page(request: web.Request) -> web.Response:
    kept = await read_kept(request.app[RULES])
    last = str(kept.rules[-1].id) if kept.rules else "0"
    return _form(request, kept, None, TypedRule(after=last))


@MANAGE
async def edit_page(request: web.Request) -> web.Response:
    kept = await read_kept(request.app[RULES])
    rule = kept.find(int(request.match_info["id"]))
    if rule is None:
        raise NotFound("There is no such rule.")
    return _form(request, kept, rule.id, as_typed(rule))


@MANAGE
async def submit(request: web.Request) -> web.Response:
    """Show what the rule would change; the same sent once more is saved."""
    sources, form = request.app[RULES], await request.post()
    rule_id = int(request.match_info.get("id", "0"))
    typed, kept = read_form(TypedRule, form), await read_kept(sources)
    rule, faults = await rule_of(typed, list(kept.executors.values()), sources.streets, rule_id=rule_id)
    if rule is None:
        return _form(
            request, kept, rule_id or None, typed, faults=faults, status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    then = _with(kept.rules, rule, typed.after)
    seen, now = str(form.get("seen", "")), revision(kept.rules)
    overtaken = bool(seen) and seen != now
    if form.get("do") != "save" or form.get("shown") != typed.digest or overtaken:
        changes = await what_changes(sources, kept, then)
        status = HTTPStatus.CONFLICT if overtaken else HTTPStatus.OK
        return _form(
            request, kept, rule_id or None, typed, status=status, changes=changes, overtaken=overtaken
        )
    try:
        saved = await sources.rules.replace(then, seen=seen)
    except Outdated:  # in this very moment
        kept = await read_kept(sources)
        changes = await what_changes(sources, kept, _with(kept.rules, rule, typed.after))
        status = HTTPStatus.CONFLICT
        return _form(request, kept, rule_id or None, typed, status=status, changes=changes, overtaken=True)
    number = rule_id if kept.find(rule_id) else _added(kept.rules, saved)
    await _written_down(request, kept, rule, number)
    return noted_at(f"{PATH}?moved={number}", Noted.RULE_SAVED)


def _with(rules: Sequence[Rule], rule: Rule, after: str) -> Sequence[Rule]:
    """Put the rule in its place; one that somebody has removed meanwhile is new again."""
    if any(one.id == rule.id for one in rules):
        return [rule if one.id == rule.id else one for one in rules]
    place = next((at for at, one in enumerate(rules, start=1) if str(one.id) == after), 0)
    place = place if after == "0" or place else len(rules)
    return [*rules[:place], replace(rule, id=0), *rules[place:]]


def _added(before: Sequence[Rule], then: Sequence[Rule]) -> int:
    known = {one.id for one in before}
    return next(one.id for one in then if one.id not in known)


async def _written_down(request: web.Request, kept: RulesAndExecutors, rule: Rule, number: int) -> None:
    names = {key: one.short for key, one in kept.executors.items()}
    text = summary(rule, names.get(rule.executor_id, ""))
    before = kept.find(rule.id)
    if before is None:
        await audit(request, Action.ADD, f"rule:{number}", text)
    else:
        was = summary(before, names.get(before.executor_id, ""))
        await audit(request, Action.CHANGE, f"rule:{number}", f"{was} ⇒ {text}")


def _form(
    request: web.Request,
    kept: RulesAndExecutors,
    rule_id: int | None,
    typed: TypedRule,
    *,
    faults: Mapping[str, str] | None = None,
    status: int = HTTPStatus.OK,
    changes: Sequence[ReroutedAppeal] | None = None,
    overtaken: bool = False,
) -> web.Response:
    language, gettext = language_of(request), words_of(request).gettext
    return render(
        request,
        "rules/rule.html.jinja2",
        status=status,
        rule_id=rule_id,
        present=kept.find(rule_id) if rule_id else None,
        places={one.id: place for place, one in enumerate(kept.rules, start=1)},
        rules=kept.rules,
        executors=kept.executors,
        typed=typed,
        faults=defaultdict(str, faults or {}),
        changes=changes,
        overtaken=overtaken,
        looked_back=LOOKED_BACK,
        shown=SHOWN,
        seen=revision(kept.rules),
        groups=_groups(typed),
        gone=[code for code in typed.categories if not is_known(code)],
        category=lambda code: category_name(code, language),
        days=[(str(day), gettext(name)) for day, name in DAYS.items()],
        on_days=[(one.value, gettext(text)) for one, text in ON_DAYS.items()],
        **words(request),
    )


def _groups(typed: TypedRule) -> Sequence[tuple[Utility, Sequence[str], Sequence[Category]]]:
    """Return each section with the code prefixes of several categories, and these categories."""
    known = list(classifier().categories.values())
    groups = []
    for utility in Utility:
        own = [one for one in known if one.utility is utility]
        begun = [one.code.partition("-")[0] + "-" for one in own if "-" in one.code]
        several = dict.fromkeys(one + ANY_MORE for one in begun if begun.count(one) > 1)
        kept = [one for one in typed.categories if one.endswith(ANY_MORE) and one not in several]
        beginnings = [*several, *(one for one in kept if own and _stands_for(one, own))]
        groups.append((utility, beginnings, own))
    return groups


def _stands_for(beginning: str, categories: Sequence[Category]) -> bool:
    return categories[0].code.startswith(beginning.removesuffix(ANY_MORE))
