"""A report that was begun in a chat, read from its lines: what a dispatcher need not ask again."""

from collections.abc import Sequence
from itertools import pairwise

from attrs import frozen

from hotline.calls.conversation import Next
from hotline.chats.chats import Line, LineKind
from ivr_flows import report_phrases as said
from ivr_flows.report_in_chat import YES
from service.chats.written_call import key_meant


@frozen(kw_only=True)
class BegunReport:
    """What has happened, of which category (its code), and where; empty as far as it was not told."""

    text: str = ""
    category: str = ""
    address: str = ""


NO_REPORT = BegunReport()


def begun_report(lines: Sequence[Line]) -> BegunReport:
    """Read the report that is under way at the end of these lines; one that was registered is none."""
    since = max((at for at, one in enumerate(lines) if one.kind is LineKind.STATION), default=None)
    if since is None or lines[since].detail["next"] != Next.REPORT:
        return NO_REPORT
    told = [one for one in lines[since:] if one.kind in {LineKind.ASKED, LineKind.ANSWERED}]
    text = category = address = ""
    for asked, answer in pairwise(told):
        if answer.kind is not LineKind.ANSWERED:
            continue
        names, key = asked.asked.split(), key_meant(answer.text, asked.buttons)
        if said.WHAT.name in names and key is None:
            text, category, address = answer.text, "", ""
        elif said.ABOUT.name in names:
            category = said.chosen_category(names, key)
        elif said.WHERE.name in names and key is None:
            address = answer.text
        elif said.THERE in names and key != YES:
            address = ""
    return BegunReport(text=text, category=category, address=address)
