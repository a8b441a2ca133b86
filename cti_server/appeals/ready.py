"""Ready answers as the pages offer them: filled in with what is known of the appeal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from cti_server.frame.moments import day_typed, moment_typed
from cti_server.frame.numbers import grouped
from hotline.appeals.appeal import Appeal
from hotline.city.classifier import Urgency, classifier, last_known


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """One of them, to be put into an answer or note."""

    name: str
    text: str


def offered(category: str, language: str, values: Mapping[str, str], said: str = "") -> Sequence[Ready]:
    """Offer those of the category of which nothing is left blank; `said`: the language of the texts."""
    found = (
        (one.name(language), one.filled(said or language, values))
        for one in classifier().ready_answers_of(category)
    )
    return [Ready(name=name, text=text) for name, text in found if text]


def offered_of(appeal: Appeal, executor: str, language: str, zone: ZoneInfo) -> Sequence[Ready]:
    """Offer those of a registered appeal, in the language in which its applicant is told."""
    category = last_known(appeal.category)
    values = {
        "number": grouped(appeal.number),
        "term": _term(appeal, zone),
        "executor": executor,
        "address": appeal.address,
        "category": category.name(appeal.language.value) if category else "",
    }
    return offered(appeal.category, language, values, appeal.language.value)


def _term(appeal: Appeal, zone: ZoneInfo) -> str:
    if appeal.urgency is Urgency.ORDINARY or appeal.due_at is None:
        return day_typed(appeal.due_on)
    return moment_typed(appeal.due_at, zone)
