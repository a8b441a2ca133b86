"""The categories that a question, a step or a ready answer of the classifier is for."""

from collections.abc import Collection
from dataclasses import dataclass

from hotline.documents.faults import Flaw
from hotline.documents.reading import Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Categories, and sections with all of theirs; for every category where neither is named."""

    categories: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()

    def has(self, category: str, section: str) -> bool:
        """Tell whether it is for this category, which is counted in this section."""
        if not self.categories and not self.sections:
            return True
        return category in self.categories or section in self.sections


def read_scope(row: Fields, categories: Collection[str], sections: Collection[str]) -> Scope:
    """Read which it is for, by the codes that the document has."""
    named = row.texts("categories", needed=False)
    grouped = row.texts("sections", needed=False)
    for code in named:
        if code not in categories:
            row.note(Flaw.UNKNOWN_CATEGORY, "categories", value=code)
    for code in grouped:
        if code not in sections:
            row.note(Flaw.UNKNOWN_SECTION, "sections", value=code)
    return Scope(categories=frozenset(named), sections=frozenset(grouped))
