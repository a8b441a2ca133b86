"""Why an act was refused, in the reader's language: the rules' own sentences, marked for the catalogue."""

from collections.abc import Mapping
from gettext import NullTranslations

from cti_server.appeals.acts.reading import Misread
from cti_server.frame.language import N_
from hotline.appeals.acts.act import ActFault
from hotline.errors import HotlineError

OVERTAKEN = N_("Somebody else acted on it meanwhile: look at it again.")
NOT_NOW = N_("That is not possible in its present state.")
SENTENCES = (
    N_("Write a few words here: they stay in the history."),
    N_("Write no more than %(most)s characters."),
    N_("Say how the applicant's word came: the call, the letter."),
    N_("Confirmed more than %(days)s days ago: register a repeated appeal."),
    N_("Taken down more than %(hours)s hours ago: it stays."),
    N_("Taken back %(times)s times already: it stays."),
    N_("Choose how they are to be told."),
    N_("Write an e-mail address, such as name@ukr.net."),
    N_("Write the number of a mobile telephone, such as 067 123 45 67."),
    N_("The applicant has to be asked first; attempts that are left: %(left)s."),
    N_("Choose a day from %(first)s to %(last)s: the law allows no more."),
    N_("The law allows no more time than until %(last)s."),
    N_("The term has ended: more time could be given only before (art. 20)."),
    N_("No extension was asked for."),
    N_("Nothing was changed."),
    N_("It is reported done by now: only how they are told can be put right."),
    N_("No term lasts that long by law."),
    N_("Write what it is about."),
    N_("Choose one of the categories."),
    N_("A request for information has a kind and a category of its own: choose both."),
    N_("Choose another appeal."),
    N_("It is linked to none."),
    N_("It could be forwarded until %(day)s: now it is ours to answer."),
    N_("A report of a fault may be anonymous: somebody has to go there."),
    N_("Only a complaint can be late."),
    N_("Work on it has begun: it has to be answered on its merits."),
    N_("Choose a ground that the law has for this kind."),
    N_("The head refuses a request, with a ground of the law: ask the centre."),
    N_("Nothing was asked, or it is answered already."),
    N_("A file is not there any more: look which ones to name."),
    N_("It is known who it is from: it is not anonymous."),
    N_("Name the appeal that was resolved before: correct this one first."),
    N_("Hand back what is not yours, with a reason: the centre forwards it."),
    N_("%(name)s takes no appeals any more: choose another."),
    N_("There is no such executor: choose another."),
    N_("Choose somebody of the same enterprise."),
    N_("There is no appeal %(number)s."),
    N_("It is linked itself: choose %(number)s."),
    N_("The work on %(number)s is over: what is reported now is a new matter."),
    N_("Others are linked to this one: link them to the other first."),
    N_("Too long together with what is asked already: wait for the answer."),
    N_("Its sign says more already."),
)
"""The sentences with which `hotline/appeals/acts` and `storage/appeals` refuse an act, for the catalogue."""


def refusal(error: HotlineError, words: NullTranslations) -> str:
    """Say in the reader's words what the error says in English."""
    text = words.gettext(error.text) if error.text else ""
    return text % error.values if error.values else text


def refusals(error: Misread | ActFault, words: NullTranslations) -> Mapping[str, str]:
    """Say what is wrong with each field that has a fault."""
    faults = error.faults if isinstance(error, Misread) else {error.field: error}
    return {name: refusal(fault, words) for name, fault in faults.items()}
