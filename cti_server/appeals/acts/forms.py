"""The acts of dispatchers and heads as forms: their words, their fields, when each makes sense."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cti_server.appeals.acts import inputs
from cti_server.frame.language import N_
from hotline.access.permissions import Permission
from hotline.appeals.acts.act import Act
from hotline.appeals.appeal import PENDING, Appeal, AppealKind, AppealState
from hotline.voice.listening import SpokenField


class FieldKind(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    LINE = "line"
    DAY = "day"
    CHOICE = "choice"
    RADIO = "radio"
    """A choice of few, all in sight."""


def always(_appeal: Appeal) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of an act's form; `needed`: it must be filled in, though the act can do without it."""

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    needed: bool = False
    spoken: SpokenField | None = None
    """The sentence in which calls say it to the applicant."""
    fits: Callable[[Appeal], bool] = always
    """Whether the form shows this field: in some states of an appeal it does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A choice in a field; `text` is in the reader's language already."""

    value: str
    text: str


Options = Mapping[str, Sequence[Option]]
"""A field's name → what can be chosen in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActForm:
    """The form of an act; `fits` tells whether the act makes sense now, beyond the table of transitions."""

    said: type[inputs.ActInput]
    title: str
    button: str
    fields: Sequence[Field] = ()
    permission: Permission = Permission.HANDLE_APPEALS
    fits: Callable[[Appeal], bool] = always
    by_applicant: bool = False
    """The applicant's word: the user only takes it down, with the call or the letter that it came by."""
    grave: bool = False
    """The act ends the appeal, or changes what the law counts."""

    @property
    def act(self) -> type[Act]:
        return self.said.act

    @property
    def name(self) -> str:
        return self.act.name

    def shown(self, appeal: Appeal) -> Sequence[Field]:
        """Give the fields that can be filled in as the appeal stands."""
        return [one for one in self.fields if one.fits(appeal)]

    @property
    def choices(self) -> Sequence[str]:
        """Name the fields in which one chooses."""
        return [one.name for one in self.fields if one.kind in {FieldKind.CHOICE, FieldKind.RADIO}]

    @property
    def needed(self) -> Sequence[str]:
        return [one.name for one in self.fields if one.needed]


def _is_owed(appeal: Appeal) -> bool:
    return appeal.state in PENDING


def _is_linked(appeal: Appeal) -> bool:
    return appeal.parent is not None


def _is_not_linked(appeal: Appeal) -> bool:
    return appeal.parent is None


def _asked(appeal: Appeal) -> bool:
    return bool(appeal.question)


def _may_be_left(appeal: Appeal) -> bool:
    return appeal.state is not AppealState.IN_WORK or appeal.kind is AppealKind.INFORMATION_REQUEST


def _more_time_wanted(appeal: Appeal) -> bool:
    return appeal.extension_wanted is not None


_REASON = Field(name="reason", label=N_("Why"))
_REASON_TOLD = Field(name="reason", label=N_("Why"), spoken=SpokenField.REASON)
_REMARK = Field(name="reason", label=N_("Words for it, if any"))

