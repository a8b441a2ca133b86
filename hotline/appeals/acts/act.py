"""The base of all acts on appeals."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import Enum
from typing import Any, ClassVar

from hotline.appeals.acts.actors import Actor
from hotline.appeals.appeal import Appeal
from hotline.city.city_rules import CityRules
from hotline.errors import HotlineError

LONGEST_TEXT = 10_000
_NOT_FACTS = frozenset({"by", "at", "idempotency_key", "reason", "internal"})

Changes = Mapping[str, Any]
"""Fields of the appeal and their new values."""


class ActFault(HotlineError):  # noqa: N818 - reads as what it is
    """Something that the act says is missing or impossible; `field` names it, the message says why."""

    code = "act-fault"

    def __init__(self, field: str, text: str, **values: object) -> None:
        super().__init__(text, **values)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that is done. `name` is its name in the history and never changes."""

    name: ClassVar[str]
    by: Actor
    at: datetime
    idempotency_key: str | None = None
    """The actor's own name for this act: asked for again it is not done again. None: it may be repeated."""

    @property
    def step(self) -> str | None:
        """The key under which the appeal's history takes it once only."""
        return self.idempotency_key

    def check(self, appeal: Appeal, rules: CityRules) -> None:
        """Raise ActFault where the act says too little, ForbiddenTransition where it comes too late."""

    def changes(self, appeal: Appeal, rules: CityRules) -> Changes:
        """Give what becomes of the appeal besides its state; `check` has passed."""
        del appeal, rules
        return {}

    def said(self) -> str:
        """Give the reason or text in the actor's own words; empty for none."""
        reason: str = getattr(self, "reason", "")
        return reason.strip()

    def hidden(self) -> bool:
        """Whether only the city's people and the executor see it."""
        return False

    def facts(self) -> Mapping[str, Any]:
        """Give the act's own fields, as JSON has them, for the history."""
        own = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in _NOT_FACTS}
        return {name: _plain(value) for name, value in own.items() if value not in (None, "", ())}

    def replaced(self, before: Appeal, then: Appeal) -> Mapping[str, Any]:
        """Give what the appeal had and has no more, as JSON has it, where the history keeps it."""
        del before, then
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasoned(Act):
    """An act that nobody may do without saying why."""

    reason: str

    def check(self, appeal: Appeal, rules: CityRules) -> None:
        del appeal, rules
        require_text("reason", self.reason)


def require_text(field: str, text: str) -> None:
    if not text.strip():
        raise ActFault(field, "Write a few words here: they stay in the history.")
    if len(text) > LONGEST_TEXT:
        raise ActFault(field, "Write no more than %(most)s characters.", most=LONGEST_TEXT)


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case date():
            return value.isoformat()
        case tuple():
            return [_plain(one) for one in value]
        case _:
            return value
