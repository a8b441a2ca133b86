"""The form as it was filled in: its faults, and the appeal that it makes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cti_server.appeals.acts.reading import read_fields
from cti_server.appeals.form.asked import fields_of, given, not_asked
from cti_server.appeals.form.inputs import LONGEST_LINE, NewApplicant, RegistrationInput
from cti_server.appeals.form.reply import Reply, of_interpreters
from cti_server.frame.language import N_
from hotline.appeals.appeal import AppealKind
from hotline.appeals.registering import NewAppeal, Similar
from hotline.calls.interpreters import NO_INTERPRETERS, Interpreters
from hotline.contact.mobiles import UKRAINIAN_MOBILES
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
    *(
        "kind",
        "urgency",
        "consent",
        "publish",
        "earlier",
        "outage",
        "benefits",
        "benefits_of",
        "reply_by",
        "reply_to",
    ),
)
_FIRST = ("text", "category", "address")
_BEHIND = (
    *("applicant", "name", "kind", "urgency", "consent"),
    *("reply_by", "reply_to", "earlier"),
)
NEW, ANONYMOUS, UNRELATED = "new", "anonymous", "none"
_LONGEST_ID = 18
_READ = ("text", "kind", "category", "address", "urgency")
_UNREAD: Mapping[str, Any] = {"text": "", "kind": AppealKind.APPLICATION, "category": "", "address": ""}
"""In place of fields that cannot be read, so that the rules of all others are told at the same time."""
_WHO = N_("Choose who it is from.")


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

    def faults(
        self,
        number: str | None,
        sms_prefixes: Sequence[str] = UKRAINIAN_MOBILES,
        interpreters: Interpreters = NO_INTERPRETERS,
    ) -> dict[str, str]:
        """Each field that is wrong → the reason, to be translated; `number` is the one they call from."""
        read, unread = self._read(number)
        told = {} if self["applicant"] in {"", ANONYMOUS} else self.reply(number, sms_prefixes).faults()
        told |= of_interpreters("reply_to", self["reply_to"], interpreters)
        asked = not_asked(self["category"], self.typed)
        return {**read.faults(), **unread, **told, **self._applicant_faults(), **asked}

    def in_order(self) -> Sequence[str]:
        """Name the fields that can be wrong, as one goes through them."""
        return [*_FIRST, *fields_of(self["category"]), *_BEHIND]

    def reply(self, number: str | None, sms_prefixes: Sequence[str] = UKRAINIAN_MOBILES) -> Reply:
        """How they want to be told."""
        return Reply(self["reply_by"], self["reply_to"][:LONGEST_LINE], number, sms_prefixes)

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
        sms_prefixes: Sequence[str] = UKRAINIAN_MOBILES,
    ) -> NewAppeal:
        """Make the appeal of a form without faults."""
        return self._read(number)[0].appeal(
            address=address,
            idempotency_key=self["idempotency_key"],
            earlier=earlier,
            user_id=user_id,
            now=now,
            zone=zone,
            reply=self.reply(number, sms_prefixes),
            categories=self._categories(),
            language=language,
        )

    def _read(self, number: str | None) -> tuple[RegistrationInput, dict[str, str]]:
        """Read the form as far as it can be read, and give the faults of the other fields."""
        values, faults = read_fields(RegistrationInput, {name: [self[name]] for name in _READ})
        read = RegistrationInput(
            **{**_UNREAD, **values},
            applicant=self._applicant(),
            consent=self["consent"] == "yes",
            publish=self["publish"] == "yes",
            details=given(self["category"], self.typed),
            number=number,
            call_id=self["call"] or None,
        )
        return read, {name: fault.text for name, fault in faults.items()}

    def _applicant(self) -> int | NewApplicant | None:
        """Give the applicant; an unknown one where nobody is chosen yet, so that the consent is asked for."""
        if self["applicant"] == ANONYMOUS:
            return None
        return NewApplicant(name=self["name"]) if self.citizen_id is None else self.citizen_id

    def _applicant_faults(self) -> dict[str, str]:
        if self["applicant"] == NEW:
            named = self["name"].strip() and len(self["name"]) <= LONGEST_LINE
            return {} if named else {"name": N_("Write the name of the new applicant.")}
        nobody = self["applicant"] != ANONYMOUS and self.citizen_id is None
        return {"applicant": _WHO} if nobody else {}

    def _categories(self) -> Sequence[str] | None:
        """None unless it was this applicant who was asked."""
        if self["applicant"] in {"", ANONYMOUS} or self["benefits_of"] != self["applicant"]:
            return None
        return [one.code for one in in_order(self["benefits"].split())]
