"""The language in which a program's reader wants to read: of those we have, the one they prefer."""

from aiohttp import hdrs, web

from cti_server.frame.language import DEFAULT, LANGUAGES


def asked_language(request: web.Request) -> str:
    """Read `Accept-Language` (RFC 9110, 12.5.4); Ukrainian when none of ours is named."""
    wanted = {DEFAULT: 0.0}
    for part in request.headers.get(hdrs.ACCEPT_LANGUAGE, "").split(","):
        tag, _, weight = part.partition(";")
        language = tag.strip().lower().partition("-")[0]
        if language in LANGUAGES:
            wanted[language] = max(_weight(weight), wanted.get(language, 0.0))
    return max(wanted, key=lambda one: wanted[one])


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0
