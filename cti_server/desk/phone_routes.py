"""Routes of the softphone."""

from aiohttp import web

from cti_server.auth.rates import Rates
from cti_server.desk.open_phones import OPEN_PHONES
from cti_server.desk.sip_proxy import RATES, REGISTERS, sip
from cti_server.desk.softphone import SOFTPHONES, Softphones, open_phone, phone_page


def add_softphone(app: web.Application, softphones: Softphones) -> None:
    """Add `/sip`, and `/desk/phone` in both its uses."""
    app[SOFTPHONES] = softphones
    app[OPEN_PHONES] = softphones.open_phones
    app[RATES] = Rates(REGISTERS)
    app.on_shutdown.append(_end)
    app.router.add_get("/sip", sip)
    app.router.add_post("/desk/phone", open_phone)
    app.router.add_get("/desk/phone", phone_page)


async def _end(app: web.Application) -> None:
    app[OPEN_PHONES].ending = True