_ROUTING = (
    ActForm(
        said=inputs.AssignInput,
        title=N_("Give to an executor"),
        button=N_("Give"),
        fields=(Field(name="executor_id", label=N_("Executor"), kind=FieldKind.CHOICE), _REMARK),
        permission=Permission.ASSIGN_APPEALS,
    ),
    ActForm(
        said=inputs.AcceptInput,
        title=N_("The executor accepted it by telephone"),
        button=N_("Accepted"),
        fields=(
            Field(
                name="acknowledged_by",
                label=N_("Who accepted it there"),
                kind=FieldKind.LINE,
                needed=True,
            ),
        ),
    ),
    ActForm(
        said=inputs.ForwardInput,
        title=N_("Forward to whom it belongs"),
        button=N_("Forward"),
        fields=(Field(name="to", label=N_("To which authority"), kind=FieldKind.LINE), _REASON_TOLD),
        grave=True,
    ),
    ActForm(
        said=inputs.RejectInput,
        title=N_("Leave without consideration, or refuse a request"),
        button=N_("Leave without consideration"),
        fields=(
            Field(name="ground", label=N_("Ground by law"), kind=FieldKind.RADIO),
            _REASON_TOLD,
        ),
        permission=Permission.CONTROL_APPEALS,
        grave=True,
        fits=_may_be_left,
    ),
)
_CHECKING = (
    ActForm(
        said=inputs.BeginCheckInput,
        title=N_("Begin to ask the applicant"),
        button=N_("Begin the check"),
    ),
    ActForm(
        said=inputs.ConfirmInput,
        title=N_("The applicant says: it is done"),
        button=N_("Confirmed: close"),
        fields=(
            Field(name="rating", label=N_("Rating, if they gave one"), kind=FieldKind.CHOICE),
            _REMARK,
        ),
        by_applicant=True,
    ),
    ActForm(
        said=inputs.DisputeInput,
        title=N_("The applicant says: it is not done"),
        button=N_("Not done: back to the executor"),
        fields=(Field(name="reason", label=N_("What is not done")),),
        by_applicant=True,
    ),
    ActForm(
        said=inputs.TakeNoBackInput,
        title=N_("The applicant takes their “no” back: it is done after all"),
        button=N_("Done after all: close"),
        by_applicant=True,
    ),
    ActForm(
        said=inputs.AttemptInVainInput,
        title=N_("The applicant was not reached"),
        button=N_("Write down the attempt"),
        fields=(Field(name="outcome", label=N_("What happened"), kind=FieldKind.RADIO),),
    ),
    ActForm(
        said=inputs.CloseUnconfirmedInput,
        title=N_("Close without the applicant's word"),
        button=N_("Close, not confirmed"),
        fields=(_REASON,),
        grave=True,
    ),
    ActForm(
        said=inputs.WithdrawInput,
        title=N_("The applicant withdraws it"),
        button=N_("Withdraw"),
        fields=(_REMARK,),
        by_applicant=True,
        grave=True,
    ),
)
_WAYS_BACK = (
    ActForm(
        said=inputs.RefuseDoneInput,
        title=N_("It is plainly not done: back to the executor"),
        button=N_("Return the report"),
        fields=(Field(name="reason", label=N_("What is not done, and how it was seen")),),
    ),
    ActForm(
        said=inputs.AnsweredElsewhereInput,
        title=N_("The other authority has answered"),
        button=N_("Keep the answer"),
        fields=(
            Field(name="answer", label=N_("Its answer, as the applicant is told"), spoken=SpokenField.REASON),
        ),
    ),
    ActForm(
        said=inputs.CameBackInput,
        title=N_("The other authority sends it back"),
        button=N_("Take it up again"),
        fields=(_REASON,),
    ),
    ActForm(
        said=inputs.ReopenInput,
        title=N_("Take it up again"),
        button=N_("Take it up again"),
        fields=(_REASON,),
        grave=True,
    ),
)
_REGISTERED = (
    Field(name="text", label=N_("What it is about"), fits=_is_owed),
    Field(name="category", label=N_("Category"), kind=FieldKind.CHOICE, fits=_is_owed),
    Field(name="address", label=N_("Address (old street names will do)"), kind=FieldKind.LINE, fits=_is_owed),
    Field(name="urgency", label=N_("Urgency"), kind=FieldKind.CHOICE, fits=_is_owed),
    Field(name="kind", label=N_("Kind"), kind=FieldKind.CHOICE, fits=_is_owed),
    Field(name="sign", label=N_("Sign"), kind=FieldKind.CHOICE, fits=_is_owed),
    Field(
        name="earlier",
        label=N_("Number of the earlier appeal that it repeats"),
        kind=FieldKind.LINE,
        fits=_is_owed,
    ),
    Field(name="subject", label=N_("Whose it is"), kind=FieldKind.CHOICE, fits=_is_owed),
    Field(name="receipt", label=N_("How it was received"), kind=FieldKind.CHOICE, fits=_is_owed),
)
"""The fields that correct a registration; most are offered only until the executor reports the work done."""
_KEEPING = (
    ActForm(
        said=inputs.AnswerBackInput,
        title=N_("Answer the executor's question"),
        button=N_("Send the answer"),
        fields=(Field(name="text", label=N_("Answer to the executor")),),
        fits=_asked,
    ),
    ActForm(
        said=inputs.NoteInput,
        title=N_("Write a note"),
        button=N_("Write down"),
        fields=(
            Field(name="text", label=N_("Note")),
            Field(name="internal", label=N_("Who sees it"), kind=FieldKind.RADIO, needed=True),
        ),
    ),
    ActForm(
        said=inputs.AmendInput,
        title=N_("Put right what was registered"),
        button=N_("Put right"),
        fields=(
            *_REGISTERED,
            Field(name="reply_by", label=N_("How to tell them of each change"), kind=FieldKind.CHOICE),
            Field(
                name="reply_to",
                label=N_("Where: another number, or the e-mail address"),
                kind=FieldKind.LINE,
            ),
            _REMARK,
        ),
    ),
    ActForm(
        said=inputs.LinkInput,
        title=N_("Link to another appeal about the same"),
        button=N_("Link"),
        fields=(Field(name="parent", label=N_("Number of the main appeal"), kind=FieldKind.LINE),),
        fits=_is_not_linked,
    ),
    ActForm(
        said=inputs.UnlinkInput,
        title=N_("It is about something else: unlink"),
        button=N_("Unlink"),
        fields=(_REASON,),
        fits=_is_linked,
    ),
    ActForm(
        said=inputs.ExtendInput,
        title=N_("Extend the term"),
        button=N_("Extend"),
        fields=(Field(name="until", label=N_("Until the end of the day"), kind=FieldKind.DAY), _REASON),
        permission=Permission.CONTROL_APPEALS,
    ),
    ActForm(
        said=inputs.RefuseExtensionInput,
        title=N_("Refuse more time"),
        button=N_("Refuse"),
        fields=(_REASON,),
        permission=Permission.CONTROL_APPEALS,
        fits=_more_time_wanted,
    ),
    ActForm(
        said=inputs.ReviewClosingInput,
        title=N_("Look at how it was closed"),
        button=N_("Looked at"),
        fields=(Field(name="reason", label=N_("What you found: the recording, the letter, the place")),),
        permission=Permission.CONTROL_APPEALS,
    ),
    ActForm(
        said=inputs.PutUnderControlInput,
        title=N_("Control by the head"),
        button=N_("Put under control, or take off"),
        fields=(_REMARK,),
        permission=Permission.CONTROL_APPEALS,
    ),
)
FORMS: Mapping[str, ActForm] = {one.name: one for one in (*_ROUTING, *_CHECKING, *_WAYS_BACK, *_KEEPING)}
"""An act's name → its form."""
