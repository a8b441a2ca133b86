"""Notes of what was just done: an act leads to a page, and the page says in one line that it is done."""

from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus

from aiohttp import hdrs, web
from yarl import URL

from cti_server.frame.language import N_

_FIELD = "noted"


class Noted(StrEnum):
    """An act that was done, by the name that it has in the address of the next page."""

    RULE_SAVED = "rule-saved"
    RULE_REMOVED = "rule-removed"
    USER_SAVED = "user-saved"
    USER_CLOSED = "user-closed"
    USER_REOPENED = "user-reopened"
    ACTING_HEAD_NAMED = "acting-head-named"
    ACTING_HEAD_ENDED = "acting-head-ended"
    ROSTER_SAVED = "roster-saved"
    ROSTER_PUBLISHED = "roster-published"
    ROSTER_COPIED = "roster-copied"
    ROSTER_DROPPED = "roster-dropped"
    HANDED_OVER = "handed-over"
    HANDOVER_SAVED = "handover-saved"
    HANDOVER_ASKED = "handover-asked"
    HANDOVER_ANSWERED = "handover-answered"
    TAKEN_OVER = "taken-over"
    FEED_REVOKED = "feed-revoked"
    WISH_KEPT = "wish-kept"
    WISH_TAKEN_BACK = "wish-taken-back"
    SWAP_OFFERED = "swap-offered"
    SWAP_TAKEN = "swap-taken"
    SWAP_DONE = "swap-done"
    SWAP_DECLINED = "swap-declined"
    SWAP_TAKEN_BACK = "swap-taken-back"
    SWAP_REFUSED = "swap-refused"
    TOKEN_CHANGED = "token-changed"  # noqa: S105 - a name, no secret
    WEBHOOK_ON = "webhook-on"
    WEBHOOK_OFF = "webhook-off"
    WEBHOOK_ENDED = "webhook-ended"
    AGREEMENT_MADE = "agreement-made"
    AGREEMENT_ENDED = "agreement-ended"
    AGREEMENT_DUTY = "agreement-duty"
    TAKEN_SENT_AGAIN = "taken-sent-again"
    TAKEN_OTHERWISE = "taken-otherwise"
    WEBHOOK_TESTED = "webhook-tested"
    WEBHOOK_SENT_BACK = "webhook-sent-back"
    WEBHOOK_SENT_AGAIN = "webhook-sent-again"
    TOKEN_ENDED = "token-ended"  # noqa: S105 - a name, no secret
    NUMBER_ADDED = "number-added"
    NUMBER_REMOVED = "number-removed"
    ENTERPRISE_ADDED = "enterprise-added"
    ENTERPRISE_SAVED = "enterprise-saved"
    ENTERPRISE_CLOSED = "enterprise-closed"
    ENTERPRISE_REOPENED = "enterprise-reopened"
    WEB_CALLS_CLOSED = "web-calls-closed"
    WEB_CALLS_OPEN = "web-calls-open"
    POWER_TOLD = "power-told"
    POWER_EMERGENCY = "power-emergency"
    POWER_EMERGENCY_OVER = "power-emergency-over"
    MAP_PUT = "map-put"
    MAP_DROPPED = "map-dropped"
    ASSESSED = "assessed"
    TALK_SKIPPED = "talk-skipped"
    TALK_GIVEN_BACK = "talk-given-back"
    DRAFT_SAVED = "draft-saved"
    DISPUTED = "disputed"
    ASSESSMENT_READ = "assessment-read"
    DISPUTE_DECIDED = "dispute-decided"
    COACHED = "coached"
    TRIAL_CALLS = "trial-calls"
    COACHING_REVIEWED = "coaching-reviewed"
    ARTICLE_SAVED = "article-saved"
    ARTICLE_REVIEWED = "article-reviewed"
    ARTICLE_WITHDRAWN = "article-withdrawn"
    ARTICLE_BACK = "article-back"
    MISSING_NOTED = "missing-noted"
    MISSING_PASSED = "missing-passed"
    MISSING_CLOSED = "missing-closed"
    MISSING_READ = "missing-read"
    PAPER_SIGNED = "paper-signed"
    PAPER_CORRECTED = "paper-corrected"
    PAPER_MADE = "paper-made"
    PLAN_SAVED = "plan-saved"
    REPORT_SENT = "report-sent"
    REPORT_NOT_SENT = "report-not-sent"
    ORDER_PLACED = "order-placed"
    ORDER_ENDED = "order-ended"
    ORDER_STANDS = "order-stands"
    SLOWER_PLACED = "slower-placed"
    SLOWER_ENDED = "slower-ended"
    SLOWER_REVIEWED = "slower-reviewed"
    OFFICE_SAVED = "office-saved"
    OFFICE_APPROVED = "office-approved"
    OFFICE_CLOSED = "office-closed"
    OFFICE_ENTERED = "office-entered"
    STATEMENT_SAVED = "statement-saved"
    STATEMENT_DISCARDED = "statement-discarded"
    STATEMENT_SUBMITTED = "statement-submitted"
    STATEMENT_TAKEN_BACK = "statement-taken-back"
    STATEMENT_REFUSED = "statement-refused"
    STATEMENT_APPROVED = "statement-approved"
    STATEMENT_DROPPED = "statement-dropped"
    STATEMENT_WITHDRAWN = "statement-withdrawn"
    DIRECTIVE_ENTERED = "directive-entered"
    TASK_GIVEN = "task-given"
    TASK_CHANGED = "task-changed"
    TASK_ACTED = "task-acted"
    MEETING_SAVED = "meeting-saved"
    MEETING_CALLED = "meeting-called"
    MEETING_CALLED_OFF = "meeting-called-off"
    MEETING_ANSWERED = "meeting-answered"
    MINUTES_SAVED = "minutes-saved"
    MINUTES_PRESENTED = "minutes-presented"
    MINUTES_RETURNED = "minutes-returned"
    MINUTES_SIGNED = "minutes-signed"
    MINUTES_OPENED = "minutes-opened"
    EQUIPMENT_SAVED = "equipment-saved"
    EQUIPMENT_LOOKED = "equipment-looked"
    EQUIPMENT_MAINTAINED = "equipment-maintained"
    EQUIPMENT_MAINTENANCE_OVER = "equipment-maintenance-over"
    EQUIPMENT_REMOVED = "equipment-removed"
    SPECIALIST_ASKED = "specialist-asked"
    SPECIALIST_ENDED = "specialist-ended"
    INQUIRY_ASKED = "inquiry-asked"
    INQUIRY_ANSWERED = "inquiry-answered"
    INQUIRY_ACCEPTED = "inquiry-accepted"
    INQUIRY_RETURNED = "inquiry-returned"
    INQUIRY_WITHDRAWN = "inquiry-withdrawn"
    MEMO_SAVED = "memo-saved"
    MEMO_SENT = "memo-sent"
    MEMO_DROPPED = "memo-dropped"
    MEMO_ANSWERED = "memo-answered"
    CAMERA_SAVED = "camera-saved"
    CAMERA_OUT = "camera-out"
    CAMERA_BACK = "camera-back"
    CAMERA_REMOVED = "camera-removed"
    CALLBACK_GONE = "callback-gone"


