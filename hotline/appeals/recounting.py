"""Notices to enterprises of terms that changed holidays have moved: one a change, whatever it moved."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from hotline.appeals.acts.keeping import Recount
from hotline.appeals.appeal import Appeal
from hotline.appeals.telling import addressed
from hotline.delivery.facts import notice_facts
from hotline.delivery.outbox import NewNotice, OwedNotice, Recipient
from hotline.enterprises.executors import Executor
from hotline.voice.speech import Language

MOST_NAMED = 30
"""Appeals that a notice names: the others are on the enterprise's page."""
_TO_EXECUTOR = OwedNotice(recipient=Recipient.EXECUTOR)


def notices_of_recount(
    version: int, moved: Iterable[Appeal], executors: Mapping[int, Executor], local: datetime
) -> Sequence[NewNotice]:
    """Give what each enterprise is owed that has some of these; `version` is that of the new days off."""
    whose: defaultdict[int, list[Appeal]] = defaultdict(list)
    for one in moved:
        if one.executor_id is not None:
            whose[one.executor_id].append(one)
    return [
        NewNotice(
            matter=f"days-off-{version}",
            to=way.to,
            channel=way.channel,
            address=way.address,
            about=Recount.name,
            facts=_facts(appeals),
        )
        for key, appeals in whose.items()
        if key in executors
        for way in addressed(_TO_EXECUTOR, appeals[0], executors[key], local, urgent=False)
    ]


def _facts(appeals: Sequence[Appeal]) -> Mapping[str, object]:
    named, more = appeals[:MOST_NAMED], len(appeals) - MOST_NAMED
    return notice_facts(
        Language.UKRAINIAN,
        texts={
            "count": str(len(appeals)),
            "numbers": ", ".join(one.number for one in named),
            "terms": "\n".join(f"№ {one.number} — {one.due_on:%d.%m.%Y}" for one in named),
            "more": str(more) if more > 0 else "",
        },
    )
