"""The filter of what a guest's browser says to Asterisk in SIP: one call to our own number, as itself.

Everything is refused that is not known to be needed, so that nothing depends on how Asterisk reads what is
odd: one message in one frame, plain lines, known headers, each once.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus

from attrs import define, field

from hotline.errors import HotlineError

LONGEST_MESSAGE = 16 * 1024
"""In octets: an offer of one microphone has about 3,000."""
MOST_HEADERS = 40
MOST_INVITES = 4
"""The first, and again with the password; what was asked for once more."""
MOST_CHANGES = 30
"""Changes of a call that goes on, such as another network of a mobile telephone."""
_HEADERS = frozenset(
    {
        *("via", "from", "to", "call-id", "cseq", "max-forwards", "contact", "allow", "supported"),
        *("user-agent", "content-type", "content-length", "authorization", "reason", "accept"),
        *("session-expires", "min-se"),
    }
)
"""In their long form alone: our page's library writes no other."""
_NEEDED = ("via", "from", "to", "call-id", "cseq")
_REQUEST = re.compile(r"([A-Z]{2,12}) (sip:[!-~]{1,200}) SIP/2\.0")
_RESPONSE = re.compile(r"SIP/2\.0 ([1-6]\d\d) [ -~]{0,80}")
_HEADER = re.compile(r"([A-Za-z-]{2,30}): ?([ -~\t]{0,1000})")
_SEQUENCE = re.compile(r"(\d{1,10}) ([A-Z]{2,12})")
_PARTY = re.compile(r'(?:"[^"<>\\]{0,40}" )?<(sip:[!-=?-~]{1,100})>(;tag=[\w.!%*+`\'~-]{1,100})?')
_CONTACT = re.compile(r"<sip:[a-z0-9]{1,30}@[a-z0-9]{1,30}\.invalid;transport=wss?(?:;ob)?>")
"""Of nowhere: Asterisk answers by the same socket."""
_PLAIN = re.compile(r"[ -~\t\r\n]*")
_CONNECTION = re.compile(r"c=IN IP[46] [0-9A-Fa-f.:]{2,45}")
"""An address in figures: Asterisk would look a name up at once, and stand still until it is answered."""
MOST_CANDIDATES = 20
"""Addresses that Asterisk may be asked to try: a caller may name others' as well."""
_BODIES: Mapping[str, frozenset[str]] = {
    "application/sdp": frozenset({"INVITE", "ACK", "UPDATE"}),
    "application/dtmf-relay": frozenset({"INFO"}),
}
_WITHIN = frozenset({"ACK", "BYE", "INFO", "INVITE", "OPTIONS", "UPDATE"})
_ANSWERED = frozenset({"BYE", "INVITE", "OPTIONS", "UPDATE", "INFO", "NOTIFY"})
"""What Asterisk may ask, so that the browser answers it; only "no" is said to a notification."""


class Refused(HotlineError):  # noqa: N818 - reads as what happened
    """The browser said what no page of ours says."""

    code = "sip-refused"


