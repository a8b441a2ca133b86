"""Acts of the executor on an appeal, from acceptance to the report that the work is done."""

from dataclasses import dataclass
from typing import ClassVar

from hotline.appeals.acts.act import Act, ActFault, Changes, require_text
from hotline.appeals.appeal import CHECKED, Appeal, AppealKind, AppealState, ResultKind
from hotline.city.city_rules import CityRules

BY_EXECUTOR = (ResultKind.SATISFIED, ResultKind.EXPLAINED, ResultKind.REFUSED)
"""Results that an executor may report; the others are the centre's to decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept(Act):
    """The executor accepts the appeal.

    A dispatcher or an automatic call may take the acceptance by telephone; `acknowledged_by` names who gave
    it.
    """

    name: ClassVar[str] = "accept"
    acknowledged_by: str = ""
    call_id: str = ""
    """The call in which they did: an automatic one's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassInside(Act):
    """Given to a person inside the enterprise; None: to nobody in particular."""

    name: ClassVar[str] = "pass-inside"
    assignee_id: int | None
    reason: str = ""

    def changes(self, appeal: Appeal, rules: CityRules) -> Changes:
        del appeal, rules
        return {"assignee_id": self.assignee_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginWork(Act):
    """The work begins, or begins again after the applicant disputed it."""

    name: ClassVar[str] = "begin-work"
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDone(Act):
    """The executor's word that it is done: what came of it, the answer, and evidence (ids of files)."""

    name: ClassVar[str] = "report-done"
    result: ResultKind
    answer: str
    """The answer to the applicant, as their notice has it."""
    evidence: tuple[int, ...] = ()

    def check(self, appeal: Appeal, rules: CityRules) -> None:
        del rules
        require_text("answer", self.answer)
        if appeal.kind is AppealKind.INFORMATION_REQUEST and self.result is ResultKind.REFUSED:
            raise ActFault("result", "The head refuses a request, with a ground of the law: ask the centre.")
        if self.result not in BY_EXECUTOR:
            raise ActFault("result", "Hand back what is not yours, with a reason: the centre forwards it.")

    def changes(self, appeal: Appeal, rules: CityRules) -> Changes:
        del appeal, rules
        return {
            "result": self.result,
            "answer": self.answer.strip(),
            "attempts": 0,
            "extension_wanted": None,
            "question": "",
        }

    def said(self) -> str:
        return self.answer.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow(Act):
    """Moves a linked appeal along with the work of its parent; see `handling.following`."""

    name: ClassVar[str] = "follow"
    parent: str
    state: AppealState
    executor_id: int | None
    result: ResultKind | None
    answer: str
    linked: bool | None = None
    """The appeal has just been linked: its former executor, if another, gets a notice."""

    def changes(self, appeal: Appeal, rules: CityRules) -> Changes:
        del rules
        done = {"result": self.result, "answer": self.answer, "attempts": 0}
        settled = self.state is AppealState.DONE or self.executor_id != appeal.executor_id
        return {
            "state": self.state,
            "executor_id": self.executor_id,
            "assignee_id": None,
            "extension_wanted": None,
            "question": "" if settled else appeal.question,
        } | (done if CHECKED & {self.state, appeal.state} else {})

    def said(self) -> str:
        return self.answer if self.state is AppealState.DONE else ""
