"""The filled-in form: its faults, and the appeal that it makes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from cti_server.appeals.form.reply import Reply
from cti_server.frame.language import N_
from hotline.appeals.appeal import PENDING, AppealKind, Sign
from hotline.appeals.registering import NewAppeal, NewPerson, Similar
from hotline.appeals.statute import first_term
from hotline.city.classifier import CURRENT, Urgency, classifier
from hotline.people.benefits import in_order
from hotline.voice.speech import Language

# `idempotency_key` names the form itself; a field named `form` would hide that property from scripts.
FIELDS = (
    *(
        "call",
        "beside",
        "idempotency_key",
        "text",
        "category",
        "category_search",
        "address",
        "applicant",
        "name",
    ),
    *("kind", "urgency", "consent", "earlier", "outage", "benefits", "benefits_of", "reply_by", "reply_to"),
)
IN_ORDER = (
    *("text", "category", "address", "applicant", "name", "kind", "urgency", "consent"),
    *("reply_by", "reply_to", "earlier"),
)
"""The fields that can be wrong, as one goes through them."""
NEW, ANONYMOUS, UNRELATED = "new", "anonymous", "none"
_REQUESTS = classifier().information_request
LONGEST_TEXT = 10_000
LONGEST_LINE = 300
_LONGEST_ID = 18


@dataclass(frozen=True, slots=True)
class Filled:
    """One filled-in form; fields that are not there are empty."""

    typed: Mapping[str, str]

    def __getitem__(self, field: str) -> str:
        return self.typed.get(field, "")

    @property
    def citizen_id(self) -> int | None:
        """The citizen who was chosen; None for a new or an anonymous applicant."""
        applicant = self["applicant"]
        return int(applicant) if applicant.isdecimal() and len(applicant) <= _LONGEST_ID else None

    def faults(self, number: str | None) -> dict[str, str]:
        """Each field that is wrong → the reason, to be translated; `number` is the one they call from."""
        found = {field: reason for field, reason in self._missing().items() if not self[field]}
        if self["category"] and self["category"] not in classifier().categories:
            found["category"] = N_("Choose one of the categories that are shown.")
        if self["kind"] not in set(AppealKind):
            found["kind"] = N_("Choose the kind.")
        elif (self["category"] == _REQUESTS) is not (self["kind"] == AppealKind.INFORMATION_REQUEST):
            found["kind" if self["category"] == _REQUESTS else "category"] = N_(
                "A request for information has a kind and a category of its own: choose both."
            )
        if self["urgency"] and self["urgency"] not in set(Urgency):
            found["urgency"] = N_("Choose the urgency.")
        if len(self["text"]) > LONGEST_TEXT or len(self["address"]) > LONGEST_LINE:
            found["text"] = N_("That is too long.")
        if self["applicant"] != ANONYMOUS and not self["consent"]:
            found["consent"] = N_("Ask for the consent: without it only an anonymous report is possible.")
        told = {} if self["applicant"] in {"", ANONYMOUS} else self.reply(number).faults()
        return found | told | self._applicant_faults()

    def reply(self, number: str | None) -> Reply:
        """How they want to be told."""
        return Reply(self["reply_by"], self["reply_to"][:LONGEST_LINE], number)

    def _missing(self) -> Mapping[str, str]:
        return {
            "text": N_("Write what it is about."),
            "category": N_("Search for a category and choose one."),
            "address": N_("Write the address: where it is, or where the applicant lives."),
            "applicant": N_("Choose who it is from."),
        }

    def _applicant_faults(self) -> dict[str, str]:
        applicant = self["applicant"]
        if applicant == ANONYMOUS:
            anonymous = self["kind"] == AppealKind.REPORT
            return {} if anonymous else {"applicant": N_("Only a report of a fault may be anonymous.")}
        if applicant == NEW and not (self["name"].strip() and len(self["name"]) <= LONGEST_LINE):
            return {"name": N_("Write the name of the new applicant.")}
        if applicant and applicant != NEW and self.citizen_id is None:
            return {"applicant": N_("Choose who it is from.")}
        return {}

    def appeal(
        self,
        *,
        address: str,
        number: str | None,
        earlier: Similar | None,
        user_id: int,
        now: datetime,
        zone: ZoneInfo,
        language: Language = Language.UKRAINIAN,
    ) -> NewAppeal:
        """Make the appeal of a form without faults."""
        chosen = self["urgency"]
        urgency = Urgency(chosen) if chosen else classifier().categories[self["category"]].urgency
        kind = AppealKind(self["kind"])
        term = first_term(kind, self["category"], urgency, now, zone)
        sign = earlier.sign if earlier else Sign.FIRST
        agreed = self["consent"] == "yes" and self["applicant"] != ANONYMOUS
        # An applicant who reports the same again gets notices of it already.
        told = agreed and sign is not Sign.DUPLICATE
        reply = self.reply(number)
        return NewAppeal(
            text=self["text"].strip(),
            kind=kind,
            category=self["category"],
            classifier=CURRENT,
            address=address,
            urgency=urgency,
            registered_at=now,
            year=now.astimezone(zone).year,
            due_on=term.due_on,
            due_at=term.due_at,
            registered_by=user_id,
            applicant_number=number,
            applicant=self._applicant(address, number),
            consent=agreed,
            categories=self._categories(),
            sign=sign,
            earlier=earlier.appeal.number if earlier else None,
            parent=_parent(earlier),
            call_id=self["call"] or None,
            idempotency_key=self["idempotency_key"],
            reply_by=reply.channel() if told else None,
            reply_to=reply.address() if told else "",
            language=language,
        )

    def _categories(self) -> Sequence[str] | None:
        """None unless it was this applicant who was asked."""
        if self["applicant"] in {"", ANONYMOUS} or self["benefits_of"] != self["applicant"]:
            return None
        return [one.code for one in in_order(self["benefits"].split())]

    def _applicant(self, address: str, number: str | None) -> int | NewPerson | None:
        if self["applicant"] == NEW:
            return NewPerson(name=self["name"].strip(), address=address, numbers=[number] if number else [])
        return self.citizen_id


def _parent(earlier: Similar | None) -> str | None:
    """The parent of a duplicate: the appeal still open, or that one's own parent if it has one."""
    if earlier is None or earlier.appeal.state not in PENDING:
        return None
    return earlier.appeal.parent or earlier.appeal.number
