"""Words of a city's own data: the kinds of documents, and sentences for what is wrong with one."""

from collections.abc import Callable, Mapping

from cti_server.frame.language import N_
from hotline.city_data.differences import Way
from hotline.documents.document import DocumentKind
from hotline.documents.faults import DocumentFault, Flaw

KINDS: Mapping[DocumentKind, str] = {
    DocumentKind.CLASSIFIER: N_("Classifier of appeals"),
    DocumentKind.BENEFITS: N_("Categories of applicants"),
    DocumentKind.PAPERWORK: N_("Paperwork"),
    DocumentKind.DAYS_OFF: N_("Holidays"),
    DocumentKind.PAUSES: N_("Reasons for pauses"),
    DocumentKind.SCORE_FORM: N_("Assessing of talks"),
    DocumentKind.SHIFTS: N_("Shifts and rest"),
    DocumentKind.DIRECTORY: N_("Directory"),
    DocumentKind.POWER_QUEUES: N_("Queues of power"),
    DocumentKind.AIR_RAID: N_("Air-raid alerts"),
    DocumentKind.STATE_CLASSIFIER: N_("The state's classifier"),
    DocumentKind.CITY: N_("Name of the city"),
}
ABOUT: Mapping[DocumentKind, str] = {
    DocumentKind.CLASSIFIER: N_(
        "What citizens appeal about: categories with their urgency, term and section; what is asked of each, "
        "what to say, and ready answers."
    ),
    DocumentKind.BENEFITS: N_("Whom the law gives benefits, and whose appeals go before others."),
    DocumentKind.PAPERWORK: N_("Names on papers, and how appeals are indexed."),
    DocumentKind.DAYS_OFF: N_("Days on which nobody works, and whether martial law suspends them."),
    DocumentKind.PAUSES: N_("For which reasons dispatchers take a break."),
    DocumentKind.SCORE_FORM: N_(
        "By which questions the talks of dispatchers are assessed, which talks, and how long a score may be "
        "disputed."
    ),
    DocumentKind.SHIFTS: N_(
        "Which shifts the roster offers, how long one may be, and how many hours of rest lie between two."
    ),
    DocumentKind.DIRECTORY: N_(
        "Bodies of power, services and institutions: telephones, hours, people, and who stands in for whom."
    ),
    DocumentKind.POWER_QUEUES: N_(
        "By which queue the power of each house is cut, and whom one asks about one's own account."
    ),
    DocumentKind.AIR_RAID: N_(
        "Whose alerts are the city's, what residents are told meanwhile, and what changes in the centre."
    ),
    DocumentKind.STATE_CLASSIFIER: N_(
        "Which codes of the Cabinet's classifier (resolution 858) the file for 1545 gives an appeal."
    ),
    DocumentKind.CITY: N_("The name that greetings, calls, letters and pages say."),
}
WAYS: Mapping[Way, str] = {
    Way.ADDED: N_("comes"),
    Way.REMOVED: N_("goes"),
    Way.CHANGED: N_("changes"),
}
"""How a row of a later version differs."""
WEEKDAYS = (
    *(N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday")),
    N_("Sunday"),
)
FLAWS: Mapping[Flaw, str] = {
    Flaw.NOT_TOML: N_("This cannot be read as TOML: %(why)s."),
    Flaw.TOO_LARGE: N_("This is too large: there may be %(most)s at most."),
    Flaw.UNKNOWN_KEY: N_("There is no field “%(name)s” here: remove it, or correct its name."),
    Flaw.MISSING: N_("This must be filled in."),
    Flaw.WRONG_TYPE: N_("Something else has to stand here: %(expected)s."),
    Flaw.TOO_LONG: N_("This is too long: write %(most)s characters at most."),
    Flaw.NO_NUMBER: N_("“%(value)s” does not fit: write a whole number from %(least)s to %(most)s."),
    Flaw.NOT_PRINTABLE: N_("Write one line, without characters that cannot be shown."),
    Flaw.WRONG_CODE: N_("A code has small Latin letters, digits, points and hyphens: “%(value)s” is none."),
    Flaw.DOUBLED: N_("“%(value)s” stands here twice: each stands once."),
    Flaw.UNKNOWN_CHOICE: N_("“%(value)s” cannot be chosen. There are: %(choices)s."),
    Flaw.NO_TERM: N_("“%(value)s” is no term: write such as 15 days, 24 hours or 1 months."),
    Flaw.TERM_TOO_LONG: N_("“%(value)s” is no term within the law: from 1 minute to 45 days."),
    Flaw.NO_CLOCK: N_("The time to acknowledge is in minutes or hours; “%(value)s” is not."),
    Flaw.UNKNOWN_SECTION: N_("There is no section “%(value)s”: add it, or choose another."),
    Flaw.UNKNOWN_CATEGORY: N_("There is no category “%(value)s”: add it, or choose another."),
    Flaw.NOT_AN_EMERGENCY: N_("The category “%(value)s” stands for emergencies: its urgency is “emergency”."),
    Flaw.NO_PLACE: N_(
        "“%(value)s” is no street with houses: write such as Київський квартал, 1–9, or the street alone."
    ),
    Flaw.NO_HOUR: N_("“%(value)s” is no hour of the day: write such as 08:00."),
    Flaw.UNKNOWN_BODY: N_("There is no body “%(value)s”: add it, or choose another."),
    Flaw.UNKNOWN_OFFICIAL: N_("“%(value)s” cannot stand in: choose another person of this directory."),
    Flaw.NO_TELEPHONE: N_(
        "“%(value)s” is no telephone number: write it whole, with the code of the town, or a short one "
        "of three or four digits."
    ),
    Flaw.NO_MAIL_ADDRESS: N_("“%(value)s” is no e-mail address."),
    Flaw.NO_SITE: N_("“%(value)s” is no address of a web page: it begins with https://."),
    Flaw.NO_HOURS: N_(
        "“%(value)s” are no hours: write such as “пн-чт 8:00-17:00, пт 8:00-15:45, обід 12:00-12:45”, or "
        "“цілодобово”."
    ),
    Flaw.NO_DAY: N_("“%(value)s” is no day between 1991 and 2100: write such as 2026-08-24."),
    Flaw.ENDS_BEFORE: N_("The last day is before the first."),
    Flaw.WRONG_PATTERN: N_(
        "By “%(value)s” no index can be written: in braces stands one of letter, running, number, year, yy."
    ),
    Flaw.NOT_COUNTED: N_(
        "By “%(value)s” all appeals have the same index: put {running} or {number} into it."
    ),
    Flaw.SAME_INDEX: N_(
        "The series “%(series)s” has counted by “%(value)s”: in another one the same indices would be given "
        "once more. Leave that series, or change the pattern."
    ),
    Flaw.NO_RULE: N_("Appeals of the kind “%(value)s” have no index: add it to a rule."),
    Flaw.NOT_PAIRED: N_("Here are %(value)s options, and in Ukrainian there are %(other)s: write as many."),
    Flaw.NO_OPTIONS: N_("Only a question of the kind “choice” has options: remove them, or change the kind."),
    Flaw.HAS_COMMA: N_(
        "“%(value)s” has a comma or semicolon, by which options are divided: write it without them."
    ),
    Flaw.WRONG_BLANK: N_("“%(value)s” cannot be filled in. In braces there may be: %(known)s."),
    Flaw.NOTHING_CHOSEN: N_("No reason is offered: at least one has to be."),
    Flaw.MUST_STAY: N_(
        "“%(value)s” was in force and what is kept names it: it cannot be removed, only changed."
    ),
}
FILE_REFUSALS = (
    N_("None of the sheets is a table of this document: take the downloaded file as a pattern. The sheets:"),
    N_("Two sheets are the same table: leave one of them. The sheets:"),
    N_("A table has more than 2,000 rows: it is not one of this document. The sheet:"),
    N_("These headings are not known here: take them out. The headings:"),
)
"""Why a file cannot be taken, as `hotline.intake.documents` says it, besides what imports say as well."""
EXPECTED = (
    N_("a text"),
    N_("true or false"),
    N_("a number"),
    N_("a list of texts"),
    N_("a day such as 2026-08-24"),
    N_("a table"),
    N_("a table of rows"),
)
"""Values of Flaw.WRONG_TYPE."""


def sentence(fault: DocumentFault, translate: Callable[[str], str]) -> str:
    """Say what is wrong, in the language into which `translate` translates."""
    values = dict(fault.values)
    if "expected" in values:
        values["expected"] = translate(str(values["expected"]))
    return translate(FLAWS[fault.flaw]) % values
