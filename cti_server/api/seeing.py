"""An event is told to the tokens that may see it, by the stream and by what is sent to other systems."""

from cti_server.api.messages import AppealChanged, AppealRegistered, Event, OfCall, OutageChanged
from hotline.access.permissions import Permission
from hotline.access.scopes import Scope
from hotline.access.tokens import Token

OF_EVENTS = (Scope.APPEALS_READ, Scope.OUTAGES_READ, Scope.CALLS, Scope.LINE)
"""A token with none of these would hear nothing."""


def may_see(token: Token, event: Event) -> bool:
    """Tell whether the token is told of it."""
    match event:
        case OfCall():
            return token.opens(Scope.CALLS) and token.may(Permission.SEE_CALLS)
        case AppealRegistered() | AppealChanged():
            return token.opens(Scope.APPEALS_READ) and _sees_appeal(token, event)
        case OutageChanged():
            return token.opens(Scope.OUTAGES_READ) and _sees_outage(token, event)
        case _:
            return token.opens(Scope.LINE) and token.may(Permission.SEE_LINE)


def _sees_appeal(token: Token, event: AppealRegistered | AppealChanged) -> bool:
    if not token.may(Permission.SEE_APPEALS):
        theirs = event.executor_id is not None and event.executor_id == token.executor_id
        return theirs and token.may(Permission.WORK_ON_APPEALS)
    hidden = isinstance(event, AppealChanged) and event.internal
    return not hidden or token.may(Permission.HANDLE_APPEALS)


def _sees_outage(token: Token, event: OutageChanged) -> bool:
    if token.may(Permission.SEE_OUTAGES):
        return True
    return token.may(Permission.ENTER_OWN_OUTAGES) and event.executor_id == token.executor_id
