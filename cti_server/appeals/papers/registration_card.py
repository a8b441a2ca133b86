"""The registration and control card of an appeal (resolution 348/1997), as PDF to be signed and filed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from cti_server.appeals.list.words import category_name
from cti_server.appeals.papers.office import LANGUAGE, moment, said
from cti_server.appeals.papers.words import RECEIPTS, RESULTS, SUBJECTS
from cti_server.appeals.words import KINDS, SIGNS, URGENCIES
from cti_server.frame.numbers import grouped, phone
from cti_server.frame.words import APPEAL_STATES
from hotline.appeals.appeal import Appeal
from hotline.appeals.statute import first_term
from hotline.city.classifier import Urgency, classifier
from hotline.people.benefits import in_order
from hotline.people.citizens import Citizen


@dataclass(frozen=True, slots=True, kw_only=True)
class CardEntry:
    """One line of what happened: words in Ukrainian."""

    at: datetime
    what: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardOf:
    """An appeal with its printed details; `benefits` are codes of the applicant's categories."""

    appeal: Appeal
    applicant: Citizen | None = None
    benefits: Sequence[str] = ()
    executor: str = ""
    resolution: str = ""
    history: Sequence[CardEntry] = ()


def card(of: CardOf, zone: ZoneInfo) -> Mapping[str, object]:
    """Give the fields of `card.typ`, beside the letterhead; days and times are the city's."""
    appeal, person = of.appeal, of.applicant
    return {
        "index": appeal.registration_index or appeal.number,
        "number": grouped(appeal.number),
        "registered_on": moment(appeal.registered_at, zone, "%d.%m.%Y"),
        "registered_at": moment(appeal.registered_at, zone),
        "controlled": appeal.controlled,
        "applicant": person.name if person else said("not named"),
        "home": person.address if person else "",
        "phone": _telephone(appeal),
        "subject": said(SUBJECTS[appeal.subject]),
        "categories": "; ".join(one.name(LANGUAGE) for one in in_order(of.benefits)) or "—",
        "receipt": said(RECEIPTS[appeal.receipt]),
        "kind": said(KINDS[appeal.kind]),
        "sign": said(SIGNS[appeal.sign]),
        "earlier": f"№ {grouped(appeal.earlier)}" if appeal.earlier else "немає",
        "parent": f"№ {grouped(appeal.parent)}" if appeal.parent else "",
        "urgency": said(URGENCIES[appeal.urgency]),
        "topic": category_name(appeal, LANGUAGE),
        "topic_code": _section(appeal),
        "address": appeal.address or "—",
        "text": appeal.text,
        "details": [f"{one.name(LANGUAGE)} — {one.said(LANGUAGE, zone)}" for one in appeal.details],
        "resolution": of.resolution,
        "executor": of.executor,
        "term": _term(appeal, zone),
        "extended_until": appeal.due_on.strftime("%d.%m.%Y") if appeal.extended else "",
        "state": said(APPEAL_STATES[appeal.state]),
        "history": [{"at": moment(one.at, zone), "what": one.what, "who": one.who} for one in of.history],
        "result": said(RESULTS[appeal.result]) if appeal.result else "",
        "answer": appeal.answer,
    }


def _telephone(appeal: Appeal) -> str:
    number = phone(appeal.applicant_number)
    return f"{number}; {said('only in writing: do not call about it')}" if appeal.only_in_writing else number


def _section(appeal: Appeal) -> str:
    section = classifier(appeal.classifier).section_of(appeal.category)
    return f"{section.code} {section.name(LANGUAGE)}" if section else "—"


def _term(appeal: Appeal, zone: ZoneInfo) -> str:
    """Write the first term; an extension is written beside it."""
    known = classifier(appeal.classifier)
    if appeal.extended and appeal.category in known.categories:
        first = first_term(
            appeal.kind,
            appeal.category,
            appeal.urgency,
            appeal.registered_at,
            zone,
            version=appeal.classifier,
        )
        return first.due_on.strftime("%d.%m.%Y")
    if appeal.urgency is Urgency.ORDINARY or appeal.due_at is None:
        return appeal.due_on.strftime("%d.%m.%Y")
    return moment(appeal.due_at, zone)
