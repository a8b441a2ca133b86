"""The state's classifier of appeals (resolution 858/2008): which of its codes an appeal has, as city data.

Which codes are published and which are assumed is said in `hotline/data/state-classifier-1.toml`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hotline.appeals.appeal import Appeal, AppealKind, Receipt, ResultKind, Sign, Subject
from hotline.city.classifier import classifier
from hotline.documents.document import DocumentKind
from hotline.documents.faults import Flaw
from hotline.documents.in_force import InForce
from hotline.documents.reading import document_of, note_doubled


class StateField(StrEnum):
    """What of an appeal the state's classifier names, in its order."""

    RECEIPT = "receipt"
    SIGN = "sign"
    KIND = "kind"
    SUBJECT = "subject"
    TYPE = "type"
    """Written or spoken, by the receipt."""
    RESULT = "result"
    QUESTION = "question"
    """By the category; where it has no row, its section."""


_VALUES: Mapping[StateField, frozenset[str]] = {
    StateField.RECEIPT: frozenset(Receipt),
    StateField.SIGN: frozenset(Sign),
    StateField.KIND: frozenset(AppealKind),
    StateField.SUBJECT: frozenset(Subject),
    StateField.TYPE: frozenset(Receipt),
    StateField.RESULT: frozenset(ResultKind),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StateCode:
    """A code of the state's for a value of ours, `what:ours`; empty where it has none."""

    name: str
    code: str
    uk: str

    def said(self) -> str:
        return f"{self.code} {self.uk}".strip()


NO_CODE = StateCode(name="", code="", uk="")
StateClassifier = Mapping[str, StateCode]
"""The codes by `what:ours`."""


def read_state_classifier(text: str, _version: int) -> StateClassifier:
    """Read the codes; raises DocumentFaults."""
    document = document_of(text)
    found = []
    for row in document.rows("code"):
        name = row.text("name")
        row.known_as(name)
        what, _, ours = name.partition(":")
        if name and not _known(what, ours):
            choices = ", ".join(f"{one}:…" for one in StateField)
            row.note(Flaw.UNKNOWN_CHOICE, "name", value=name, choices=choices)
        found.append((row, StateCode(name=name, code=row.text("code", needed=False), uk=row.text("uk"))))
    note_doubled(((row, one.name) for row, one in found), "name")
    document.end()
    return {one.name: one for _, one in found}


def _known(what: str, ours: str) -> bool:
    if what == StateField.QUESTION:
        return bool(ours)
    return what in _VALUES and ours in _VALUES[StateField(what)]


STATE_CLASSIFIERS = InForce(DocumentKind.STATE_CLASSIFIER, read_state_classifier)


def state_codes(appeal: Appeal) -> Sequence[StateCode]:
    """Give the codes of an appeal in the order of `StateField`; NO_CODE where the classifier has none."""
    known = STATE_CLASSIFIERS.get()
    ours: Mapping[StateField, str | None] = {
        StateField.RECEIPT: appeal.receipt,
        StateField.SIGN: appeal.sign,
        StateField.KIND: appeal.kind,
        StateField.SUBJECT: appeal.subject,
        StateField.TYPE: appeal.receipt,
        StateField.RESULT: appeal.result,
    }
    found = [known.get(f"{what}:{value}", NO_CODE) for what, value in ours.items()]
    return [*found, known.get(f"{StateField.QUESTION}:{appeal.category}") or _section(appeal)]


def _section(appeal: Appeal) -> StateCode:
    section = classifier(appeal.classifier).section_of(appeal.category)
    return NO_CODE if section is None else StateCode(name="", code=section.code, uk=section.uk)
