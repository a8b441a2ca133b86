"""Forms of the acts by which an appeal goes to somebody: to an executor, to another authority, to nobody."""

from collections.abc import Sequence

from cti_server.appeals.acts.forms import OPTIONAL_REASON, REASON, ActForm, Field, Kind
from cti_server.appeals.acts.given import Given
from cti_server.frame.language import N_
from hotline.access.users import Permission
from hotline.appeals.acts.routing import Assign, Forward, Reject, RejectionGround
from hotline.appeals.acts.work import Accept


def _assign(given: Given) -> Assign:
    executor = int(given.chosen("executor"))
    return Assign(by=given.by, at=given.at, executor_id=executor, reason=given.text("reason"))


def _accept(given: Given) -> Accept:
    return Accept(by=given.by, at=given.at, acknowledged_by=given.line("acknowledged_by"))


def _forward(given: Given) -> Forward:
    return Forward(by=given.by, at=given.at, to=given.line("to"), reason=given.text("reason"))


def _reject(given: Given) -> Reject:
    ground = RejectionGround(given.chosen("ground"))
    return Reject(by=given.by, at=given.at, ground=ground, reason=given.text("reason"))


FORMS: Sequence[ActForm] = (
    ActForm(
        act=Assign,
        title=N_("Give to an executor"),
        button=N_("Give"),
        make=_assign,
        fields=(Field(name="executor", label=N_("Executor"), kind=Kind.CHOICE), OPTIONAL_REASON),
        permission=Permission.ASSIGN_APPEALS,
    ),
    ActForm(
        act=Accept,
        title=N_("The executor accepted it by telephone"),
        button=N_("Accepted"),
        make=_accept,
        fields=(Field(name="acknowledged_by", label=N_("Who accepted it there"), kind=Kind.LINE),),
    ),
    ActForm(
        act=Forward,
        title=N_("Forward to whom it belongs"),
        button=N_("Forward"),
        make=_forward,
        fields=(Field(name="to", label=N_("To which authority"), kind=Kind.LINE), REASON),
        grave=True,
    ),
    ActForm(
        act=Reject,
        title=N_("Leave without consideration"),
        button=N_("Leave without consideration"),
        make=_reject,
        fields=(Field(name="ground", label=N_("Ground (law 393/96, art. 8)"), kind=Kind.RADIO), REASON),
        permission=Permission.CONTROL_APPEALS,
        grave=True,
    ),
)
