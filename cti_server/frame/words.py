"""Words of the pages for what the code names, to be translated by the catalogue."""

from collections.abc import Mapping

from cti_server.frame.language import N_
from cti_server.frame.numbers import percent, phone
from hotline.access.bodies import Body
from hotline.appeals.appeal import AppealState
from hotline.calls.call import Outcome, Step
from hotline.calls.interpreters import FROM_INTERPRETER
from hotline.calls.skills import Skill, topic_of
from hotline.calls.web_calls import FROM_BROWSER
from hotline.city.area_notation import area_text
from hotline.city.classifier import Utility
from hotline.city_data import tables
from hotline.line.line import Priority
from hotline.line.pauses import pauses
from hotline.line.presence_states import Presence
from hotline.line.progressive import NobodyNext
from hotline.outages.outage import OutageKind
from hotline.people.benefits import in_order, served_first
from hotline.reports.papers import PaperKind
from hotline.speech.live import Hearing
from hotline.speech.masking import Secret
from hotline.speech.slots import SlotKind
from hotline.speech.transcripts import Speaker
from hotline.surveys.completion import SurveyOutcome

BODIES: Mapping[Body, str] = {
    Body.MAYOR: N_("Mayor"),
    Body.COUNCIL: N_("City council"),
    Body.COMMITTEE: N_("Executive committee"),
    Body.DEPARTMENT: N_("Department of administrative services"),
}
PAPER_NAMES: Mapping[PaperKind, str] = {
    PaperKind.DAY: N_("Report of the day"),
    PaperKind.WEEK: N_("Report of the week"),
    PaperKind.MONTH: N_("Report of the month"),
    PaperKind.QUARTER: N_("Report of the quarter"),
}
SECRETS: Mapping[Secret, str] = {
    Secret.CARD: N_("card number hidden"),
    Secret.PASSPORT: N_("passport number hidden"),
    Secret.TAX_NUMBER: N_("tax number hidden"),
}
"""What stands in the place of a number that is masked in a transcript."""
MOST_SHOWN = 30
"""Callers in the pane of the line; in a blackout nobody reads further."""
MOST_AREAS = 3
"""Of an outage, on one line."""
PRESENCES: Mapping[str, str] = {
    Presence.AWAY: N_("Away"),
    Presence.READY: N_("Ready"),
    Presence.PAUSED: N_("On break"),
    Presence.OFFERED: N_("Ringing"),
    Presence.TALKING: N_("Talking"),
    Presence.AFTER_CALL: N_("After the call"),
}
HINTS: Mapping[str, str] = {
    Presence.AWAY: N_("Calls do not come to you. Press Shift+F9 when you are ready."),
    "not-answering": N_("Calls do not come to you until you press Shift+F9."),
    "phone-unreachable": N_("Calls come to you again as soon as your telephone is there."),
}
"""Advice, where callers wait in vain for this dispatcher: by presence, or by the reason of a pause."""
REASONS: Mapping[str, str] = {
    "not-answering": N_("Calls were not answered"),
    "phone-unreachable": N_("The telephone is not reachable"),
    "consult": N_("With a colleague"),
    "calling-out": N_("Calling out"),
    "supervising": N_("On a colleague's talk"),
}
"""Reasons of a pause that the hotline gives; those that a dispatcher chooses are in `hotline.line.pauses`."""
WAITS: Mapping[str, str] = {
    NobodyNext.NOT_READY: N_("it goes on as soon as you are ready"),
    NobodyNext.CITIZENS: N_("somebody waits in the line and goes first"),
    NobodyNext.NOBODY: N_("nobody is to be called now"),
}
"""Why a desk that calls one after another calls nobody now."""
PRIORITY: Mapping[int, str] = {
    Priority.SLOWER: N_("Slower place"),
    Priority.ORDINARY: "",
    Priority.RETURNING: N_("Returning"),
    Priority.EMERGENCY: N_("Emergency"),
}
KEYS: Mapping[str, str] = {
    "0": N_("a dispatcher"),
    "1": N_("outages"),
    "2": N_("the state of an appeal"),
    "3": N_("to leave a message"),
    "4": N_("a breakdown"),
    "5": N_("frequent questions"),
    "9": N_("the other language"),
    "*": N_("not to be recorded"),
    "#": N_("to press a personal code"),
}
"""The main menu, key by key."""
TOLD: Mapping[str, str] = {
    "outage": N_("the outage"),
    "neighbour-outages": N_("the outages of their city"),
    "no-outage": N_("that nothing is off"),
    "power-schedule": N_("when there is power by schedule"),
    "power-calls": N_("that they are called before the power changes"),
    "appeal": N_("the state of the appeal"),
    "emergency": N_("the emergency"),
    "equipment": N_("that equipment is out of order"),
    "callback": N_("being called back"),
    "survey": N_("the check whether it was done"),
    "city-message": N_("the message to the whole city"),
    "order": N_("the order of the mayor"),
    "campaign": N_("the message of the campaign"),
    "article": N_("the answer to a frequent question"),
    "do-not-call": N_("that the hotline calls them no more"),
}
SAID_BY_KEY: Mapping[str, str] = {"confirm": N_("it is done"), "dispute": N_("it is not done")}
"""An applicant's word on their appeal by a key, by the act's name."""
WITHOUT_NUMBER: Mapping[str, str] = {
    FROM_BROWSER: N_("From the browser"),
    FROM_INTERPRETER: N_("Interpreter of sign language"),
}
"""Texts that pages show instead of the caller's number, by `CallRecord.shown`."""


