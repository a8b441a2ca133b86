"""Choices in the forms of acts: executors, calls of the applicant, and words."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from cti_server.appeals.acts.applicants import LETTER
from cti_server.appeals.acts.forms import Option, Options
from cti_server.appeals.acts.words import GROUNDS, OUTCOMES
from cti_server.appeals.card.sources import HANDLING
from cti_server.appeals.form.calling import call_in_hand
from cti_server.appeals.form.reply import WAYS
from cti_server.appeals.papers.words import RECEIPTS, SUBJECTS
from cti_server.appeals.words import KINDS, SIGNS, URGENCIES
from cti_server.frame.language import N_, language_of, words_of
from cti_server.frame.numbers import phone
from cti_server.frame.pages import PAGES
from cti_server.frame.words import OUTCOMES as CALL_OUTCOMES
from hotline.appeals.acts.routing import grounds_for
from hotline.appeals.appeal import Appeal
from hotline.appeals.applicants import is_theirs
from hotline.appeals.routing import Routed
from hotline.calls.call import CallRecord, Outcome
from hotline.calls.history import CallFilter
from hotline.city.classifier import classifier
from hotline.enterprises.executors import Executor

CALLS_SHOWN = 10
_RATINGS = ("5", "4", "3", "2", "1")


async def rule_of(request: web.Request, appeal: Appeal) -> int | None:
    """Tell to which executor the rules would give it now; None when no rule fits."""
    sources = request.app[HANDLING]
    found = await sources.rules.who_gets(
        category=appeal.category,
        classifier=appeal.classifier,
        address=appeal.address,
        at=sources.clock.now(),
        kind=appeal.kind,
        urgency=appeal.urgency,
    )
    return found.rule.executor_id if isinstance(found, Routed) else None


async def options_of(
    request: web.Request, appeal: Appeal, everyone: Sequence[Executor], by_rule: int | None
) -> Options:
    """Read everything that the forms of this appeal let one choose from."""
    return {
        "executor_id": _executors(request, appeal, everyone, by_rule),
        "source": await _sources(request, appeal),
        **_fixed(request, appeal),
    }


def _executors(
    request: web.Request, appeal: Appeal, everyone: Sequence[Executor], by_rule: int | None
) -> Sequence[Option]:
    gettext = words_of(request).gettext
    marks = {appeal.executor_id: gettext(N_("has it now")), by_rule: gettext(N_("by the rules"))}
    ordered = sorted((one for one in everyone if one.active), key=lambda one: one.id != by_rule)
    # Where no rule fits, a person chooses: the first of the alphabet would get appeals by a slip.
    fits = bool(ordered) and ordered[0].id == by_rule
    nobody = [] if fits else [Option(value="", text=gettext(N_("Choose…")))]
    return nobody + [
        Option(value=str(one.id), text=f"{one.short} — {marks[one.id]}" if one.id in marks else one.short)
        for one in ordered
    ]


async def _sources(request: web.Request, appeal: Appeal) -> Sequence[Option]:
    """The call in hand if it is theirs, the latest talks with their number, and a letter."""
    sources, gettext = request.app[HANDLING], words_of(request).gettext
    calls: dict[str, str] = {}
    in_hand = await call_in_hand(request)
    call = await sources.calls.find(in_hand) if in_hand else None
    if call is not None and (appeal.applicant_number is None or is_theirs(appeal, call.number)):
        calls[call.id] = f"{gettext(N_('The call in hand'))}: {phone(call.number)}".rstrip(": ")
    if appeal.applicant_number:
        wanted = CallFilter(number=appeal.applicant_number, outcome=Outcome.TALKED)
        for past in await sources.past_calls.find(wanted, limit=CALLS_SHOWN):
            calls.setdefault(past.call.id, _call(request, past.call))
    letter = Option(value=LETTER, text=gettext(N_("A letter")))
    return [*(Option(value=f"call:{key}", text=text) for key, text in calls.items()), letter]


def _call(request: web.Request, call: CallRecord) -> str:
    at = request.app[PAGES].local(call.arrived_at)
    return f"{at}, {words_of(request).gettext(CALL_OUTCOMES[call.outcome])}"


def _fixed(request: web.Request, appeal: Appeal) -> Options:
    language, gettext = language_of(request), words_of(request).gettext

    def said(texts: Mapping[str, str]) -> Sequence[Option]:
        return [Option(value=value, text=gettext(text)) for value, text in texts.items()]

    readers = {"true": N_("The centre and the executor"), "false": N_("The applicant, who is told of it")}
    known = classifier(appeal.classifier).categories.values()
    none = [] if appeal.category else [Option(value="", text="—")]
    return {
        "outcome": said(OUTCOMES),
        "ground": said({one: GROUNDS[one] for one in grounds_for(appeal.kind)}),
        "rating": [Option(value="", text="—"), *(Option(value=one, text=one) for one in _RATINGS)],
        "internal": said(readers),
        "urgency": said(URGENCIES),
        "kind": said(KINDS),
        "sign": said(SIGNS),
        "subject": said(SUBJECTS),
        "receipt": said(RECEIPTS),
        "reply_by": said(WAYS),
        "category": [*none, *(Option(value=one.code, text=one.name(language)) for one in known)],
    }
