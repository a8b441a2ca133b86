"""Roads back from what was decided wrongly or too early: each by whom the right is, and with a reason."""

from dataclasses import dataclass
from typing import ClassVar

from hotline.appeals.acts.act import Act, Changes, Reasoned, require_text
from hotline.appeals.appeal import Appeal
from hotline.appeals.statute import later_term
from hotline.city.city_rules import CityRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone(Reasoned):
    """The work is owed after all: what was reported of it counts no more, and its clock runs on."""

    def changes(self, appeal: Appeal, rules: CityRules) -> Changes:
        del appeal, rules
        return {"result": None, "answer": "", "attempts": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack(Undone):
    """The executor takes back a report of its own, as long as nobody has begun to ask the applicant."""

    name: ClassVar[str] = "take-back"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseDone(Undone):
    """The centre returns a report of work that is plainly not done, before the applicant is asked in vain."""

    name: ClassVar[str] = "refuse-done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun(Reasoned):
    """The appeal begins anew and is nobody's: the rules or a dispatcher give it to an executor."""

    def changes(self, appeal: Appeal, rules: CityRules) -> Changes:
        return {
            "executor_id": None,
            "assignee_id": None,
            "parent": None,
            "extension_wanted": None,
            "question": "",
            "result": None,
            "answer": "",
            "attempts": 0,
            **later_term(appeal, self.at, rules),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CameBack(Begun):
    """The authority to which it was forwarded sends it back: it is ours to answer."""

    name: ClassVar[str] = "came-back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(Begun):
    """The head takes up again an appeal that was closed or rejected, a dispatcher also one withdrawn."""

    name: ClassVar[str] = "reopen"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredElsewhere(Act):
    """The authority to which it was forwarded has answered; its answer is kept and told."""

    name: ClassVar[str] = "answered-elsewhere"
    answer: str

    def check(self, appeal: Appeal, rules: CityRules) -> None:
        del appeal, rules
        require_text("answer", self.answer)

    def changes(self, appeal: Appeal, rules: CityRules) -> Changes:
        del appeal, rules
        return {"answer": self.answer.strip()}

    def said(self) -> str:
        return self.answer.strip()

    def facts(self) -> dict[str, object]:
        return {}
