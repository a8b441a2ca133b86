"""The input of a registration: of the dispatchers' form and of the API's body, with one set of rules."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Meta, field

from cti_server.appeals.form.asked import details, faults_of
from cti_server.appeals.form.reply import Reply
from cti_server.frame.inputs import CallId, Category, CitizenId, Input, Number
from cti_server.frame.language import N_
from hotline.appeals.appeal import PENDING, AppealKind, Sign
from hotline.appeals.registering import NewAppeal, NewPerson, Similar
from hotline.appeals.statute import first_term
from hotline.city.classifier import Urgency, classifier, last_known
from hotline.city.questions import LONGEST_ANSWER
from hotline.voice.speech import Language

LONGEST_TEXT = 10_000
LONGEST_LINE = 300
_NO_KIND = N_("Choose the kind.")
_NO_CATEGORY = N_("Choose one of the categories that are shown.")
_GONE = N_("This category was taken out of the classifier: choose another.")
_REQUEST = N_("A request for information has a kind and a category of its own: choose both.")
_NO_URGENCY = N_("Choose the urgency.")
_TOO_LONG = N_("That is too long.")

Answers = dict[str, Annotated[str, Meta(min_length=1, max_length=LONGEST_ANSWER, pattern=r"\S")]]
"""Answers to a category's questions, by their codes."""
Line = Annotated[str, Meta(min_length=1, max_length=LONGEST_LINE, pattern=r"\S")]


class NewApplicant(Input, kw_only=True):
    """An applicant whom the register does not know yet."""

    name: Line


class RegistrationInput(Input, kw_only=True):
    """An appeal to be registered."""

    text: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=LONGEST_TEXT,
            pattern=r"\S",
            extra={"blank": N_("Write what it is about."), "wrong": _TOO_LONG},
        ),
    ]
    kind: Annotated[AppealKind, Meta(extra={"blank": _NO_KIND, "wrong": _NO_KIND})]
    category: Annotated[
        Category,
        Meta(
            extra={
                "blank": N_("No category is chosen: type a word or two, then choose one from the list."),
                "wrong": _NO_CATEGORY,
            }
        ),
    ]
    address: Annotated[
        Line,
        Meta(
            description="Where it is, or the applicant's.",
            extra={
                "blank": N_("Write the address: where it is, or where the applicant lives."),
                "wrong": _TOO_LONG,
            },
        ),
    ]
    applicant: Annotated[
        CitizenId | NewApplicant | None,
        Meta(description="A citizen's id, a new person, or null for an anonymous report of a fault."),
    ] = None
    consent: Annotated[bool, Meta(description="The applicant agreed to the use of their data.")] = False
    publish: Annotated[
        bool,
        Meta(description="The applicant agreed that the text is published, once somebody has approved it."),
    ] = False
    urgency: Annotated[
        Urgency | None, Meta(description="null: the category's own.", extra={"wrong": _NO_URGENCY})
    ] = None
    details: Annotated[
        Answers,
        Meta(
            description="Answers to the category's questions, by their codes (`/city-data/classifier`): a "
            "moment in the city's time, `yes`, `no` or `unknown`, an option in either language."
        ),
    ] = field(default_factory=dict)
    number: Annotated[Number | None, Meta(description="The applicant's telephone, E.164.")] = None
    call_id: CallId | None = None

    def faults(self) -> dict[str, str]:
        """Each field that breaks a rule → the reason, to be translated."""
        found: dict[str, str] = {}
        requests = self.category == classifier().information_request
        if self.category not in classifier().categories:
            found["category"] = _GONE if last_known(self.category) else _NO_CATEGORY
        elif requests is not (self.kind is AppealKind.INFORMATION_REQUEST):
            found["kind" if requests else "category"] = _REQUEST
        if self.applicant is not None and not self.consent:
            found["consent"] = N_("Ask for the consent: without it only an anonymous report is possible.")
        if self.applicant is None and self.kind is not AppealKind.REPORT:
            found["applicant"] = N_("Only a report of a fault may be anonymous.")
        return found | dict(faults_of(self.category, self.details))

    def appeal(
        self,
        *,
        address: str,
        idempotency_key: str,
        earlier: Similar | None,
        user_id: int,
        now: datetime,
        zone: ZoneInfo,
        reply: Reply,
        categories: Sequence[str] | None = None,
        language: Language = Language.UKRAINIAN,
    ) -> NewAppeal:
        """Make the appeal of an input without faults, at this address of the register's own words."""
        urgency = self.urgency or classifier().categories[self.category].urgency
        term = first_term(self.kind, self.category, urgency, now, zone)
        sign = earlier.sign if earlier else Sign.FIRST
        agreed = self.consent and self.applicant is not None
        # An applicant who reports the same again gets notices of it already.
        told = agreed and sign is not Sign.DUPLICATE
        return NewAppeal(
            text=self.text.strip(),
            kind=self.kind,
            category=self.category,
            classifier=classifier().version,
            address=address,
            urgency=urgency,
            registered_at=now,
            year=now.astimezone(zone).year,
            due_on=term.due_on,
            due_at=term.due_at,
            registered_by=user_id,
            applicant_number=self.number,
            applicant=self._person(address),
            consent=agreed,
            publish=self.publish,
            categories=categories,
            details=details(self.category, self.details, now, zone),
            sign=sign,
            earlier=earlier.appeal.number if earlier else None,
            parent=_parent(earlier),
            call_id=self.call_id,
            idempotency_key=idempotency_key,
            reply_by=reply.channel() if told else None,
            reply_to=reply.address() if told else "",
            only_in_writing=agreed and reply.only_in_writing,
            language=language,
        )

    def _person(self, address: str) -> int | NewPerson | None:
        if not isinstance(self.applicant, NewApplicant):
            return self.applicant
        numbers = [self.number] if self.number else []
        return NewPerson(name=self.applicant.name.strip(), address=address, numbers=numbers)


def _parent(earlier: Similar | None) -> str | None:
    """The parent of a duplicate: the appeal still open, or that one's own parent if it has one."""
    if earlier is None or earlier.appeal.state not in PENDING:
        return None
    return earlier.appeal.parent or earlier.appeal.number
