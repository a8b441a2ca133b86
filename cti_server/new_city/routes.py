"""Routes of the set-up of a new city."""

from aiohttp import web

from cti_server.new_city import city, first_call, number, people, steps, terms, voice
from cti_server.new_city.door import DOOR, NEW_CITY, PATH, SetupAccess, enter, nothing_before
from cti_server.new_city.registers import add_registers
from cti_server.new_city.sources import NewCitySources


def add_new_city(app: web.Application, sources: NewCitySources, *, open_now: bool) -> None:
    """Add its pages; where it is not to be done they are not found, and other requests are not looked at."""
    app[NEW_CITY] = sources
    app[DOOR] = SetupAccess(open_now=open_now)
    if open_now:
        app.middlewares.insert(1, nothing_before)
    app.router.add_get(PATH, steps.page)
    app.router.add_post(PATH, enter)
    app.router.add_post(f"{PATH}/finish", steps.finish)
    app.router.add_get(f"{PATH}/city", city.page)
    app.router.add_post(f"{PATH}/city", city.save)
    app.router.add_get(f"{PATH}/number", number.page)
    app.router.add_post(f"{PATH}/number", number.save)
    app.router.add_post(f"{PATH}/anew", number.anew)
    add_registers(app)
    app.router.add_get(f"{PATH}/holidays", terms.holidays_page)
    app.router.add_post(f"{PATH}/holidays", terms.keep_holidays)
    app.router.add_get(f"{PATH}/rules", terms.rules_page)
    app.router.add_post(f"{PATH}/rules", terms.keep_rules)
    app.router.add_get(f"{PATH}/people", people.page)
    app.router.add_post(f"{PATH}/people", people.add)
    app.router.add_post(f"{PATH}/people/password", people.renew)
    app.router.add_get(f"{PATH}/voice", voice.page)
    app.router.add_post(f"{PATH}/voice", voice.act)
    app.router.add_get(f"{PATH}/voice/progress", voice.progress)
    app.router.add_get(f"{PATH}/voice/" + r"{language:[a-z]{2}}.wav", voice.greeting)
    app.router.add_get(f"{PATH}/trial", first_call.page)
    app.router.add_post(f"{PATH}/trial", first_call.call)
    app.router.add_get(f"{PATH}/trial/progress", first_call.progress)
