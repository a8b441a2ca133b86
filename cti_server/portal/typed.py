"""A report as it was typed so far: fields of the pages, and the faults found in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from hotline.city.classifier import classifier
from hotline.portal.report import LONGEST_ADDRESS, LONGEST_KEY, LONGEST_NAME, LONGEST_TEXT, SHORTEST_KEY

LONGEST_CONTACT = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The fields, cut at their longest; `faults` are in English, by field, to be translated."""

    category: str = ""
    address: str = ""
    text: str = ""
    contact: str = ""
    name: str = ""
    consent: bool = False
    publish: bool = False
    joins: str = ""
    key: str = ""
    shown: str = ""
    """The signed moment at which the form was shown."""
    trap: str = ""
    """A field that people do not see: only programs fill it in."""
    faults: Mapping[str, str] = field(default_factory=dict)
    photos_refused: Sequence[tuple[str, str]] = ()
    """Names of photos that were not taken, with the advice."""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Self:
        return cls(
            category=query.get("category", "")[:LONGEST_KEY],
            address=" ".join(query.get("address", "").split())[:LONGEST_ADDRESS],
            text=query.get("what", "").strip()[:LONGEST_TEXT],
        )

    @classmethod
    def from_form(cls, fields: Mapping[str, str]) -> Self:
        """Read the fields of the second page; what is too long is left as it is, to be refused."""

        def line(name: str, longest: int) -> str:
            return " ".join(fields.get(name, "").split())[: longest + 1]

        key = line("key", LONGEST_KEY)
        return cls(
            category=line("category", LONGEST_KEY),
            address=line("address", LONGEST_ADDRESS),
            text=fields.get("text", "").strip()[: LONGEST_TEXT + 1],
            contact=line("contact", LONGEST_CONTACT),
            name=line("name", LONGEST_NAME),
            consent=fields.get("consent") == "yes",
            publish=fields.get("publish") == "yes",
            joins=line("joins", LONGEST_KEY),
            key=key if SHORTEST_KEY <= len(key) <= LONGEST_KEY else "",
            shown=line("shown", LONGEST_KEY),
            trap=line("website", LONGEST_NAME),
        )

    @property
    def known_category(self) -> bool:
        known = classifier()
        return self.category in known.categories and self.category != known.information_request

    def about(self, category: str) -> Self:
        return replace(self, category=category)
