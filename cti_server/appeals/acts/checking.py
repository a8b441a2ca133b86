"""Forms of the check whether it was really done, and of the applicant's word, taken down with its source."""

from collections.abc import Sequence

from cti_server.appeals.acts.forms import OPTIONAL_REASON, REASON, SOURCE, ActForm, Field, Kind
from cti_server.appeals.acts.given import Given
from cti_server.frame.language import N_
from hotline.appeals.acts.act import require_text
from hotline.appeals.acts.checking import (
    AttemptInVain,
    BeginCheck,
    CloseUnconfirmed,
    Confirm,
    Dispute,
    Withdraw,
)


def _begin(given: Given) -> BeginCheck:
    return BeginCheck(by=given.by, at=given.at)


def _in_vain(given: Given) -> AttemptInVain:
    return AttemptInVain(by=given.by, at=given.at, outcome=given.chosen("outcome"))


def _confirm(given: Given) -> Confirm:
    rating = given.chosen("rating")
    return Confirm(
        by=given.applicant(),
        at=given.at,
        rating=int(rating) if rating else None,
        reason=given.text("reason"),
    )


def _dispute(given: Given) -> Dispute:
    require_text("reason", given.text("reason"))  # the executor must learn what is left to do
    return Dispute(by=given.applicant(), at=given.at, reason=given.text("reason"))


def _withdraw(given: Given) -> Withdraw:
    return Withdraw(by=given.applicant(), at=given.at, reason=given.text("reason"))


def _unconfirmed(given: Given) -> CloseUnconfirmed:
    return CloseUnconfirmed(by=given.by, at=given.at, reason=given.text("reason"))


FORMS: Sequence[ActForm] = (
    ActForm(
        act=BeginCheck,
        title=N_("Begin to ask the applicant"),
        button=N_("Begin the check"),
        make=_begin,
    ),
    ActForm(
        act=Confirm,
        title=N_("The applicant says: it is done"),
        button=N_("Confirmed: close"),
        make=_confirm,
        fields=(
            SOURCE,
            Field(name="rating", label=N_("Rating, if they gave one"), kind=Kind.CHOICE, optional=True),
            OPTIONAL_REASON,
        ),
        by_applicant=True,
    ),
    ActForm(
        act=Dispute,
        title=N_("The applicant says: it is not done"),
        button=N_("Not done: back to the executor"),
        make=_dispute,
        fields=(SOURCE, Field(name="reason", label=N_("What is not done"))),
        by_applicant=True,
    ),
    ActForm(
        act=AttemptInVain,
        title=N_("The applicant was not reached"),
        button=N_("Write down the attempt"),
        make=_in_vain,
        fields=(Field(name="outcome", label=N_("What happened"), kind=Kind.RADIO),),
    ),
    ActForm(
        act=CloseUnconfirmed,
        title=N_("Close without the applicant's word"),
        button=N_("Close, not confirmed"),
        make=_unconfirmed,
        fields=(REASON,),
        grave=True,
    ),
    ActForm(
        act=Withdraw,
        title=N_("The applicant withdraws it"),
        button=N_("Withdraw"),
        make=_withdraw,
        fields=(SOURCE, OPTIONAL_REASON),
        by_applicant=True,
        grave=True,
    ),
)
