"""Words of surveys: states, outcomes of calls, and flaws of a form."""

from collections.abc import Mapping

from cti_server.frame.language import N_
from hotline.surveys.flaws import FormFlaw
from hotline.surveys.forms import Meaning, QuestionKind
from hotline.surveys.results import SurveyGroup

GROUPS: Mapping[SurveyGroup, str] = {
    SurveyGroup.CONFIRMED: N_("Confirmed"),
    SurveyGroup.RETURNED: N_("Returned for rework"),
    SurveyGroup.DISPATCHER: N_("Asked for a dispatcher"),
    SurveyGroup.UNREACHED: N_("Not reached"),
    SurveyGroup.ELSEWHERE: N_("Answered in another way"),
    SurveyGroup.WAITING: N_("Still to be called"),
}
KINDS: Mapping[QuestionKind, str] = {
    QuestionKind.KEYS: N_("an answer by a key"),
    QuestionKind.RATING: N_("a rating from 1 to 5"),
    QuestionKind.REMARK: N_("a spoken remark, recorded"),
    QuestionKind.DIGITS: N_("digits, such as a meter's reading"),
    QuestionKind.END: N_("the end: it is said, and the call is over"),
}
MEANINGS: Mapping[Meaning, str] = {
    Meaning.PERSON: N_("it is the applicant"),
    Meaning.NOT_THEM: N_("it is somebody else"),
    Meaning.DONE: N_("it is done: the appeal is closed"),
    Meaning.NOT_DONE: N_("it is not done: back to the executor"),
    Meaning.PARTLY: N_("it is done in part: back to the executor"),
    Meaning.DISPATCHER: N_("a dispatcher"),
}
FLAWS: Mapping[FormFlaw, str] = {
    FormFlaw.EMPTY: N_("There is no question: add one."),
    FormFlaw.SAME_NAME: N_("Give the question a name of its own."),
    FormFlaw.NO_UKRAINIAN: N_("Write what is said in Ukrainian."),
    FormFlaw.NO_ENGLISH: N_("Write what is said in English."),
    FormFlaw.TOO_LONG: N_("Nobody listens to that much: write no more than 600 characters."),
    FormFlaw.UNKNOWN_BLANK: N_("In braces only {number}, {about} and {city} can stand."),
    FormFlaw.NO_KEYS: N_("Give it at least one key."),
    FormFlaw.WRONG_KEY: N_("Write one key of a telephone: 0 to 9, * or #; for a rating 1 to 5."),
    FormFlaw.SAME_KEY: N_("One key leads to two places: leave one of them."),
    FormFlaw.NO_WAY_ON: N_("Say which question comes next."),
    FormFlaw.NO_SUCH_QUESTION: N_("It leads to a question that is not there: choose another."),
    FormFlaw.DIGITS_ASKED: N_("Say how many digits there may be, from 1 to 20."),
    FormFlaw.DEAD_END: N_(
        "From here nobody comes to an end: lead it on to a question of the kind “the end”."
    ),
    FormFlaw.NEVER_ASKED: N_("Nothing leads to this question: lead a key to it, or remove it."),
    FormFlaw.NO_WORD: N_("There must be a key by which it is done, and one by which it is not."),
    FormFlaw.NO_STRANGER: N_("There must be a key for somebody who is not the applicant."),
    FormFlaw.NO_DISPATCHER: N_("There must be a key that leads to a dispatcher."),
}
