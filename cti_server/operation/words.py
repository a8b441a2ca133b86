"""Words of the page of operation: roles of processes, work beside calls, truths of the line."""

from collections.abc import Mapping

from cti_server.frame.language import N_
from hotline.line.invariant_words import SENTENCES_UK
from hotline.line.invariants import SENTENCES

ROLES: Mapping[str, str] = {
    "web": N_("pages and interfaces"),
    "telephony": N_("telephone and line"),
    "scheduler": N_("terms, reminders and messages"),
    "media": N_("recordings of talks"),
}
WORK: Mapping[str, str] = {
    "escalation": N_("reminders and escalation"),
    "journal": N_("calls written into the database"),
    "database_log": N_("SQLite’s log worked off into the database"),
    "city_data": N_("the city's documents in force"),
    "recordings_key": N_("the key of recordings"),
    "recordings_store": N_("the store of recordings elsewhere"),
}
NO_DUTY = N_("the number is not written down, see /neighbours")
"""In place of the telephone of another city's duty."""


def truths(language: str) -> Mapping[str, str]:
    """Give the sentence of each invariant by its name."""
    sentences = SENTENCES_UK if language == "uk" else SENTENCES
    return {truth.value: sentence for truth, sentence in sentences.items()}
