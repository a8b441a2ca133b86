"""How the applicant wants to be told: by which way and where, as chosen in the form and read back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cti_server.frame.language import N_
from hotline.appeals.acts.keeping import ToldBy
from hotline.calls.interpreters import Interpreters
from hotline.contact.channel import Channel
from hotline.contact.mail_addresses import mail_address
from hotline.contact.mobiles import UKRAINIAN_MOBILES
from hotline.contact.numbers import e164, gets_sms, takes_sms

NOT_TOLD = ToldBy.NOT.value
NO_SMS = N_("Short messages do not go to this number: write one of those below, or choose another way.")
INTERPRETERS_NUMBER = N_(
    "This is the interpreter's number: the answer would not come to the applicant. Write theirs."
)
WAYS: Mapping[str, str] = {
    ToldBy.SMS: N_("Short message (SMS)"),
    ToldBy.SMS_ONLY: N_("Short message (SMS), and no calls: only in writing"),
    ToldBy.EMAIL: N_("E-mail"),
    ToldBy.EMAIL_ONLY: N_("E-mail, and no calls: only in writing"),
    ToldBy.NOT: N_("Not to be told: asks by telephone"),
}


@dataclass(frozen=True, slots=True)
class Reply:
    """The chosen channel of WAYS, or "" for the default of the number.

    `to` is empty for the caller's number.
    """

    way: str
    to: str
    number: str | None
    """The one that they call from."""
    prefixes: Sequence[str] = UKRAINIAN_MOBILES
    """Beginnings of the numbers to which short messages go."""

    @property
    def chosen(self) -> str:
        """Return the channel; a mobile telephone gets short messages unless the applicant chose otherwise."""
        return self.way or (ToldBy.SMS.value if gets_sms(self.number, self.prefixes) else NOT_TOLD)

    def faults(self) -> dict[str, str]:
        """Each field that is wrong → the reason, to be translated."""
        match self.chosen:
            case ToldBy.EMAIL | ToldBy.EMAIL_ONLY if mail_address(self.to) is None:
                return {"reply_to": N_("Write an e-mail address, such as name@ukr.net.")}
            case ToldBy.SMS | ToldBy.SMS_ONLY if not takes_sms(self._number()):
                return {"reply_to": N_("Write the number of a mobile telephone, such as 067 123 45 67.")}
            case ToldBy.SMS | ToldBy.SMS_ONLY if not gets_sms(self._number(), self.prefixes):
                return {"reply_to": NO_SMS}
            case way if way in set(ToldBy):
                return {}
            case _:
                return {"reply_by": N_("Choose how they are to be told.")}

    def channel(self) -> Channel | None:
        return ToldBy(self.chosen).channel()

    @property
    def only_in_writing(self) -> bool:
        return self.chosen in {ToldBy.SMS_ONLY, ToldBy.EMAIL_ONLY}

    def address(self) -> str:
        """Return the address in canonical form; empty for the number that they call from."""
        match self.channel():
            case Channel.EMAIL:
                return mail_address(self.to) or ""
            case Channel.SMS:
                number = self._number() or ""
                return "" if number == self.number else number
            case _:
                return ""

    def _number(self) -> str | None:
        return e164(self.to) if self.to.strip() else self.number


def of_interpreters(field: str, typed: str | None, interpreters: Interpreters) -> dict[str, str]:
    """Refuse a number of an interpreter, by which many citizens speak, as one citizen's own."""
    return {field: INTERPRETERS_NUMBER} if interpreters.theirs(e164(typed or "")) else {}
