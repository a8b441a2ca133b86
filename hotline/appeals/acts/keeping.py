"""Acts that change neither the executor nor the state: notes, corrections, links, control, reminders."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import Enum, StrEnum
from typing import Any, ClassVar, Self

from hotline.appeals.acts.act import LONGEST_TEXT, Act, ActFault, Changes, Reasoned, require_text
from hotline.appeals.appeal import CHECKED, Appeal, AppealKind, Receipt, Sign, Subject
from hotline.appeals.statute import amended_term, longest_of
from hotline.city.city_rules import CityRules
from hotline.city.classifier import Urgency, classifier
from hotline.city.questions import Detail, still_asked
from hotline.city.terms import end_of
from hotline.contact.channel import Channel
from hotline.contact.mail_addresses import mail_address
from hotline.contact.numbers import e164, takes_sms

ANSWERS_BEFORE = "answers_before"
"""A fact of a correction: the answers to the category's questions that it took away or replaced."""
REPLY = frozenset({"reply_by", "reply_to"})
"""Fields that say how the applicant is told; no others can be put right once the work is said to be done."""
_ONLY = "-only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Act):
    """A note: internal, or shown to the applicant with a notice."""

    name: ClassVar[str] = "note"
    text: str
    internal: bool = True

    def check(self, appeal: Appeal, rules: CityRules) -> None:
        del appeal, rules
        require_text("text", self.text)

    def said(self) -> str:
        return self.text.strip()

    def hidden(self) -> bool:
        return self.internal

    def facts(self) -> Mapping[str, Any]:
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawIn(Act):
    """A step of drawing a specialist in (regulation 4.4), as `hotline.specialists` has it."""

    name: ClassVar[str] = "draw-in"
    step_taken: str
    """A code of `InvolvementAct`; empty: their manager was asked."""
    specialist: str
    """By name, with their enterprise."""
    words: str = ""

    def said(self) -> str:
        return f"{self.specialist}: {self.words}" if self.words else self.specialist

    def hidden(self) -> bool:
        return True

    def facts(self) -> Mapping[str, Any]:
        return {"step": self.step_taken} if self.step_taken else {}


class ToldBy(StrEnum):
    """The way in which an applicant is told of each change; `NOT` is none."""

    SMS = "sms"
    SMS_ONLY = "sms-only"
    """So, and nobody calls them about it."""
    EMAIL = "email"
    EMAIL_ONLY = "email-only"
    NOT = "none"

    @classmethod
    def of(cls, appeal: Appeal) -> Self:
        """Give the way in which the applicant is told now; of a duplicate, whether it may be by a call."""
        only, channel = appeal.only_in_writing, appeal.reply_by
        return cls.by(Channel.SMS if only and channel is None else channel, only_in_writing=only)

    @classmethod
    def by(cls, channel: Channel | None, *, only_in_writing: bool) -> Self:
        if channel is None:
            return cls(cls.NOT)
        return cls(f"{channel.value}{_ONLY if only_in_writing else ''}")

    @property
    def only_in_writing(self) -> bool:
        return self.value.endswith(_ONLY)

    def channel(self) -> Channel | None:
        return None if self is ToldBy.NOT else Channel(self.value.removesuffix(_ONLY))


