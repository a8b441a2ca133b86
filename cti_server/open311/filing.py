"""A request is posted as a form, with a token of ours as its key: a resident reports by another program."""

import hashlib
import math
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from aiohttp import web

from cti_server.appeals.form.asked import OF_DETAIL, details, faults_of, not_asked
from cti_server.audit import Action, audit
from cti_server.auth.access import from_outside
from cti_server.auth.bearer import secret_of, token_by
from cti_server.auth.errors import TokenNeeded
from cti_server.auth.gate import read_form
from cti_server.frame.language import N_
from cti_server.keys import REPORTING
from cti_server.open311.asking import require_jurisdiction, text_in
from cti_server.open311.faults import KeyRefused, Malformed
from cti_server.open311.formats import answer
from cti_server.open311.services import service_of
from cti_server.open311.sources import OPEN311
from hotline.access.permissions import Permission
from hotline.access.scopes import Scope
from hotline.access.tokens import Token
from hotline.city.questions import Detail
from hotline.contact.channel import Channel
from hotline.contact.mail_addresses import mail_address
from hotline.contact.numbers import e164
from hotline.portal.report import (
    LONGEST_ADDRESS,
    LONGEST_NAME,
    LONGEST_TEXT,
    Contact,
    Point,
    ReportFault,
    ResidentReport,
    Source,
)

MOST_BYTES = 64 * 1024
SAME_WITHIN = timedelta(minutes=10)
"""A form that comes again word for word within this is the same request, sent twice."""
_ATTRIBUTE = re.compile(r"attribute\[([^\]]{1,100})\](?:\[\])?")
_LONGEST_URL = 500
_FORM = "application/x-www-form-urlencoded"


@from_outside
async def file(request: web.Request) -> web.Response:
    """Register the request, and give its id; raises Malformed, KeyRefused, NotKnown.

    Nothing that `media_url` names is fetched: it stands in the text, for a person to look at.
    """
    given = await form_of(request)
    token = await key_of(request, given, Permission.REGISTER_APPEALS)
    report = _report(request, given, token)
    try:
        accepted = await request.app[REPORTING].report(report)
    except ReportFault as error:
        raise Malformed(error.text, **error.values) from error
    number = accepted.appeal.number
    if not accepted.again:
        await audit(request, Action.ADD, f"appeal:{number}", "open311")
    filed = {"service_request_id": number, "service_notice": None, "account_id": None}
    return answer(request, "service_requests", [filed], 201)


async def form_of(request: web.Request) -> Mapping[str, str]:
    """Read the form as it was posted; raises Malformed for anything that is none."""
    if request.content_type != _FORM:
        raise Malformed(N_("Post it as application/x-www-form-urlencoded."))
    if (request.content_length or 0) > MOST_BYTES:
        raise web.HTTPRequestEntityTooLarge(MOST_BYTES, request.content_length or 0)
    posted = await read_form(request.clone(client_max_size=MOST_BYTES))
    given = {**request.query, **{name: str(value) for name, value in posted.items()}}
    require_jurisdiction(request, given)
    return given


async def key_of(request: web.Request, given: Mapping[str, str], *needed: Permission) -> Token:
    """Find the token whose secret the form, or the header, bears; raises KeyRefused.

    The address is not looked at: it stands in logs.
    """
    in_form = "" if "api_key" in request.query else given.get("api_key", "")
    try:
        token = await token_by(request, in_form or secret_of(request))
    except TokenNeeded as error:
        raise KeyRefused(N_("api_key is missing from the form, or opens nothing.")) from error
    if not any(map(token.may, needed)) or not token.opens(Scope.OPEN311):
        raise KeyRefused(N_("This api_key may not do that."))
    return token


