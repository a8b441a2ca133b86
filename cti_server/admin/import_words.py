"""The words of imports: registers, how far a file is, and why a file or a line is refused."""

from collections.abc import Mapping

from cti_server.frame.language import N_
from hotline.intake.import_states import Stage
from hotline.intake.imports import RegisterKind

KINDS: Mapping[str, str] = {
    RegisterKind.CITIZENS: N_("Citizens"),
    RegisterKind.ADDRESSES: N_("Addresses"),
    RegisterKind.EXECUTORS: N_("Enterprises"),
    RegisterKind.APPEALS: N_("Appeals"),
    RegisterKind.OUTAGES: N_("Outages"),
}
STAGES: Mapping[str, str] = {
    Stage.CHECKED: N_("Looked through, nothing has come in"),
    Stage.RUNNING: N_("Coming in"),
    Stage.DONE: N_("Done"),
    Stage.STOPPED: N_("Stopped"),
}
REASONS = (
    N_("This must be filled in."),
    N_("This is too long."),
    N_("This word is not known here: take one from the list of an exported file."),
    N_("This is no whole telephone number: write it as 0457900001 or +380457900001."),
    N_("There is no such category of applicants: take its number, such as 7.14, or its name."),
    N_("Write hours as 08:00-17:00."),
    N_("Write days of the week as 1-5 or 1,3,5: 1 is Monday."),
    N_("This is no e-mail address."),
    N_("Write a whole number."),
    N_("Write the date as 25.11.2026, with the time as 25.11.2026 14:30."),
    N_("A number has only digits, 12 at most."),
    N_("There is no such category: take its code or name from the classifier."),
    N_("In this state an appeal has an executor: name it, or write another state."),
    N_("The term ends before the appeal was received."),
    N_("An address or category of the applicant needs their name."),
    N_("There is no such street in the register of addresses: check the spelling."),
    N_("The first house has a higher number than the last."),
    N_("Write houses such as 1-15, 7а or 1-15 odd, with commas between them."),
    N_("The whole city and a street of it: leave one of them."),
    N_("It would end before it begins."),
    N_("It cannot have been entered, nor have ended, in the future."),
    N_("One that was taken back needs the moment of it in the column of the end."),
    N_("It may be one that is entered already: if it is another, enter it on the page."),
    N_("This is the name of another street in the register."),
    N_("There is no such executor: bring in the enterprises first, or mend the name."),
    N_("This executor takes no appeals any more: name another, or write another state."),
)
"""Why a line is refused."""
UNREADABLE = (
    N_("A heading stands twice: leave one of them."),
    N_("These headings are missing in the first line:"),
    N_("The file is larger than 64 MiB: divide it."),
    N_("This is an old Excel file (XLS): save it as XLSX or CSV."),
    N_("The file is empty."),
    N_("The file has more than 500,000 lines: divide it."),
    N_("This is no table: bring a CSV or XLSX file."),
    N_("A cell does not end: look for a quotation mark too many. The row in the file:"),
    N_("This file is damaged, or no Excel file: save it as XLSX once more."),
    N_(
        "Something stands far from the table: go there with Ctrl+End, delete those rows and columns,"
        " and save the file once more. It ends at:"
    ),
    N_(
        "This file takes more memory or time than a table of 500,000 lines needs:"
        " divide it, or save it as CSV."
    ),
    N_("The file is not there any more: bring it once more."),
    N_("The file is larger than 4 MiB: it is not one of this document."),
)
"""Why a file is refused."""
