"""Inputs of each act: of the centre's form, an enterprise's form, and the API's body."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from cti_server.frame.inputs import Input
from cti_server.frame.language import N_
from hotline.appeals.acts.act import LONGEST_TEXT, Act
from hotline.appeals.acts.actors import Actor
from hotline.appeals.acts.applicants_word import (
    AttemptInVain,
    BeginCheck,
    CloseUnconfirmed,
    Confirm,
    Dispute,
    ReviewClosing,
    TakeNoBack,
    Withdraw,
)
from hotline.appeals.acts.asking import AnswerBack, AskBack
from hotline.appeals.acts.extension import AskExtension, Extend, RefuseExtension
from hotline.appeals.acts.keeping import Amend, Link, Note, PutUnderControl, ToldBy, Unlink
from hotline.appeals.acts.routing import Assign, Forward, HandBack, Reject, RejectionGround
from hotline.appeals.acts.way_back import AnsweredElsewhere, CameBack, RefuseDone, Reopen, TakeBack
from hotline.appeals.acts.work import Accept, BeginWork, PassInside, ReportDone
from hotline.appeals.appeal import AppealKind, Receipt, ResultKind, Sign, Subject
from hotline.city.classifier import Urgency

LONGEST_LINE = 300
NO_APPEAL = N_("There is no appeal %(number)s.")
NO_ADDRESS = N_("Write the address: where it is, or where the applicant lives.")
NO_RESULT = N_("Choose what came of it.")
NO_COLLEAGUE = N_("Choose somebody of the same enterprise.")

Id = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Text = Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT, pattern=r"\S")]
Reason = Annotated[Text, Meta(extra={"blank": N_("Write why, in a few words.")})]
Line = Annotated[
    str, Meta(min_length=1, max_length=LONGEST_LINE, pattern=r"\S", extra={"blank": N_("Write it here.")})
]
Remark = Annotated[str, Meta(max_length=LONGEST_TEXT, description="In your own words, for the history.")]
Number = Annotated[str, Meta(pattern=r"^[0-9]{1,12}$", extra={"spaced": True, "wrong": NO_APPEAL})]


class ActInput(Input, kw_only=True):
    """The input of an act, and the state of the appeal that it is meant for."""

    act: ClassVar[type[Act]]
    version: Annotated[
        int, Meta(ge=1, le=2**31 - 1, description="As it was read; 409 `overtaken` when it is another now.")
    ]

    def made(self, by: Actor, at: datetime, *, idempotency_key: str | None = None, **more: Any) -> Act:
        """Make the act; `more` are those of its fields that nobody says."""
        said = {name: getattr(self, name) for name in self.__struct_fields__ if name != "version"}
        return self.act(by=by, at=at, idempotency_key=idempotency_key, **said, **more)


class AssignInput(ActInput, kw_only=True):
    """A dispatcher gives the appeal to an enterprise."""

    act: ClassVar = Assign
    executor_id: Annotated[Id, Meta(description="Of `/executors`.")]
    reason: Remark = ""


class HandBackInput(ActInput, kw_only=True):
    """The enterprise hands the appeal back as another's."""

    act: ClassVar = HandBack
    reason: Reason


class ForwardInput(ActInput, kw_only=True):
    """The centre forwards the appeal to another authority."""

    act: ClassVar = Forward
    to: Line
    reason: Reason


class RejectInput(ActInput, kw_only=True):
    """The head leaves the appeal without consideration, on a ground of the law."""

    act: ClassVar = Reject
    ground: RejectionGround
    reason: Reason


class AcceptInput(ActInput, kw_only=True):
    """The executor acknowledges it."""

    act: ClassVar = Accept
    acknowledged_by: Annotated[
        str,
        Meta(
            max_length=LONGEST_LINE,
            description="Who took it, such as on the phone.",
            extra={"blank": N_("Write it here.")},
        ),
    ] = ""


class PassInsideInput(ActInput, kw_only=True):
    """The enterprise gives the appeal to a colleague; null: to nobody in particular."""

    act: ClassVar = PassInside
    assignee_id: Annotated[Id | None, Meta(extra={"blank": NO_COLLEAGUE, "wrong": NO_COLLEAGUE})]
    reason: Remark = ""


class BeginWorkInput(ActInput, kw_only=True):
    """The work begins."""

    act: ClassVar = BeginWork
    reason: Remark = ""


class ReportDoneInput(ActInput, kw_only=True):
    """The executor's word that it is done."""

    act: ClassVar = ReportDone
    result: Annotated[
        ResultKind,
        Meta(
            description="Not `forwarded`: hand back what is not yours.",
            extra={"blank": NO_RESULT, "wrong": NO_RESULT},
        ),
    ]
    answer: Annotated[
        Text,
        Meta(
            description="As the applicant reads it.", extra={"blank": N_("Write what the applicant is told.")}
        ),
    ]


