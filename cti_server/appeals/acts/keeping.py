"""Forms of answers, notes, corrections, links, the term and control."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from cti_server.appeals.acts.forms import OPTIONAL_REASON, REASON, ActForm, Field, Kind
from cti_server.appeals.acts.given import Given
from cti_server.frame.language import N_
from hotline.access.users import Permission
from hotline.appeals.acts.act import ActFault
from hotline.appeals.acts.asking import AnswerBack
from hotline.appeals.acts.extension import Extend, RefuseExtension
from hotline.appeals.acts.keeping import Amend, Link, Note, PutUnderControl, Unlink
from hotline.appeals.appeal import Appeal

INTERNAL, VISIBLE = "internal", "visible"
_LONGEST_ADDRESS = 300
_Choice = TypeVar("_Choice", bound=StrEnum)


def _note(given: Given) -> Note:
    internal = given.chosen("seen_by") == INTERNAL
    return Note(by=given.by, at=given.at, text=given.text("text"), internal=internal)


def _answer(given: Given) -> AnswerBack:
    return AnswerBack(by=given.by, at=given.at, text=given.text("text"))


def _amend(given: Given) -> Amend:
    before = given.appeal
    address = given.changed("address", before.address)
    if address is not None and not 0 < len(address) <= _LONGEST_ADDRESS:
        raise ActFault("address", N_("Write the address: where it is, or where the applicant lives."))
    earlier = given.changed("earlier", before.earlier or "")
    return Amend(
        by=given.by,
        at=given.at,
        text=given.changed("text", before.text.strip()),
        category=given.changed("category", before.category),
        address=address,
        urgency=_chosen(given, "urgency", before.urgency),
        kind=_chosen(given, "kind", before.kind),
        sign=_chosen(given, "sign", before.sign),
        earlier=given.number("earlier") if earlier else earlier,
        subject=_chosen(given, "subject", before.subject),
        receipt=_chosen(given, "receipt", before.receipt),
        reason=given.text("reason"),
    )


def _chosen(given: Given, field: str, before: _Choice) -> _Choice | None:
    """Give what was chosen instead; None where it stays as it is."""
    changed = given.changed(field, before.value)
    return None if changed is None else type(before)(given.chosen(field))


def _link(given: Given) -> Link:
    return Link(by=given.by, at=given.at, parent=given.number("parent"))


def _unlink(given: Given) -> Unlink:
    return Unlink(by=given.by, at=given.at, reason=given.text("reason"))


def _extend(given: Given) -> Extend:
    return Extend(by=given.by, at=given.at, until=given.day("until"), reason=given.text("reason"))


def _refuse(given: Given) -> RefuseExtension:
    return RefuseExtension(by=given.by, at=given.at, reason=given.text("reason"))


def _control(given: Given) -> PutUnderControl:
    return PutUnderControl(
        by=given.by, at=given.at, on=not given.appeal.controlled, reason=given.text("reason")
    )


def _is_linked(appeal: Appeal) -> bool:
    return appeal.parent is not None


def _is_not_linked(appeal: Appeal) -> bool:
    return appeal.parent is None


def _asked(appeal: Appeal) -> bool:
    return bool(appeal.question)


def _more_time_wanted(appeal: Appeal) -> bool:
    return appeal.extension_wanted is not None


FORMS: Sequence[ActForm] = (
    ActForm(
        act=AnswerBack,
        title=N_("Answer the executor's question"),
        button=N_("Send the answer"),
        make=_answer,
        fields=(Field(name="text", label=N_("Answer to the executor")),),
        fits=_asked,
    ),
    ActForm(
        act=Note,
        title=N_("Write a note"),
        button=N_("Write down"),
        make=_note,
        fields=(
            Field(name="text", label=N_("Note")),
            Field(name="seen_by", label=N_("Who sees it"), kind=Kind.RADIO),
        ),
    ),
    ActForm(
        act=Amend,
        title=N_("Put right what was registered"),
        button=N_("Put right"),
        make=_amend,
        fields=(
            Field(name="text", label=N_("What it is about")),
            Field(name="category", label=N_("Category"), kind=Kind.CHOICE),
            Field(name="address", label=N_("Address (old street names will do)"), kind=Kind.LINE),
            Field(name="urgency", label=N_("Urgency"), kind=Kind.CHOICE),
            Field(name="kind", label=N_("Kind"), kind=Kind.CHOICE),
            Field(name="sign", label=N_("Sign"), kind=Kind.CHOICE),
            Field(name="earlier", label=N_("Number of the earlier appeal that it repeats"), kind=Kind.LINE),
            Field(name="subject", label=N_("Whose it is"), kind=Kind.CHOICE),
            Field(name="receipt", label=N_("How it was received"), kind=Kind.CHOICE),
            OPTIONAL_REASON,
        ),
    ),
    ActForm(
        act=Link,
        title=N_("Link to another appeal about the same"),
        button=N_("Link"),
        make=_link,
        fields=(Field(name="parent", label=N_("Number of the main appeal"), kind=Kind.LINE),),
        fits=_is_not_linked,
    ),
    ActForm(
        act=Unlink,
        title=N_("It is about something else: unlink"),
        button=N_("Unlink"),
        make=_unlink,
        fields=(REASON,),
        fits=_is_linked,
    ),
    ActForm(
        act=Extend,
        title=N_("Extend the term"),
        button=N_("Extend"),
        make=_extend,
        fields=(Field(name="until", label=N_("Until the end of the day"), kind=Kind.DAY), REASON),
        permission=Permission.CONTROL_APPEALS,
    ),
    ActForm(
        act=RefuseExtension,
        title=N_("Refuse more time"),
        button=N_("Refuse"),
        make=_refuse,
        fields=(REASON,),
        permission=Permission.CONTROL_APPEALS,
        fits=_more_time_wanted,
    ),
    ActForm(
        act=PutUnderControl,
        title=N_("Control by the head"),
        button=N_("Put under control, or take off"),
        make=_control,
        fields=(OPTIONAL_REASON,),
        permission=Permission.CONTROL_APPEALS,
    ),
)
