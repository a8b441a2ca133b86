"""Facts of breaches offered beside a draft: what is overdue now; chosen ones go into its text."""

from collections.abc import Mapping
from datetime import timedelta

from aiohttp import web

from cti_server.memos.sources import MEMOS
from hotline.appeals.lists import AppealFilter, Order, TermFilter
from hotline.city.classifier import CLASSIFIERS
from hotline.memos.breaches import flawed_entry, overdue_appeal, unanswered_inquiry

MOST = 40
"""Of each kind: who has more to report names the list instead."""
ENTRIES_OF = timedelta(days=30)


async def offered_facts(request: web.Request) -> Mapping[str, str]:
    """Give what is amiss now as lines, by keys: appeals, entries of outages, requests for information."""
    sources = request.app[MEMOS]
    now, zone = sources.clock.now(), sources.timezone
    names = {one.id: one.name for one in await sources.executors.all()}
    overdue = await sources.lists.find(AppealFilter(term=TermFilter(until=now)), order=Order.TERM, limit=MOST)
    entered = await sources.outages.find(limit=MOST, since=now - ENTRIES_OF)
    asked = [one for one in await sources.inquiries.waiting(now, MOST) if one.overdue(now)]
    return {
        **{
            f"appeal:{one.appeal.number}": overdue_appeal(one, _category(one.appeal.category), zone)
            for one in overdue
        },
        **{
            f"outage:{one.id}": flawed_entry(one, names[one.executor_id], flaws, zone)
            for one in entered
            if one.executor_id in names and (flaws := one.flaws(now))
        },
        **{
            f"inquiry:{one.id}": unanswered_inquiry(one, names.get(one.executor_id, ""), zone)
            for one in asked
        },
    }


def _category(code: str) -> str:
    found = CLASSIFIERS.get().categories.get(code)
    return found.uk if found else code
