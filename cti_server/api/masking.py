"""Masks for a token without personal data."""

from aiohttp import web

from cti_server.keys import TOKEN
from hotline.access.tokens import Token
from hotline.contact.numbers import masked


def sees_personal(request: web.Request) -> bool:
    return request[TOKEN].personal


def number_for(token: Token, number: str | None) -> str | None:
    """Give the number whole or masked; None stays None."""
    return number if token.personal or number is None else masked(number)


def text_for(token: Token, text: str) -> str | None:
    return text if token.personal else None