@define(eq=False, repr=False)
class GuestFilter:
    """What a guest has said up to now. `who` and `target` are SIP addresses, such as `sip:1580@hotline`."""

    _who: str
    _target: str
    _call: str | None = field(default=None, init=False)
    _invites: int = field(default=0, init=False)
    _changes: int = field(default=0, init=False)

    def admit(self, text: str) -> None:
        """Raise Refused, with the reason, for what is not let through."""
        head, blank, body = text.partition("\r\n\r\n")
        first, *lines = head.split("\r\n")
        if not blank or len(text) > LONGEST_MESSAGE:
            raise Refused("no whole message")
        headers = _read(lines)
        _require_body(headers, body)
        if request := _REQUEST.fullmatch(first):
            self._admit_request(request[1], request[2], headers)
        elif response := _RESPONSE.fullmatch(first):
            self._admit_response(int(response[1]), headers)
        else:
            raise Refused("neither a request nor a response")

    def _admit_request(self, method: str, uri: str, headers: Mapping[str, str]) -> None:
        if _method(headers) != method:
            raise Refused("another method in its sequence")
        own, theirs = _party(headers["from"]), _party(headers["to"])
        if own[0] != self._who or not own[1]:
            raise Refused("in another's name")
        if theirs[0] != self._target:
            raise Refused("to another number")
        if theirs[1]:
            self._require_this_call(headers)
            self._admit_within(method)
        elif uri != self._target:
            raise Refused("to another number")
        elif method == "INVITE":
            self._admit_invite(headers)
        elif method in {"ACK", "CANCEL"}:
            self._require_this_call(headers)
        else:
            raise Refused(f"{method} outside of a call")
        kind = headers.get("content-type", "")
        if kind and method not in _BODIES.get(kind, ()):
            raise Refused(f"{method} with {kind}")

    def _admit_invite(self, headers: Mapping[str, str]) -> None:
        if self._call is None:
            self._call = headers["call-id"]
        self._require_this_call(headers)
        self._invites += 1
        if self._invites > MOST_INVITES:
            raise Refused("too many calls")

    def _admit_within(self, method: str) -> None:
        if method not in _WITHIN:
            raise Refused(f"{method} in a call")
        if method in {"INVITE", "UPDATE", "OPTIONS"}:
            self._changes += 1
            if self._changes > MOST_CHANGES:
                raise Refused("too many changes")

    def _admit_response(self, status: int, headers: Mapping[str, str]) -> None:
        self._require_this_call(headers)
        if _method(headers) not in _ANSWERED or status // 100 == HTTPStatus.MULTIPLE_CHOICES // 100:
            raise Refused("an answer to what was not asked")
        if headers.get("content-type", "application/sdp") != "application/sdp":
            raise Refused("an answer with another body")

    def _require_this_call(self, headers: Mapping[str, str]) -> None:
        if headers["call-id"] != self._call:
            raise Refused("another call")


def _read(lines: list[str]) -> Mapping[str, str]:
    """Read the headers by their names in small letters."""
    if len(lines) > MOST_HEADERS:
        raise Refused("too many headers")
    headers: dict[str, str] = {}
    for line in lines:
        found = _HEADER.fullmatch(line)
        name = found[1].lower() if found else ""
        if found is None or name not in _HEADERS or (name in headers and name != "via"):
            raise Refused(f"header {line[:30]!r}")
        headers[name] = found[2].strip()
    if any(not headers.get(name) for name in _NEEDED):
        raise Refused("a header is missing")
    if "contact" in headers and not _CONTACT.fullmatch(headers["contact"]):
        raise Refused("reached elsewhere")
    return headers


def _require_body(headers: Mapping[str, str], body: str) -> None:
    """One frame holds one message: what lies behind the body would be read as another."""
    if headers.get("content-length") != str(len(body.encode())):
        raise Refused("another length than its own")
    if bool(body) != ("content-type" in headers):
        raise Refused("a body of no kind")
    if headers.get("content-type") == "application/sdp":
        if not _PLAIN.fullmatch(body):
            raise Refused("an offer of odd signs")  # where its lines end is not a matter of taste
        _require_one_voice(body.splitlines())


def _require_one_voice(offer: list[str]) -> None:
    if [line[:8] for line in offer if line.startswith("m=")] != ["m=audio "]:
        raise Refused("more or less than one voice")
    if any(line.startswith("c=") and not _CONNECTION.fullmatch(line) for line in offer):
        raise Refused("sound at a name")
    if sum(line.startswith("a=candidate") for line in offer) > MOST_CANDIDATES:
        raise Refused("too many addresses")


def _method(headers: Mapping[str, str]) -> str:
    found = _SEQUENCE.fullmatch(headers["cseq"])
    if found is None:
        raise Refused("no sequence")
    return found[2]


def _party(header: str) -> tuple[str, str]:
    """Give the address and the tag, "" for none, of `From` or `To`."""
    found = _PARTY.fullmatch(header)
    if found is None:
        raise Refused("no address")
    return found[1], found[2] or ""
