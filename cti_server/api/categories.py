"""The classifier that appeals are registered by, so that another system can offer the same choice."""

from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta

from cti_server.api.appeal import SEES
from cti_server.api.operation import operation
from cti_server.api.paging import Page
from cti_server.frame.language import N_
from hotline.access.scopes import Scope
from hotline.city import classifier
from hotline.city.classifier import Urgency, Utility
from hotline.city.questions import Asks


class Option(msgspec.Struct, kw_only=True):
    """One of the answers among which a question lets choose."""

    uk: str
    en: str


class Question(msgspec.Struct, kw_only=True):
    """A question that is asked of a category."""

    code: str
    uk: str
    en: str
    asks: Asks
    options: list[Option]
    needed: Annotated[bool, Meta(description="Dispatchers have to ask it; a program may leave it out.")]


class Category(msgspec.Struct, kw_only=True):
    """One line of the classifier."""

    code: str
    uk: str
    en: str
    utility: Utility
    urgency: Annotated[Urgency, Meta(description="Of an appeal that names none.")]
    questions: list[Question]


class CategoryPage(Page, kw_only=True):
    """The whole present classifier; `next` is always null."""

    version: int
    items: list[Category]


@operation(
    "GET",
    "/categories",
    *SEES,
    scopes=(Scope.APPEALS_READ, Scope.APPEALS_REGISTER),
    summary=N_("List the categories of appeals"),
)
async def list_categories(request: web.Request) -> CategoryPage:
    """The classifier of the present version."""
    del request
    present = classifier.classifier()
    return CategoryPage(
        version=present.version,
        items=[
            Category(
                code=one.code,
                uk=one.uk,
                en=one.en,
                utility=one.utility,
                urgency=one.urgency,
                questions=[
                    msgspec.convert(of, Question, from_attributes=True)
                    for of in present.questions_of(one.code)
                ],
            )
            for one in present.categories.values()
        ],
    )
