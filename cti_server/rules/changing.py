"""Changes of a rule from the list: one place up or down, off and on, deleted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from aiohttp import web
from multidict import MultiMapping

from cti_server.audit import Action, audit
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.rules.editing import LOOKED_BACK, SHOWN, RulesAndExecutors, read_kept, what_changes
from cti_server.rules.listing import MANAGE, PATH, words
from cti_server.rules.sources import RULES
from cti_server.rules.words import summary
from hotline.appeals.routing import Rule, revision
from hotline.errors import NotFound, Outdated


@dataclass(frozen=True, slots=True)
class Done:
    """The change of a rule: for the audit log, and for the button that had the focus."""

    rule_id: int
    detail: str
    way: str


@MANAGE
async def move(request: web.Request) -> web.Response:
    """Take a rule one place up or down; at the end of the list it stays where it is."""
    kept, rule, form = await _asked_for(request)
    way = "up" if form.get("way") == "up" else "down"
    at = kept.rules.index(rule)
    to = at - 1 if way == "up" else at + 1
    then = list(kept.rules)
    if 0 <= to < len(then):
        then[at], then[to] = then[to], then[at]
    return await _done(request, kept, then, Done(rule.id, f"{at + 1} → {to + 1}", way))


@MANAGE
async def switch(request: web.Request) -> web.Response:
    """Switch a rule off, or on again."""
    kept, rule, _ = await _asked_for(request)
    changed = replace(rule, active=not rule.active)
    then = [changed if one.id == rule.id else one for one in kept.rules]
    return await _done(request, kept, then, Done(rule.id, "on" if changed.active else "off", "switch"))


@MANAGE
async def removing_page(request: web.Request) -> web.Response:
    """Say what removing the rule would change, before it is done."""
    kept, rule, _ = await _asked_for(request)
    then = [one for one in kept.rules if one.id != rule.id]
    return render(
        request,
        "rules/removing.html.jinja2",
        rule=rule,
        executors=kept.executors,
        changes=await what_changes(request.app[RULES], kept, then),
        looked_back=LOOKED_BACK,
        shown=SHOWN,
        seen=revision(kept.rules),
        **words(request),
    )


@MANAGE
async def remove(request: web.Request) -> web.Response:
    kept, rule, form = await _asked_for(request)
    then = [one for one in kept.rules if one.id != rule.id]
    await _keep(request, then, str(form.get("seen", "")))
    text = summary(rule, kept.executors[rule.executor_id].short)
    await audit(request, Action.REMOVE, f"rule:{rule.id}", text)
    return noted_at(PATH, Noted.RULE_REMOVED)


async def _asked_for(request: web.Request) -> tuple[RulesAndExecutors, Rule, MultiMapping[object]]:
    """Find the rule named in the address, and the form; raises NotFound, or goes back from an old page."""
    kept = await read_kept(request.app[RULES])
    rule = kept.find(int(request.match_info["id"]))
    form = await request.post()
    if rule is None:
        raise NotFound("There is no such rule.")
    if request.method == "POST" and form.get("seen") != revision(kept.rules):
        raise _stale()
    return kept, rule, form


async def _keep(request: web.Request, then: Sequence[Rule], seen: str) -> None:
    try:
        await request.app[RULES].rules.replace(then, seen=seen)
    except Outdated:
        raise _stale() from None


def _stale() -> web.HTTPSeeOther:
    """Back to the list, which says that somebody else changed it: only a click is lost."""
    return web.HTTPSeeOther(f"{PATH}?stale=yes")


async def _done(
    request: web.Request, kept: RulesAndExecutors, then: Sequence[Rule], done: Done
) -> web.Response:
    sources = request.app[RULES]
    changes = await what_changes(sources, kept, then)
    await _keep(request, then, revision(kept.rules))
    await audit(request, Action.CHANGE, f"rule:{done.rule_id}", done.detail)
    asked = f"moved={done.rule_id}&way={done.way}&elsewhere={len(changes)}"
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": f"{PATH}?{asked}"})
