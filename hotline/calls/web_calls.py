"""Calls by the browser: from which page of ours, as we know it ourselves, and how many there may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from hotline.calls.call import Scalar

FROM_BROWSER = "browser"
"""In the place of the caller's number, which they have none of (`CallRecord.shown`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebOrigin:
    """Where they pressed the button: our `page` by its path, and what it is about.

    `appeal` is the number of one that their page showed them, "" for none; `outage` the id of an outage.
    """

    page: str
    appeal: str = ""
    outage: int | None = None

    @property
    def detail(self) -> Mapping[str, Scalar]:
        """Write it as the detail of `Step.FROM_WEB`."""
        about: dict[str, Scalar] = {"page": self.page}
        if self.appeal:
            about["appeal"] = self.appeal
        if self.outage is not None:
            about["outage"] = self.outage
        return about


@dataclass(frozen=True, slots=True, kw_only=True)
class WebCallRules:
    """How many such calls may go on together, in all (0: none) and from one network, and for how long."""

    at_once: int = 10
    from_network: int = 3
    longest: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """The head has closed calls by the browser, for a reason; None of `by`: by an account that is gone."""

    at: datetime
    by: int | None
    reason: str


class WebCallClosings(Protocol):
    """When such calls were closed, by whom and why; what holds outlives a restart."""

    async def holding(self) -> Closing | None: ...

    async def close(self, closing: Closing) -> None:
        """Close them; while they are closed the first reason stays."""
        ...

    async def reopen(self, at: datetime, by: int) -> None: ...
