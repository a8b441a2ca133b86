"""Questions between an executor and the contact centre; the appeal stays where it is, and its clock runs."""

from dataclasses import dataclass
from typing import ClassVar

from hotline.appeals.acts.act import LONGEST_TEXT, Act, ActFault, Changes, require_text
from hotline.appeals.appeal import Appeal
from hotline.city.city_rules import CityRules
from hotline.errors import ForbiddenTransition


@dataclass(frozen=True, slots=True, kw_only=True)
class AskBack(Act):
    """The executor asks the centre; the question stays on the dispatchers' list until one of them answers.

    A further question before the answer is appended to the first.
    """

    name: ClassVar[str] = "ask-back"
    text: str

    def check(self, appeal: Appeal, rules: CityRules) -> None:
        del rules
        require_text("text", self.text)
        if len(self._open(appeal)) > LONGEST_TEXT:
            raise ActFault("text", "Too long together with what is asked already: wait for the answer.")

    def changes(self, appeal: Appeal, rules: CityRules) -> Changes:
        del rules
        return {"question": self._open(appeal)}

    def _open(self, appeal: Appeal) -> str:
        return f"{appeal.question}\n{self.text.strip()}".strip()

    def said(self) -> str:
        return self.text.strip()

    def hidden(self) -> bool:
        return True

    def facts(self) -> dict[str, object]:
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerBack(Act):
    """The centre answers the executor's question; the executor gets a notice."""

    name: ClassVar[str] = "answer-back"
    text: str

    def check(self, appeal: Appeal, rules: CityRules) -> None:
        del rules
        require_text("text", self.text)
        if not appeal.question:
            raise ForbiddenTransition("Nothing was asked, or it is answered already.")

    def changes(self, appeal: Appeal, rules: CityRules) -> Changes:
        del appeal, rules
        return {"question": ""}

    def said(self) -> str:
        return self.text.strip()

    def hidden(self) -> bool:
        return True

    def facts(self) -> dict[str, object]:
        return {}