_SAID: Mapping[str, str] = {
    Noted.RULE_SAVED: N_("The rule is saved and holds for new appeals."),
    Noted.RULE_REMOVED: N_("The rule is removed."),
    Noted.USER_SAVED: N_("The user is saved."),
    Noted.USER_CLOSED: N_("The account is closed: nobody signs in with it any more."),
    Noted.USER_REOPENED: N_("The account is open again."),
    Noted.ACTING_HEAD_NAMED: N_("The acting head is named: their rights begin and end by themselves."),
    Noted.ACTING_HEAD_ENDED: N_("They are acting head no longer."),
    Noted.ROSTER_SAVED: N_("The draft is saved."),
    Noted.ROSTER_PUBLISHED: N_("The roster is published: dispatchers see it now."),
    Noted.ROSTER_COPIED: N_("The week before is copied into the draft."),
    Noted.ROSTER_DROPPED: N_("The draft is dropped."),
    Noted.HANDED_OVER: N_("You have signed: the next shift reads it and signs as well."),
    Noted.HANDOVER_SAVED: N_("The draft is saved."),
    Noted.HANDOVER_ASKED: N_("The question is asked."),
    Noted.HANDOVER_ANSWERED: N_("The question is answered."),
    Noted.TAKEN_OVER: N_("You have taken the shift over."),
    Noted.FEED_REVOKED: N_("The link is revoked: it shows nothing any more."),
    Noted.WISH_KEPT: N_("The wish is kept: the head sees it while drawing."),
    Noted.WISH_TAKEN_BACK: N_("The wish is taken back."),
    Noted.SWAP_OFFERED: N_("The shift is offered; until somebody takes it, it stays yours."),
    Noted.SWAP_TAKEN: N_("You have agreed: the head approves it, until then the roster holds."),
    Noted.SWAP_DONE: N_("The swap stands in the roster, and in both calendars."),
    Noted.SWAP_DECLINED: N_("Your colleague is told that you do not take it."),
    Noted.SWAP_TAKEN_BACK: N_("It is taken back: the roster stays as it is."),
    Noted.SWAP_REFUSED: N_("The swap is refused: both are told."),
    Noted.TOKEN_CHANGED: N_("The token opens what you chose."),
    Noted.WEBHOOK_ON: N_("The webhook is on: what waited is being sent."),
    Noted.WEBHOOK_OFF: N_("The webhook is off. What happens meanwhile is sent once it is turned on."),
    Noted.WEBHOOK_ENDED: N_("The webhook is ended."),
    Noted.AGREEMENT_MADE: N_("The agreement holds: from its first day we answer in that city’s name."),
    Noted.AGREEMENT_ENDED: N_("The agreement has ended: nothing is answered, read or handed over by it."),
    Noted.AGREEMENT_DUTY: N_("The telephone of those on duty is written down."),
    Noted.TAKEN_SENT_AGAIN: N_("The appeal is being handed over once more."),
    Noted.TAKEN_OTHERWISE: N_("Written down; what the applicant said is forgotten here."),
    Noted.WEBHOOK_TESTED: N_("A test is being sent."),
    Noted.WEBHOOK_SENT_BACK: N_("Everything since that moment is being sent again."),
    Noted.WEBHOOK_SENT_AGAIN: N_("It is being sent again."),
    Noted.TOKEN_ENDED: N_("The token is ended."),
    Noted.NUMBER_ADDED: N_("The number is on the list: it is not called automatically any more."),
    Noted.NUMBER_REMOVED: N_("The number is off the list."),
    Noted.ENTERPRISE_ADDED: N_("The enterprise is added."),
    Noted.ENTERPRISE_SAVED: N_("The enterprise is saved."),
    Noted.ENTERPRISE_CLOSED: N_("The enterprise is closed: it takes no appeals any more."),
    Noted.ENTERPRISE_REOPENED: N_("The enterprise is open again."),
    Noted.WEB_CALLS_CLOSED: N_("Calls from the browser are closed, and those that went on have ended."),
    Noted.WEB_CALLS_OPEN: N_("Residents can call from the browser again."),
    Noted.POWER_TOLD: N_("The schedules are told from now on."),
    Noted.POWER_EMERGENCY: N_("Everybody is told that no schedule holds."),
    Noted.POWER_EMERGENCY_OVER: N_("Schedules hold again."),
    Noted.MAP_PUT: N_("The map is shown from now on."),
    Noted.MAP_DROPPED: N_("The draft is dropped."),
    Noted.ASSESSED: N_("The talk is assessed: the dispatcher can read it."),
    Noted.TALK_SKIPPED: N_("The talk is left out."),
    Noted.TALK_GIVEN_BACK: N_("The talk is given back; your draft stays with it."),
    Noted.DRAFT_SAVED: N_("The draft is saved."),
    Noted.DISPUTED: N_("Your objection is with the head."),
    Noted.ASSESSMENT_READ: N_("The assessment is marked as read."),
    Noted.DISPUTE_DECIDED: N_("The decision is kept: the dispatcher can read it."),
    Noted.COACHED: N_("The training record has the new entry."),
    Noted.TRIAL_CALLS: N_("The telephone at the desk rings: the demo citizen is calling."),
    Noted.COACHING_REVIEWED: N_("The entry is closed."),
    Noted.ARTICLE_SAVED: N_("The article is saved: this is its present version."),
    Noted.ARTICLE_REVIEWED: N_("The article is reviewed: it is looked at again in half a year."),
    Noted.ARTICLE_WITHDRAWN: N_("The article is withdrawn: it is shown to nobody any more."),
    Noted.ARTICLE_BACK: N_("The article is in use again."),
    Noted.MISSING_NOTED: N_("The question is noted for whoever answers for the topic."),
    Noted.MISSING_PASSED: N_("The question is passed on."),
    Noted.MISSING_CLOSED: N_("The question is closed: whoever noted it is told."),
    Noted.MISSING_READ: N_("The answer is marked as read."),
    Noted.PAPER_SIGNED: N_("The paper is signed: nothing of it changes any more."),
    Noted.PAPER_CORRECTED: N_("Another version of the paper is made; the one before stays as it was."),
    Noted.PAPER_MADE: N_("The paper is made."),
    Noted.PLAN_SAVED: N_("It is saved, and holds for the next papers."),
    Noted.REPORT_SENT: N_("The report is sent by itself from now on."),
    Noted.REPORT_NOT_SENT: N_("The report is not sent any more."),
    Noted.ORDER_PLACED: N_("By this order dispatchers do not see who listens to them."),
    Noted.ORDER_ENDED: N_("The order is ended: dispatchers see who listens to them."),
    Noted.ORDER_STANDS: N_("Another order stands already: end it first."),
    Noted.SLOWER_PLACED: N_("The number waits behind all others from now on."),
    Noted.SLOWER_ENDED: N_("The slower place is ended."),
    Noted.SLOWER_REVIEWED: N_("The slower place stays until the next review."),
    Noted.OFFICE_SAVED: N_("It is saved."),
    Noted.OFFICE_APPROVED: N_("The plan is approved, and its files stay as they are."),
    Noted.OFFICE_CLOSED: N_("The files of the year are closed."),
    Noted.OFFICE_ENTERED: N_("It is registered."),
    Noted.STATEMENT_SAVED: N_("The text is saved; residents do not see it before it is approved."),
    Noted.STATEMENT_DISCARDED: N_("The draft is deleted."),
    Noted.STATEMENT_SUBMITTED: N_("It waits for a second person to approve it."),
    Noted.STATEMENT_TAKEN_BACK: N_("It is yours again: change it, and submit it anew."),
    Noted.STATEMENT_REFUSED: N_("It is sent back to its author, with your reason."),
    Noted.STATEMENT_APPROVED: N_("It is approved: residents read it from its moment on."),
    Noted.STATEMENT_DROPPED: N_("The correction is given up; the text before it stands."),
    Noted.STATEMENT_WITHDRAWN: N_("It is withdrawn: residents read only that, and why."),
    Noted.DIRECTIVE_ENTERED: N_("The order is entered: give its points as tasks."),
    Noted.TASK_GIVEN: N_("The task is given."),
    Noted.TASK_CHANGED: N_("The task is changed."),
    Noted.TASK_ACTED: N_("It is written down, and all who take part see it."),
    Noted.MEETING_SAVED: N_("The meeting is saved."),
    Noted.MEETING_CALLED: N_("The meeting is called: the invitations are on their way."),
    Noted.MEETING_CALLED_OFF: N_("The meeting is called off: those who were invited are told."),
    Noted.MEETING_ANSWERED: N_("Your answer is kept; until the meeting begins you can change it."),
    Noted.MINUTES_SAVED: N_("The minutes are saved as a draft."),
    Noted.MINUTES_PRESENTED: N_("You have signed: now the head reads and signs."),
    Noted.MINUTES_RETURNED: N_("The minutes are with the secretary again."),
    Noted.MINUTES_SIGNED: N_("The minutes are signed by both: nothing of them changes any more."),
    Noted.MEMO_SAVED: N_("The draft is saved."),
    Noted.MEMO_SENT: N_("It is noted as sent: nothing of it changes any more."),
    Noted.MEMO_DROPPED: N_("The draft is dropped."),
    Noted.MEMO_ANSWERED: N_("The answer is noted."),
    Noted.MINUTES_OPENED: N_("Another version is open; the one before stays as it was."),
    Noted.EQUIPMENT_SAVED: N_("The equipment is saved: it is looked at within seconds."),
    Noted.EQUIPMENT_LOOKED: N_("It is looked at within seconds; this page renews itself."),
    Noted.EQUIPMENT_MAINTAINED: N_("It is being worked on: nobody is called meanwhile."),
    Noted.EQUIPMENT_MAINTENANCE_OVER: N_("The work is over: faults are told again."),
    Noted.EQUIPMENT_REMOVED: N_("The equipment is off the board."),
    Noted.SPECIALIST_ASKED: N_("The manager is asked, and is reminded before their term ends."),
    Noted.SPECIALIST_ENDED: N_("The specialist's part is ended: they see nothing of it any more."),
    Noted.INQUIRY_ASKED: N_("The request is sent; the enterprise is reminded before its term ends."),
    Noted.INQUIRY_ANSWERED: N_("The answer is noted."),
    Noted.INQUIRY_ACCEPTED: N_("The answer is accepted."),
    Noted.INQUIRY_RETURNED: N_("The answer is returned: another is awaited by the new term."),
    Noted.INQUIRY_WITHDRAWN: N_("The request is withdrawn: nobody waits for an answer."),
    Noted.CAMERA_SAVED: N_("The camera is saved."),
    Noted.CAMERA_OUT: N_("The camera is out of service: nobody is shown it."),
    Noted.CAMERA_BACK: N_("The camera is in service again."),
    Noted.CAMERA_REMOVED: N_("The camera is off the register."),
    Noted.CALLBACK_GONE: N_("That call is off the list already."),
}


def noted_at(address: str, what: Noted) -> web.Response:
    """Lead the browser there, where it reads what was done."""
    there = URL(address).update_query({_FIELD: what})
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: str(there)})


def said_of(request: web.Request) -> str:
    """Give the line of the page asked for, to be translated; empty for none."""
    return _SAID.get(request.query.get(_FIELD, ""), "") if request.method == hdrs.METH_GET else ""
