"""The kinds of documents with their readers: what is in force, and whether a text could be."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from hotline.air_raid.measures import AIR_RAID
from hotline.appeals.paperwork import PAPERWORK, Paperwork
from hotline.appeals.state_classifier import STATE_CLASSIFIERS
from hotline.city.classifier import CLASSIFIERS, Classifier
from hotline.city.days_off import DAYS_OFF
from hotline.directory.bodies import BODIES
from hotline.documents.document import DocumentKind
from hotline.documents.faults import DocumentFault, DocumentFaults, Flaw
from hotline.documents.in_force import InForce
from hotline.line.pauses import PAUSES, Pause
from hotline.people.benefits import BENEFITS
from hotline.power.queues import POWER_QUEUES
from hotline.quality.score_forms import SCORE_FORMS
from hotline.shifts.shift_rules import SHIFT_RULES
from hotline.voice.city_name import CITY_NAME

HOLDERS: Mapping[DocumentKind, InForce[Any]] = {
    one.kind: one
    for one in (
        *(CLASSIFIERS, BENEFITS, PAPERWORK, DAYS_OFF, PAUSES, SCORE_FORMS, SHIFT_RULES, BODIES),
        POWER_QUEUES,
        AIR_RAID,
        STATE_CLASSIFIERS,
        CITY_NAME,
    )
}


def read(kind: DocumentKind, text: str, *, version: int = 0, former: object = None) -> Any:
    """Read the text as its kind is read; raises DocumentFaults.

    `former` is the one in force, as read: it may name what has to stay.
    """
    made = HOLDERS[kind].read(text, version)
    if former is not None and (faults := list(_MUST_STAY.get(kind, _nothing)(former, made))):
        raise DocumentFaults(faults)
    return made


def in_force(kind: DocumentKind) -> Any:
    """Give the one in force, as read."""
    return HOLDERS[kind].get()


@contextmanager
def kept() -> Iterator[None]:
    """Let what is loaded meanwhile be forgotten at the end."""
    with ExitStack() as stack:
        for one in HOLDERS.values():
            stack.enter_context(one.kept())
        yield


def _pauses_stay(former: Mapping[str, Pause], new: Collection[str]) -> Iterator[DocumentFault]:
    """The history of who was where names reasons: one that was in force is at most offered no longer."""
    for code in former:
        if code not in new:
            yield DocumentFault(flaw=Flaw.MUST_STAY, table="pause", row=code, values={"value": code})


def _requests_stay(former: Classifier, new: Classifier) -> Iterator[DocumentFault]:
    """Without their category nobody could register a request for public information."""
    if former.information_request and not new.information_request:
        value = former.information_request
        yield DocumentFault(flaw=Flaw.MUST_STAY, field="information_request", values={"value": value})


def _indices_stay(former: Paperwork, new: Paperwork) -> Iterator[DocumentFault]:
    """A series begins at 1: one that is new to a pattern would give the indices of the year once more.

    Rules that are in force all the same stay so: `storage.appeals.numbering` passes by what they have given.
    """
    known = [rule for one in (former, *PAPERWORK.held.versions.values()) for rule in one.rules]
    for place, rule in enumerate(new.rules, start=1):
        if other := next(filter(rule.repeats, (*known, *new.rules[: place - 1])), None):
            values = {"value": rule.pattern, "series": other.series}
            yield DocumentFault(
                flaw=Flaw.SAME_INDEX,
                table="index",
                row=rule.series,
                place=place,
                field="series",
                values=values,
            )


def _nothing(_former: object, _new: object) -> Iterator[DocumentFault]:
    return iter(())


_MUST_STAY: Mapping[DocumentKind, Callable[[Any, Any], Iterator[DocumentFault]]] = {
    DocumentKind.PAUSES: _pauses_stay,
    DocumentKind.CLASSIFIER: _requests_stay,
    DocumentKind.PAPERWORK: _indices_stay,
}
