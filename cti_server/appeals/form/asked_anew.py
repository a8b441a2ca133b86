"""The category's questions where an appeal is put right: asked anew when the category becomes another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from cti_server.appeals.acts.reading import Misread, Sent, first
from cti_server.appeals.form.asked import OF_DETAIL, details, faults_of, fields_of, given, not_asked
from cti_server.frame.language import N_
from hotline.appeals.acts.act import ActFault
from hotline.appeals.appeal import Appeal
from hotline.city.classifier import classifier
from hotline.city.questions import Asks, Detail, Question

ASKED = "asked"
"""The field that names the category whose questions stood in the form."""
ASKS_OTHERWISE = N_("This category asks other things, here they are: answer what is known, then send it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAnew:
    """Questions of a category with what the fields of their answers hold."""

    category: str
    questions: Sequence[Question]
    answers: Mapping[str, str]
    within: str
    """Begins the fields' ids: another form with the same questions may stand on the page."""


def asked_anew(
    appeal: Appeal, typed: Mapping[str, str], zone: ZoneInfo, *, within: str = "amend"
) -> AskedAnew:
    """Ask what the chosen category asks; answers that are there stand in their fields, unless typed over."""
    category = typed.get("category", appeal.category)
    return AskedAnew(
        category=category,
        questions=classifier(appeal.classifier).questions_of(category),
        answers={f"{OF_DETAIL}{one.code}": _typed(one, zone) for one in appeal.details} | dict(typed),
        within=within,
    )


def answered_anew(
    appeal: Appeal, sent: Sent, now: datetime, zone: ZoneInfo, *, needed: bool = False
) -> tuple[Detail, ...] | None:
    """Read the answers of a form that puts an appeal right; None where they stay as they are.

    `needed`: the citizen is listening, so what another category has to ask is asked. Raises Misread, also
    when the category was changed and its questions have not been seen yet.
    """
    typed = {name: first(sent, name) for name in sent}
    category, version = typed.get("category", appeal.category), appeal.classifier
    asked = fields_of(category, version)
    if typed.get(ASKED) != category:
        kept = {f"{OF_DETAIL}{one.code}" for one in appeal.details}
        if ASKED in typed and category != appeal.category and not kept.issuperset(asked):
            raise Misread({"category": ActFault("category", ASKS_OTHERWISE)})
        return None
    answers = given(category, typed, version)
    faults = dict(faults_of(category, answers, version))
    if needed and category != appeal.category:
        faults |= not_asked(category, typed, version)
    if faults:
        raise Misread({name: ActFault(name, text) for name, text in faults.items()})
    then = details(category, answers, now, zone, version)
    return None if then == appeal.details else then


def _typed(detail: Detail, zone: ZoneInfo) -> str:
    """Write an answer as the field of its question takes it."""
    return detail.said("uk", zone) if detail.asks in {Asks.MOMENT, Asks.NUMBER} else detail.answer