def _report(request: web.Request, given: Mapping[str, str], token: Token) -> ResidentReport:
    if not given.get("service_code", "").strip():
        raise Malformed(N_("service_code was not provided."))
    sources, category = request.app[OPEN311], service_of(given["service_code"].strip()).code
    name = " ".join(
        filter(None, (text_in(given, part, LONGEST_NAME) for part in ("first_name", "last_name")))
    )
    return ResidentReport(
        key=_name_of(request, given, token, sources.clock.now()),
        source=Source.OPEN311,
        sender=f"token:{token.id}",
        category=category,
        address=text_in(given, "address_string", LONGEST_ADDRESS),
        point=_point(given),
        text=_text(given),
        contact=_contact(given),
        name=name[:LONGEST_NAME],
        consent=bool(name),
        details=_details(given, category, sources.clock.now(), sources.timezone),
    )


def _name_of(request: web.Request, given: Mapping[str, str], token: Token, now: datetime) -> str:
    """Name what was sent: by the sender's own key; or the same form twice in a while is one request."""
    if key := request.headers.get("Idempotency-Key", "").strip():
        return hashlib.sha256(msgspec.json.encode([token.id, "key", key])).hexdigest()
    sent = {name: value for name, value in given.items() if name != "api_key"}
    times = int(now.timestamp() // SAME_WITHIN.total_seconds())
    named = msgspec.json.encode([token.id, times, sent], order="sorted")
    return hashlib.sha256(named).hexdigest()


def _point(given: Mapping[str, str]) -> Point | None:
    latitude, longitude = (_degrees(given, name, most) for name, most in (("lat", 90), ("long", 180)))
    if latitude is None and longitude is None:
        return None
    if latitude is None or longitude is None:
        raise Malformed(N_("lat and long go together."))
    return Point(latitude, longitude)


def _degrees(given: Mapping[str, str], name: str, most: int) -> float | None:
    text = text_in(given, name, 40)
    if not text:
        return None
    try:
        degrees = float(text)
    except ValueError:
        degrees = math.nan
    if not abs(degrees) <= most:
        raise Malformed(N_("%(name)s is no coordinate by WGS 84, in degrees."), name=name)
    return degrees


def _text(given: Mapping[str, str]) -> str:
    said, media = text_in(given, "description", LONGEST_TEXT), text_in(given, "media_url", _LONGEST_URL)
    if media and not media.startswith(("http://", "https://")):
        raise Malformed(N_("media_url is an address of http or https."))
    return f"{said}\n{media}".strip()[:LONGEST_TEXT] if media else said


def _contact(given: Mapping[str, str]) -> Contact | None:
    """Read how the resident is reached; unconfirmed, as nobody has shown that it is theirs."""
    if phone := text_in(given, "phone", 40):
        number = e164(phone)
        if number is None:
            raise Malformed(N_("phone is no telephone number."))
        return Contact(channel=Channel.SMS, address=number)
    if email := text_in(given, "email", 320):
        address = mail_address(email)
        if address is None:
            raise Malformed(N_("email is no e-mail address."))
        return Contact(channel=Channel.EMAIL, address=address)
    return None


def _details(given: Mapping[str, str], category: str, now: datetime, zone: ZoneInfo) -> tuple[Detail, ...]:
    """Read the attributes as answers to the category's questions."""
    answers = {
        found[1]: _city_moment(value.strip(), zone)
        for name, value in given.items()
        if (found := _ATTRIBUTE.fullmatch(name)) and value.strip()
    }
    missing = not_asked(category, {f"{OF_DETAIL}{code}": text for code, text in answers.items()})
    for field in (*missing, *dict(faults_of(category, answers))):
        text = N_("attribute[%(code)s] is missing, or no answer to what is asked.")
        raise Malformed(text, code=field.removeprefix(OF_DETAIL)[:100])
    for code in answers:
        text_in(answers, code)
    return details(category, answers, now, zone)


def _city_moment(text: str, zone: ZoneInfo) -> str:
    """Write a moment of ISO 8601 as people of the city do; all else stays as it is."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment.astimezone(zone).strftime("%d.%m.%Y %H:%M") if moment.tzinfo else text
