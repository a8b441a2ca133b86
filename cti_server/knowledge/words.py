"""Words of the pages of the knowledge base for what the code names."""

from collections.abc import Mapping

from cti_server.frame.language import N_
from cti_server.frame.words import SKILLS
from hotline.city.classifier import last_known
from hotline.knowledge.articles import Standing
from hotline.knowledge.missing_states import MissingState

STANDINGS: Mapping[str, str] = {
    Standing.HOLDS: N_("In use"),
    Standing.REVIEW_DUE: N_("To be reviewed"),
    Standing.EXPIRED: N_("Expired"),
    Standing.WITHDRAWN: N_("Out of use"),
}
MARKS_OF: Mapping[str, str] = {
    Standing.HOLDS: "done",
    Standing.REVIEW_DUE: "hold",
    Standing.EXPIRED: "emergency",
    Standing.WITHDRAWN: "closed",
}
MISSING_STATES: Mapping[str, str] = {
    MissingState.OPEN: N_("No answer yet"),
    MissingState.ANSWERED: N_("There is an answer"),
    MissingState.DISMISSED: N_("Not for the knowledge base"),
}
FIELDS: Mapping[str, str] = {
    "uk.question": N_("Question, in Ukrainian"),
    "uk.answer": N_("Answer, in Ukrainian"),
    "uk.steps": N_("Steps, in Ukrainian"),
    "en.question": N_("Question, in English"),
    "en.answer": N_("Answer, in English"),
    "en.steps": N_("Steps, in English"),
    "said_as": N_("Other words by which people ask"),
    "categories": N_("Categories of appeals"),
    "topics": N_("Topics that callers choose by key"),
    "owner_id": N_("Who answers for it"),
    "valid_until": N_("Valid up to"),
    "review_on": N_("Review by"),
    "public": N_("Public: residents read it on the page of questions"),
    "spoken": N_("Callers hear it in the menu"),
    "withdrawn": N_("Out of use"),
}


def category_name(code: str, language: str) -> str:
    """Give the name of a category, also of one that the classifier has no more."""
    found = last_known(code)
    return found.name(language) if found else code


CONTEXT: Mapping[str, object] = {
    "STANDINGS": STANDINGS,
    "MARKS_OF": MARKS_OF,
    "MISSING_STATES": MISSING_STATES,
    "FIELDS": FIELDS,
    "SKILLS": SKILLS,
    "category_name": category_name,
}
"""What all templates of the knowledge base have."""
