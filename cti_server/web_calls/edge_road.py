"""The road of a guest's call through the edge: it is known here, and the browser has no say.

Kamailio asks that messages within a call come by it (`Record-Route`), and passes them on to where
their `Route` and their first line lead. A stranger's browser is told of none of it: what it says within the
call is given the road of the call's own answer, whatever it wrote itself.
"""

import re
from collections.abc import Sequence

from attrs import define, field

from cti_server.web_calls.sip_filter import Refused

_RECORD_ROUTE = "record-route:"
_ROUTES = re.compile(r"<[^<>\r\n]+>[^,<\r\n]*")
_CONTACT = re.compile(r"\r\nContact: ?(?:\"[^\"\r\n]*\" )?<(sip:[^<>\r\n]+)>", re.IGNORECASE)
_ANSWERS_INVITE = re.compile(r"\r\nCSeq: ?\d+ INVITE\r\n", re.IGNORECASE)
_TAGGED = re.compile(r"\r\nTo:[^\r\n]*;tag=", re.IGNORECASE)
_ANSWER = "SIP/2.0 "


@define(eq=False, repr=False)
class EdgeRoad:
    """The road of one call. `target` is what it was placed to, such as `sip:1580@hotline`."""

    _target: str
    _contact: str | None = field(default=None, init=False)
    """The SIP address at which the node answers within this call."""
    _routes: Sequence[str] = field(default=(), init=False)

    def comes(self, said: str) -> str:
        """Take what the edge says, and give what of it the browser hears."""
        head, blank, body = said.partition("\r\n\r\n")
        lines = head.split("\r\n")
        own = [line for line in lines if not line.lower().startswith(_RECORD_ROUTE)]
        if head.startswith(_ANSWER) and _ANSWERS_INVITE.search(f"{head}\r\n") and _TAGGED.search(head):
            self._learn(head, [line for line in lines if line not in own])
        return "\r\n".join(own) + blank + body

    def goes(self, said: str) -> str:
        """Give what the browser says its road; raises Refused within a call that has none."""
        if said.startswith(_ANSWER) or not _TAGGED.search(said.partition("\r\n\r\n")[0]):
            return said
        first, _, rest = said.partition("\r\n")
        method, address, version = first.split(" ")
        if method == "ACK" and address == self._target:  # of a refusal: it belongs to the call's beginning
            return said
        if self._contact is None:
            raise Refused("within a call that nobody has answered")
        routes = [f"Route: {one}" for one in self._routes]
        return "\r\n".join([f"{method} {self._contact} {version}", *routes, rest])

    def _learn(self, head: str, recorded: Sequence[str]) -> None:
        if (contact := _CONTACT.search(head)) is not None:
            self._contact = contact[1]
            if recorded:  # the answer to what changes a call tells none: its road stays (RFC 3261, 12.2)
                self._routes = [one for line in recorded for one in _ROUTES.findall(line)][::-1]