class AskBackInput(ActInput, kw_only=True):
    """The enterprise asks the centre."""

    act: ClassVar = AskBack
    text: Text


class AnswerBackInput(ActInput, kw_only=True):
    """The centre answers the enterprise's question."""

    act: ClassVar = AnswerBack
    text: Text


class AskExtensionInput(ActInput, kw_only=True):
    """The executor asks the head for more time."""

    act: ClassVar = AskExtension
    until: Annotated[date, Meta(description="The last day, within what the law allows.")]
    reason: Reason


class ExtendInput(ActInput, kw_only=True):
    """The head grants more time."""

    act: ClassVar = Extend
    until: date
    reason: Reason


class RefuseExtensionInput(ActInput, kw_only=True):
    """The head grants no more time."""

    act: ClassVar = RefuseExtension
    reason: Reason


class TakeBackInput(ActInput, kw_only=True):
    """The executor takes back its report that the work is done."""

    act: ClassVar = TakeBack
    reason: Reason


class RefuseDoneInput(ActInput, kw_only=True):
    """The centre returns a report of work that is not done."""

    act: ClassVar = RefuseDone
    reason: Reason


class CameBackInput(ActInput, kw_only=True):
    """The authority to which the appeal was forwarded sends it back."""

    act: ClassVar = CameBack
    reason: Reason


class AnsweredElsewhereInput(ActInput, kw_only=True):
    """The authority to which the appeal was forwarded has answered."""

    act: ClassVar = AnsweredElsewhere
    answer: Text


class ReopenInput(ActInput, kw_only=True):
    """The centre takes up again an appeal that was closed, rejected or withdrawn."""

    act: ClassVar = Reopen
    reason: Reason


class BeginCheckInput(ActInput, kw_only=True):
    """The applicant is being asked."""

    act: ClassVar = BeginCheck


class AttemptInVainInput(ActInput, kw_only=True):
    """A dispatcher could not reach the applicant."""

    act: ClassVar = AttemptInVain
    outcome: Annotated[str, Meta(min_length=1, max_length=LONGEST_LINE)]


class ConfirmInput(ActInput, kw_only=True):
    """The applicant says that it is done."""

    act: ClassVar = Confirm
    rating: Annotated[int, Meta(ge=1, le=5)] | None = None
    reason: Remark = ""


class DisputeInput(ActInput, kw_only=True):
    """The applicant says what is not done: the executor has to know what is left to do."""

    act: ClassVar = Dispute
    reason: Text


class TakeNoBackInput(ActInput, kw_only=True):
    """The applicant says that it is done after all: they take their "no" back."""

    act: ClassVar = TakeNoBack


class WithdrawInput(ActInput, kw_only=True):
    """The applicant takes it back."""

    act: ClassVar = Withdraw
    reason: Remark = ""


class ReviewClosingInput(ActInput, kw_only=True):
    """The head has looked at how it was closed."""

    act: ClassVar = ReviewClosing
    reason: Reason


class CloseUnconfirmedInput(ActInput, kw_only=True):
    """The centre closes the appeal without the applicant's word."""

    act: ClassVar = CloseUnconfirmed
    reason: Reason


class NoteInput(ActInput, kw_only=True):
    """A dispatcher notes something on the appeal."""

    act: ClassVar = Note
    text: Text
    internal: Annotated[bool, Meta(description="false: the applicant sees it and is told.")] = True


class AmendInput(ActInput, kw_only=True):
    """A dispatcher puts right what was registered; null leaves a field as it is."""

    act: ClassVar = Amend
    text: Annotated[Text, Meta(extra={"blank": N_("Write what it is about.")})] | None = None
    category: Annotated[str, Meta(extra={"blank": N_("Choose one of the categories.")})] | None = None
    address: (
        Annotated[str, Meta(min_length=1, max_length=LONGEST_LINE, extra={"blank": NO_ADDRESS})] | None
    ) = None
    urgency: Urgency | None = None
    kind: AppealKind | None = None
    sign: Sign | None = None
    earlier: Annotated[Number, Meta(extra={"blank": N_("Choose another appeal.")})] | None = None
    subject: Subject | None = None
    receipt: Receipt | None = None
    reply_by: ToldBy | None = None
    reply_to: Annotated[str, Meta(max_length=LONGEST_LINE)] | None = None
    reason: Remark = ""


class LinkInput(ActInput, kw_only=True):
    """A dispatcher has the appeal go along with another."""

    act: ClassVar = Link
    parent: Number


class UnlinkInput(ActInput, kw_only=True):
    """A dispatcher parts the appeal from the other one."""

    act: ClassVar = Unlink
    reason: Reason


class PutUnderControlInput(ActInput, kw_only=True):
    """The head puts the appeal under control, or ends the control."""

    act: ClassVar = PutUnderControl
    on: bool
    reason: Remark = ""
