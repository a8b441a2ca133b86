"""Tabs of an enterprise's appeals, and the list's query in the address of its page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yarl import URL

from cti_server.frame.language import N_
from cti_server.frame.views import KeptList
from hotline.access.permissions import Permission
from hotline.appeals.appeal import ENDED, PENDING, AppealState
from hotline.appeals.handling import Tally

PATH = "/enterprise"
VIEWS = KeptList(name="enterprise", path=PATH, filters=("tab", "mine", "q"), see=Permission.WORK_ON_APPEALS)
_LONGEST = 200
_LAST_PAGE = 10_000
_LONGEST_QUERY = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One part of the list; `overdue` asks for ended terms besides."""

    name: str
    title: str
    states: Sequence[AppealState]
    overdue: bool = False

    def count(self, tally: Tally) -> int | None:
        """Give how many there are; None for those that have ended: nobody waits for that number."""
        if ENDED.issuperset(self.states):
            return None
        return tally.overdue if self.overdue else tally.of(*self.states)


_OWED = tuple(sorted(PENDING))
# The first one is shown where nothing else is asked for.
TABS = (
    Tab(name="", title=N_("To be done"), states=_OWED),
    Tab(name="new", title=N_("New ones"), states=(AppealState.ASSIGNED,)),
    Tab(name="overdue", title=N_("Overdue"), states=_OWED, overdue=True),
    Tab(name="work", title=N_("In work"), states=(AppealState.ACCEPTED, AppealState.IN_WORK)),
    Tab(name="disputed", title=N_("To be redone"), states=(AppealState.DISPUTED,)),
    Tab(name="checked", title=N_("With the checkers"), states=(AppealState.DONE, AppealState.BEING_CHECKED)),
    Tab(name="ended", title=N_("Ended"), states=tuple(sorted(ENDED))),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TabQuery:
    """The query of the list; pages count from 1."""

    tab: Tab
    mine: bool = False
    text: str = ""
    page: int = 1

    @property
    def kept(self) -> Mapping[str, str]:
        """Give the filters of the address, by their names there."""
        return {"tab": self.tab.name, "mine": "1" if self.mine else "", "q": self.text}

    def address(self, path: str = PATH, **changed: object) -> str:
        """Write the address of the same query with these changes."""
        now: Mapping[str, object] = {
            **self.kept,
            "page": self.page if self.page > 1 else "",
            **changed,
        }
        return str(URL(path).with_query({name: str(value) for name, value in now.items() if value}))


def asked(query: Mapping[str, str]) -> TabQuery:
    """Read the address; what cannot be read is not asked for."""
    page = query.get("page", "")
    readable = page.isascii() and page.isdigit() and 0 < int(page[:9]) <= _LAST_PAGE
    return TabQuery(
        tab=next((one for one in TABS if one.name == query.get("tab", "")), TABS[0]),
        mine=query.get("mine") == "1",
        text=query.get("q", "").strip()[:_LONGEST],
        page=int(page) if readable else 1,
    )


def asked_back(form: Mapping[str, object]) -> TabQuery:
    """Read where a form of the list came from: the address's own query, in the field `back`."""
    return asked(URL.build(path=PATH, query_string=str(form.get("back", ""))[:_LONGEST_QUERY]).query)
