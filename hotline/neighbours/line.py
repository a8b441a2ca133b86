"""The line of a city whose telephone we answer, as a call is served by it."""

from collections.abc import Mapping
from dataclasses import dataclass

from hotline.calls.call import Scalar
from hotline.neighbours.agreement import Agreement
from hotline.neighbours.copy import CityCopy


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighbourLine:
    """An agreement, with the last copy of the city whose telephone we answer."""

    agreement: Agreement
    copy: CityCopy
    bare: bool = False
    """None of its copies can be read: nothing is claimed of what is off there."""

    @property
    def detail(self) -> Mapping[str, Scalar]:
        """Tell it in a call's journey."""
        return {"agreement": self.agreement.id, "name": self.copy.city.name}
