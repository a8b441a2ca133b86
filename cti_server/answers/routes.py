"""Routes of the applicants' page."""

from aiohttp import web

from cti_server.answers import page
from cti_server.answers.sources import ANSWERS, AnswerSources
from hotline.delivery.answering import FOLLOW, PATH, TOKEN
from hotline.portal.follow_codes import DIGITS


def add_answers(app: web.Application, sources: AnswerSources) -> None:
    """Add the page of an appeal, by link or by number and code.

    Opening it changes nothing: those who look for viruses open links as well.
    """
    app[ANSWERS] = sources
    app.router.add_get(f"{PATH}/{{token:{TOKEN}}}", page.page)
    app.router.add_get(rf"{PATH}/{{token:{TOKEN}}}/photos/{{id:\d{{1,18}}}}", page.photo)
    app.router.add_post(f"{PATH}/{{token:{TOKEN}}}", page.answer)
    followed = rf"{FOLLOW}/{{number:\d{{1,18}}}}/{{code:\d{{{DIGITS}}}}}"
    app.router.add_get(followed, page.page)
    app.router.add_get(rf"{followed}/photos/{{id:\d{{1,18}}}}", page.photo)
    app.router.add_post(followed, page.answer)