@dataclass(frozen=True, slots=True, kw_only=True)
class Amend(Act):
    """A correction of what was registered; a field of None stays, and the term does too, within the law's."""

    name: ClassVar[str] = "amend"
    text: str | None = None
    category: str | None = None
    """A code of the appeal's own version of the classifier."""
    address: str | None = None
    urgency: Urgency | None = None
    kind: AppealKind | None = None
    sign: Sign | None = None
    earlier: str | None = None
    """Number of the appeal that this one repeats; `storage` sees to it that there is one."""
    subject: Subject | None = None
    receipt: Receipt | None = None
    reply_by: ToldBy | None = None
    reply_to: str | None = None
    """Goes with `reply_by`: the number or the mail address; empty: the applicant's own number."""
    details: tuple[Detail, ...] | None = None
    """All answers as they are then; None: those to what the category asks, also where it becomes another."""
    reason: str = ""

    def check(self, appeal: Appeal, rules: CityRules) -> None:
        del rules
        if not self.changed():
            raise ActFault("text", "Nothing was changed.")
        if appeal.state in CHECKED and (further := self.changed().keys() - REPLY):
            raise ActFault(
                min(further), "It is reported done by now: only how they are told can be put right."
            )
        if self.text is not None and not 0 < len(self.text.strip()) <= LONGEST_TEXT:
            raise ActFault("text", "Write what it is about.")
        known = classifier(appeal.classifier)
        if self.category is not None and self.category not in known.categories:
            raise ActFault("category", "Choose one of the categories.")
        kind, category = self.kind or appeal.kind, self.category or appeal.category
        if category and category == known.information_request and kind is not AppealKind.INFORMATION_REQUEST:
            raise ActFault(
                "kind", "A request for information has a kind and a category of its own: choose both."
            )
        if self.earlier is not None and self.earlier in (appeal.number, ""):
            raise ActFault("earlier", "Choose another appeal.")
        self._check_reply(appeal)

    def _check_reply(self, appeal: Appeal) -> None:
        number = e164(self.reply_to) if self.reply_to else appeal.applicant_number
        match self.reply_by:
            case ToldBy.EMAIL | ToldBy.EMAIL_ONLY if mail_address(self.reply_to or "") is None:
                raise ActFault("reply_to", "Write an e-mail address, such as name@ukr.net.")
            case ToldBy.SMS | ToldBy.SMS_ONLY if not takes_sms(number):
                raise ActFault("reply_to", "Write the number of a mobile telephone, such as 067 123 45 67.")
            case None if self.reply_to is not None:
                raise ActFault("reply_by", "Choose how they are to be told.")

    def changed(self) -> dict[str, Any]:
        """Give the fields that become something else."""
        names = (
            *("text", "category", "address", "urgency", "kind"),
            *("sign", "earlier", "subject", "receipt", "reply_by", "reply_to", "details"),
        )
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}

    def changes(self, appeal: Appeal, rules: CityRules) -> Changes:
        found: dict[str, Any] = {
            name: one.strip() if isinstance(one, str) and not isinstance(one, Enum) else one
            for name, one in self.changed().items()
        }
        if self.details is None and self.category is not None:
            asked = classifier(appeal.classifier).questions_of(self.category)
            found["details"] = still_asked(appeal.details, asked)
        if self.reply_by is not None:
            found |= {
                "reply_by": self.reply_by.channel(),
                "reply_to": self._reply_to(),
                "only_in_writing": self._only_in_writing(self.reply_by, appeal),
            }
        term = amended_term(replace(appeal, **found), rules, extended=appeal.extended)
        return found | ({"due_on": term.due_on, "due_at": term.due_at} if term else {})

    @staticmethod
    def _only_in_writing(way: ToldBy, appeal: Appeal) -> bool:
        """Tell whether the applicant is answered in writing alone: by this choice, or by an earlier wish.

        Another channel of answer leaves that wish standing. The same channel chosen without it, or no
        answer at all, takes it back.
        """
        elsewhere = way is not ToldBy.NOT and way.channel() is not (appeal.reply_by or Channel.SMS)
        return way.only_in_writing or (elsewhere and appeal.only_in_writing)

    def _reply_to(self) -> str:
        """Give the address in canonical form."""
        typed = (self.reply_to or "").strip()
        match self.reply_by:
            case ToldBy.EMAIL | ToldBy.EMAIL_ONLY:
                return mail_address(typed) or ""
            case ToldBy.SMS | ToldBy.SMS_ONLY:
                return (e164(typed) or "") if typed else ""
            case _:
                return ""

    def facts(self) -> Mapping[str, Any]:
        """Give what was put right; where somebody is told, and the answers, are read on the appeal only."""
        return {name: one for name, one in Act.facts(self).items() if name not in {"reply_to", "details"}}

    def replaced(self, before: Appeal, then: Appeal) -> Mapping[str, Any]:
        gone = [asdict(one) for one in before.details if one not in then.details]
        return {ANSWERS_BEFORE: gone} if before.details != then.details else {}

    def hidden(self) -> bool:
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Act):
    """Links an appeal to an earlier one about the same matter, and to its work.

    `storage` ensures that a parent has no parent, and gives the new child its parent's work at once.
    """

    name: ClassVar[str] = "link"
    parent: str

    def check(self, appeal: Appeal, rules: CityRules) -> None:
        del rules
        if self.parent in (appeal.number, ""):
            raise ActFault("parent", "Choose another appeal.")

    def changes(self, appeal: Appeal, rules: CityRules) -> Changes:
        del appeal, rules
        return {"parent": self.parent}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlink(Reasoned):
    """Removes a link: the appeal is about another matter after all. Its executor keeps it."""

    name: ClassVar[str] = "unlink"

    def check(self, appeal: Appeal, rules: CityRules) -> None:
        Reasoned.check(self, appeal, rules)
        if appeal.parent is None:
            raise ActFault("parent", "It is linked to none.")

    def changes(self, appeal: Appeal, rules: CityRules) -> Changes:
        del appeal, rules
        return {"parent": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class PutUnderControl(Act):
    """The head puts it under control, or takes it off (control mark, resolution 348/1997)."""

    name: ClassVar[str] = "control"
    on: bool
    reason: str = ""

    def changes(self, appeal: Appeal, rules: CityRules) -> Changes:
        del appeal, rules
        return {"controlled": self.on}

    def hidden(self) -> bool:
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkMass(Act):
    """Many people report the same: the sign says so by itself, once, and a person may put it right."""

    name: ClassVar[str] = "mark-mass"

    @property
    def step(self) -> str:
        return self.name

    def check(self, appeal: Appeal, rules: CityRules) -> None:
        del rules
        if appeal.sign is not Sign.FIRST:
            raise ActFault("sign", "Its sign says more already.")

    def changes(self, appeal: Appeal, rules: CityRules) -> Changes:
        del appeal, rules
        return {"sign": Sign.MASS}

    def hidden(self) -> bool:
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Recount(Act):
    """The city's days off changed: a term that was counted by them ends on another day."""

    name: ClassVar[str] = "recount"
    until: date

    def check(self, appeal: Appeal, rules: CityRules) -> None:
        if end_of(self.until, rules.timezone).due_at > longest_of(appeal, rules).due_at:
            raise ActFault("until", "No term lasts that long by law.")

    def changes(self, appeal: Appeal, rules: CityRules) -> Changes:
        del appeal
        term = end_of(self.until, rules.timezone)
        return {"due_on": term.due_on, "due_at": term.due_at}

    def hidden(self) -> bool:
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate(Act):
    """The clock ran out on somebody: a step that `escalation.due_now` gave. Done once for each `key`."""

    name: ClassVar[str] = "escalate"
    kind: str
    key: str
    contact_id: int | None = None

    @property
    def step(self) -> str:
        return self.key

    def hidden(self) -> bool:
        return True