def without_number(shown: str) -> str:
    """Give what stands in the place of a call's number."""
    return WITHOUT_NUMBER.get(shown, N_("Hidden number"))


NOBODY_KNOWN: Mapping[str, str] = {
    FROM_BROWSER: N_("Who it is they have to say themselves."),
    FROM_INTERPRETER: N_("The applicant is another person: ask for their name and how to reach them."),
    "": N_("Nobody is known under this number."),
}
"""Sentences about a caller whom the register of citizens does not know, by `CallRecord.shown`."""
WEB_PAGES: Mapping[str, str] = {
    "/": N_("The first page"),
    "/outages": N_("Outages in the city"),
    "/power": N_("When will there be light?"),
    "/my": N_("How an appeal stands"),
    "/report": N_("Report a problem"),
    "/chat": N_("Write to us"),
    "/contacts": N_("Telephones of the city"),
    "/questions": N_("Questions and answers"),
}
"""Public pages from which a browser may call, by their paths."""
STEPS: Mapping[str, str] = {
    Step.ARRIVED: N_("Called"),
    Step.FROM_WEB: N_("By the browser, from our page"),
    Step.FOR_NEIGHBOUR: N_("Dialled another city’s number, answered in its name"),
    Step.INTERPRETED: N_("By an interpreter of sign language, for another person"),
    Step.ANSWERED: N_("Answered by the hotline"),
    Step.HEARD: N_("Heard"),
    Step.PRESSED: N_("Pressed"),
    Step.WRONG_KEY: N_("Pressed a wrong key"),
    Step.SILENT: N_("Pressed nothing"),
    Step.SAID: N_("Said aloud"),
    Step.LANGUAGE_CHOSEN: N_("Changed the language"),
    Step.RECORDING_REFUSED: N_("Refused the recording"),
    Step.RECORDING_CUT: N_("Not all of the talk was recorded: the disk was full"),
    Step.NOT_RECORDED: N_("The talk was not recorded"),
    Step.RECORDING_PAUSED: N_("The recording was paused"),
    Step.RECORDING_RESUMED: N_("The recording went on"),
    Step.INFORMED: N_("Was informed"),
    Step.PLACE_SAID: N_("Said where they are"),
    Step.ASKED_TO_BE_TOLD: N_("Asked to be told when it is over"),
    Step.REPORTED_OFF: N_("Reported that something is off"),
    Step.APPEAL_ASKED: N_("Asked about the appeal"),
    Step.APPEAL_ANSWERED: N_("Said by key of the appeal"),
    Step.CHAT_TAKEN_ALONG: N_("Goes on with a chat"),
    Step.SENT_IN_WRITING: N_("Was sent a link to go on in writing"),
    Step.MESSAGE_LEFT: N_("A message is recorded"),
    Step.MESSAGE_EMPTY: N_("Said nothing"),
    Step.CALLBACK_WANTED: N_("Asked to be called back"),
    Step.CODE_PRESSED: N_("A personal code was pressed"),
    Step.CITY_MESSAGE: N_("Switched the message to the whole city"),
    Step.JOINED_LINE: N_("Joined the line"),
    Step.DISPATCHER_OFFERED: N_("A dispatcher is rung"),
    Step.OFFER_MISSED: N_("The dispatcher did not answer"),
    Step.TALK_STARTED: N_("The talk began"),
    Step.TALK_ENDED: N_("The talk ended"),
    Step.HOLD_BEGAN: N_("Put on hold"),
    Step.HOLD_ENDED: N_("The hold ended"),
    Step.TRANSFERRED: N_("Passed on"),
    Step.CALLED_OUT: N_("Called by a dispatcher"),
    Step.CALLED_BY_ITSELF: N_("The hotline called by itself"),
    Step.LIKE_A_MACHINE: N_("Perhaps an answering machine"),
    Step.RANG: N_("It rang there"),
    Step.NOT_CONNECTED: N_("Not connected"),
    Step.THIRD_CALLED: N_("A third was called"),
    Step.THIRD_MISSED: N_("The third was not reached"),
    Step.CONFERENCE: N_("All three talked"),
    Step.THIRD_LEFT: N_("The third left"),
    Step.SUPERVISOR_JOINED: N_("A supervisor joined the talk"),
    Step.LEFT_TOGETHER: N_("Left talking with the third"),
    Step.RETURNED_TO_LINE: N_("Returned to the line"),
    Step.LEFT_LINE: N_("Told that nobody is on duty"),
    Step.PLACE_KEPT: N_("Asked to be called back"),
    Step.CUT_OFF: N_("The connection broke through our fault, we call back"),
    Step.WENT_ON: N_("The connection had not broken, the call goes on"),
    Step.SERVICE_RESUMED: N_("The service was restarted"),
    Step.FELL_BACK: N_("Went to the reserve queue"),
    Step.ENDED: N_("The call ended"),
}
OUTCOMES: Mapping[str | None, str] = {
    Outcome.TALKED: N_("Talked with a dispatcher"),
    Outcome.TALKED_WITH_CONTACT: N_("Talked with an enterprise's duty contact"),
    Outcome.ANSWERED_BY_MACHINE: N_("Answered by the machine"),
    Outcome.MESSAGE_LEFT: N_("Left a message"),
    Outcome.MESSAGE_EMPTY: N_("Asked for a message, said nothing"),
    Outcome.ABANDONED_IN_LINE: N_("Gave up waiting"),
    Outcome.NOBODY_ON_DUTY: N_("Nobody was on duty"),
    Outcome.CALLBACK_PROMISED: N_("Asked to be called back"),
    Outcome.HUNG_UP_IN_MENU: N_("Hung up in the menu"),
    Outcome.LOST: N_("The connection was lost"),
    Outcome.BUSY: N_("The line is busy"),
    Outcome.NO_ANSWER: N_("Nobody answers"),
    Outcome.REFUSED: N_("The call was declined"),
    Outcome.NOT_IN_USE: N_("This number is not in use"),
    Outcome.FAILED: N_("No connection"),
    Outcome.TOLD: N_("Told by the machine, confirmed by a key"),
    Outcome.NOT_HEARD_OUT: N_("Answered, but pressed nothing"),
    Outcome.CALLBACK_WANTED: N_("Asked for a dispatcher, is to be called back"),
    Outcome.GIVEN_UP: N_("Given up by us"),
    None: N_("Going on"),
}
APPEAL_STATES: Mapping[str, str] = {
    AppealState.REGISTERED: N_("Registered"),
    AppealState.ASSIGNED: N_("Assigned"),
    AppealState.ACCEPTED: N_("Accepted by the executor"),
    AppealState.IN_WORK: N_("In work"),
    AppealState.DONE: N_("Done"),
    AppealState.BEING_CHECKED: N_("Being checked"),
    AppealState.CLOSED: N_("Closed, confirmed"),
    AppealState.CLOSED_UNCONFIRMED: N_("Closed, not confirmed"),
    AppealState.DISPUTED: N_("Disputed"),
    AppealState.FORWARDED: N_("Forwarded"),
    AppealState.REJECTED: N_("Left without consideration"),
    AppealState.WITHDRAWN: N_("Withdrawn"),
}
UTILITIES: Mapping[str, str] = {Utility(one.value): one.en for one in tables.UTILITIES}
SURVEY_OUTCOMES: Mapping[str, str] = {
    SurveyOutcome.CONFIRMED: N_("All of it is done"),
    SurveyOutcome.NOT_DONE: N_("Not done"),
    SurveyOutcome.PARTLY: N_("Done only in part"),
    SurveyOutcome.DISPATCHER: N_("Asked for a dispatcher"),
    SurveyOutcome.WRONG_PERSON: N_("Somebody else answers, who does not know"),
    SurveyOutcome.HUNG_UP: N_("Hung up without an answer"),
    SurveyOutcome.SILENT: N_("Answered, but pressed nothing"),
    SurveyOutcome.BUSY: N_("The line is busy"),
    SurveyOutcome.NO_ANSWER: N_("Nobody answers"),
    SurveyOutcome.REFUSED: N_("The call was declined"),
    SurveyOutcome.NOT_IN_USE: N_("This number is not in use"),
    SurveyOutcome.FAILED: N_("No connection"),
    SurveyOutcome.ELSEWHERE: N_("Answered in another way"),
    SurveyOutcome.NOT_CALLED: N_("A number that the hotline may not call"),
    SurveyOutcome.INTERRUPTED: N_("The connection was lost"),
    SurveyOutcome.UNWANTED: N_("Does not want to be called automatically"),
}
SKILLS: Mapping[str, str] = {
    Skill.ENGLISH: N_("English language"),
    Skill.OUTAGES: N_("Outages"),
    Skill.APPEALS: N_("The state of appeals"),
    **{topic: UTILITIES[utility] for utility in Utility if (topic := topic_of(utility))},
}
OUTAGE_KINDS: Mapping[str, str] = {
    OutageKind.PLANNED: N_("planned"),
    OutageKind.UNPLANNED: N_("unplanned"),
    OutageKind.REPAIR: N_("repair"),
    OutageKind.EMERGENCY: N_("emergency"),
}

