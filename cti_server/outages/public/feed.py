"""The common data of all kinds of feeds."""

from dataclasses import dataclass
from datetime import datetime

from cti_server.frame.language import N_
from cti_server.outages.public.address_query import AddressOutages
from cti_server.outages.public.words import Words
from hotline.outages.bulletin import PublishedOutage, ToldOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """The data of a feed. `site` is the address of our pages, `itself` of this feed."""

    place: AddressOutages
    words: Words
    site: str
    itself: str
    number: str

    @property
    def title(self) -> str:
        said = self.words.say(N_("Outages in the city"))
        return f"{said}: {self.place.address.text}" if self.place.address else said

    def page(self, outage_id: int) -> str:
        return f"{self.site}/outages/{outage_id}"

    def order_page(self, order_id: int) -> str:
        return f"{self.site}/outages#order-{order_id}"

    @property
    def changed_at(self) -> datetime:
        """When somebody last did something with one of them; the present hour where there is none."""
        bulletin = self.place.bulletin
        return bulletin.changed_at or bulletin.drawn_at

    def order_story(self, order: ToldOrder) -> list[str]:
        """Tell all of it, a sentence or a fact at a time."""
        return [
            "; ".join(self.words.places(order.areas)),
            *order.text.splitlines(),
            self.words.ordered(order),
        ]

    def headline(self, told: PublishedOutage) -> str:
        """Name an outage and where it is, in one line that stays true."""
        return f"{self.words.title(told.outage)}. {'; '.join(self.words.where(told.outage))}"
