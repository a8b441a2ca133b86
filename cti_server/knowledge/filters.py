"""The filters of the list of articles, as they stand in the address of the page."""

from collections.abc import Mapping, Sequence
from datetime import date

from aiohttp import web

from cti_server.frame.language import N_
from cti_server.frame.lists import Kept, Part
from cti_server.frame.views import KeptList
from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.knowledge.articles import Article, Standing

PATH = "/knowledge"
FILTERS = ("q", "part", "category")
MINE, REVIEW, EXPIRED, PUBLIC, WITHDRAWN, MISSING = (
    *("mine", "review", "expired"),
    *("public", "withdrawn", "missing"),
)
VIEWS = KeptList(name="knowledge", path=PATH, filters=FILTERS, see=Permission.SEE_KNOWLEDGE)
LABELS: Mapping[str, str] = {"q": N_("Words"), "part": N_("Part"), "category": N_("Category")}
_PARTS: Mapping[str, str] = {
    MINE: N_("Mine to review"),
    REVIEW: N_("To be reviewed"),
    EXPIRED: N_("Expired"),
    PUBLIC: N_("Public"),
    WITHDRAWN: N_("Out of use"),
    MISSING: N_("Without an answer"),
}
"""In the order of the page."""
_OF_WRITERS = frozenset({MINE, MISSING})
_LONGEST = 200


def kept_of(request: web.Request) -> Kept:
    return {name: request.query.get(name, "").strip()[:_LONGEST] for name in FILTERS}


def parts_of(user: User) -> Sequence[Part]:
    """Give the parts that the user may see."""
    writes = user.may(Permission.WRITE_KNOWLEDGE)
    return [
        Part(text=text, query={"part": name})
        for name, text in _PARTS.items()
        if writes or name not in _OF_WRITERS
    ]


def fits(article: Article, kept: Kept, user: User, today: date) -> bool:
    """Tell if an article is of the chosen part and category; without a part all but withdrawn ones are."""
    if kept["category"] and kept["category"] not in article.categories:
        return False
    standing = article.standing(today)
    return {
        MINE: article.owner_id == user.id and article.waits(today),
        REVIEW: standing is Standing.REVIEW_DUE,
        EXPIRED: standing is Standing.EXPIRED,
        PUBLIC: article.public and article.holds(today),
        WITHDRAWN: standing is Standing.WITHDRAWN,
    }.get(kept["part"], standing is not Standing.WITHDRAWN)
