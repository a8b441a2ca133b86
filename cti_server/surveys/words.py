"""The words of surveys: how they stand, what a call came to, what is wrong with a form."""

from collections.abc import Mapping

from cti_server.frame.language import N_
from hotline.surveys.completion import SurveyOutcome
from hotline.surveys.flaws import Flaw
from hotline.surveys.forms import Kind, Meaning
from hotline.surveys.results import Group

GROUPS: Mapping[Group, str] = {
    Group.CONFIRMED: N_("Confirmed"),
    Group.RETURNED: N_("Returned for rework"),
    Group.DISPATCHER: N_("Asked for a dispatcher"),
    Group.UNREACHED: N_("Not reached"),
    Group.ELSEWHERE: N_("Answered in another way"),
    Group.WAITING: N_("Still to be called"),
}
OUTCOMES: Mapping[SurveyOutcome, str] = {
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
KINDS: Mapping[Kind, str] = {
    Kind.KEYS: N_("an answer by a key"),
    Kind.RATING: N_("a rating from 1 to 5"),
    Kind.REMARK: N_("a spoken remark, recorded"),
    Kind.DIGITS: N_("digits, such as a meter's reading"),
    Kind.END: N_("the end: it is said, and the call is over"),
}
MEANINGS: Mapping[Meaning, str] = {
    Meaning.PERSON: N_("it is the applicant"),
    Meaning.NOT_THEM: N_("it is somebody else"),
    Meaning.DONE: N_("it is done: the appeal is closed"),
    Meaning.NOT_DONE: N_("it is not done: back to the executor"),
    Meaning.PARTLY: N_("it is done in part: back to the executor"),
    Meaning.DISPATCHER: N_("a dispatcher"),
}
FLAWS: Mapping[Flaw, str] = {
    Flaw.EMPTY: N_("There is no question: add one."),
    Flaw.SAME_NAME: N_("Give the question a name of its own."),
    Flaw.NO_UKRAINIAN: N_("Write what is said in Ukrainian."),
    Flaw.NO_ENGLISH: N_("Write what is said in English."),
    Flaw.TOO_LONG: N_("Nobody listens to that much: write no more than 600 characters."),
    Flaw.UNKNOWN_BLANK: N_("In braces only {number} and {about} can stand."),
    Flaw.NO_KEYS: N_("Give it at least one key."),
    Flaw.WRONG_KEY: N_("Write one key of a telephone: 0 to 9, * or #; for a rating 1 to 5."),
    Flaw.SAME_KEY: N_("One key leads to two places: leave one of them."),
    Flaw.NO_WAY_ON: N_("Say which question comes next."),
    Flaw.NO_SUCH_QUESTION: N_("It leads to a question that is not there: choose another."),
    Flaw.DIGITS_ASKED: N_("Say how many digits there may be, from 1 to 20."),
    Flaw.DEAD_END: N_("From here nobody comes to an end: lead it on to a question of the kind “the end”."),
    Flaw.NEVER_ASKED: N_("Nothing leads to this question: lead a key to it, or remove it."),
    Flaw.NO_WORD: N_("There must be a key by which it is done, and one by which it is not."),
    Flaw.NO_STRANGER: N_("There must be a key for somebody who is not the applicant."),
    Flaw.NO_DISPATCHER: N_("There must be a key that leads to a dispatcher."),
}