HEARD_SLOTS: Mapping[SlotKind, tuple[str, int]] = {
    SlotKind.WHERE: (N_("Where"), 3),
    SlotKind.WHO: (N_("Who"), 4),
    SlotKind.SINCE: (N_("Since when"), 5),
    SlotKind.PROMISED: (N_("Promised"), 6),
}
"""In the order in which they are shown; with the digit that takes one while Alt is held."""
SPEAKERS: Mapping[Speaker, str] = {
    Speaker.CALLER: N_("Applicant"),
    Speaker.DISPATCHER: N_("Dispatcher"),
    Speaker.BOTH: N_("Both speakers"),
}
HEARD_STANDS: Mapping[Hearing, str] = {
    Hearing.NO_EAR: N_("This talk is not written along: all ears are taken."),
    Hearing.BROKEN: N_(
        "What is said is not written along any more. The talk itself goes on, and is recorded."
    ),
}


CONTEXT: Mapping[str, object] = {
    "PRESENCES": PRESENCES,
    "pauses": pauses,
    "MOST_SHOWN": MOST_SHOWN,
    "REASONS": REASONS,
    "HINTS": HINTS,
    "WAITS": WAITS,
    "PRIORITY": PRIORITY,
    "KEYS": KEYS,
    "TOLD": TOLD,
    "SAID_BY_KEY": SAID_BY_KEY,
    "STEPS": STEPS,
    "WEB_PAGES": WEB_PAGES,
    "NOBODY_KNOWN": NOBODY_KNOWN,
    "WITHOUT_NUMBER": WITHOUT_NUMBER,
    "FROM_INTERPRETER": FROM_INTERPRETER,
    "OUTCOMES": OUTCOMES,
    "APPEAL_STATES": APPEAL_STATES,
    "UTILITIES": UTILITIES,
    "OUTAGE_KINDS": OUTAGE_KINDS,
    "SKILLS": SKILLS,
    "HEARD_SLOTS": HEARD_SLOTS,
    "HEARD_STANDS": HEARD_STANDS,
    "SPEAKERS": SPEAKERS,
    "SURVEY_OUTCOMES": SURVEY_OUTCOMES,
    "percent": percent,
    "phone": phone,
    "area_text": area_text,
    "benefits_of": in_order,
    "MOST_AREAS": MOST_AREAS,
    "served_first": served_first,
}
"""The context of the desk's templates, besides their own data."""
