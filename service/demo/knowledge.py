"""The demo city's articles, read from `knowledge.toml`."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import msgspec

from hotline.calls.skills import Skill
from hotline.knowledge.articles import NOT_WRITTEN, Content, Wording
from storage.store import Storage


class _Article(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One article; `review` and `valid` are days from the day on which the city is made."""

    owner: str
    review: int
    uk: Wording
    en: Wording = NOT_WRITTEN
    valid: int | None = None
    said_as: str = ""
    topics: tuple[Skill, ...] = ()
    categories: tuple[str, ...] = ()
    public: bool = False
    spoken: bool = False


class _File(msgspec.Struct, forbid_unknown_fields=True):
    article: list[_Article]


def demo_articles() -> Sequence[_Article]:
    text = files("service.demo").joinpath("knowledge.toml").read_bytes()
    return msgspec.toml.decode(text, type=_File).article


async def add_demo_articles(storage: Storage, zone: ZoneInfo, now: datetime) -> None:
    """Add them; a database without the demo accounts has nobody who could answer for them."""
    logins = {one.login: one.id for one in await storage.users.all()}
    today = now.astimezone(zone).date()
    for one in demo_articles():
        if one.owner not in logins:
            continue
        content = Content(
            uk=one.uk,
            en=one.en,
            said_as=one.said_as,
            categories=one.categories,
            topics=one.topics,
            owner_id=logins[one.owner],
            valid_until=None if one.valid is None else today + timedelta(days=one.valid),
            review_on=today + timedelta(days=one.review),
            public=one.public,
            spoken=one.spoken,
        )
        await storage.articles.add(content, logins[one.owner], now)
