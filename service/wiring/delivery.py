"""Delivery put together from the settings: carriers, couriers, words, links for answers."""

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp

from cti_server.answers.sources import FREE_WRONG, AnswerSources
from cti_server.auth.rates import WrongTokens
from cti_server.delivery.receipts import Reports
from cti_server.delivery.sources import NoticeSources
from cti_server.outages.public.subscribing_sources import SubscriptionLinks
from hotline.appeals.word_codes import WordCodes
from hotline.clock import SystemClock
from hotline.contact.channel import Channel
from hotline.delivery.answering import FOLLOW, AnswerLinks
from hotline.delivery.handing_over import Carrier, Message, QuietHours, Word
from hotline.delivery.outbox import Notice
from hotline.delivery.recipient_links import RecipientLinks
from hotline.delivery.wording import House, Wording, ends_by_link, wants_code, wants_link
from hotline.outages.subscriptions import BY_LINK
from hotline.portal.follow_codes import FollowCodes
from service.delivery.courier import Books, Courier, CourierLimits
from service.delivery.delivery import Delivery
from service.delivery.files import FileCarrier
from service.delivery.gateway_plan import GatewayPlan, found_at
from service.delivery.http_gateway import HttpGateway
from service.delivery.mail import SmtpCarrier
from service.delivery.settings import SmsGateway
from service.neighbours.carrier import to_city
from service.open311.carrier import Open311Carrier, to_server
from service.open311.client import Open311Client
from service.open311.sealed_keys import sealed_endpoints
from service.settings.settings import Settings
from service.webhooks.carrier import document_of
from service.wiring.neighbours import neighbour_carrier
from service.wiring.reports import ReportFiles
from service.wiring.webhooks import TO_WEBHOOKS, webhook_carrier
from storage.store import Storage

_KEY_BYTES = 32


def wording(settings: Settings) -> Wording:
    address = applicants_address(settings)
    return Wording(House(number=settings.number, zone=settings.timezone, address=address))


def answer_links(settings: Settings) -> AnswerLinks:
    """Links are signed with the secret of the settings, or with one that is made once and kept."""
    delivery = settings.delivery
    key = delivery.answer_secret or _kept(settings.folders.secrets / "answers")
    return AnswerLinks(key=key.encode(), address=applicants_address(settings), within=delivery.answers_within)


def subscription_links(settings: Settings) -> SubscriptionLinks:
    """Signed with the same secret as applicants' links, each for its own purpose."""
    return SubscriptionLinks(key=answer_links(settings).key, address=public_address(settings))


def recipient_links(settings: Settings) -> RecipientLinks:
    """Signed with the same secret, for recipients who have no account."""
    return RecipientLinks(key=answer_links(settings).key, address=applicants_address(settings))


def applicants_address(settings: Settings) -> str:
    """Give the address of links in messages about appeals; the demo's lead to this machine, to be tried."""
    return public_address(settings) if settings.demo else settings.delivery.address


def public_address(settings: Settings) -> str:
    """Return the address of our pages from outside; without a setting, the one on this machine."""
    return settings.delivery.address or f"http://{settings.http_published}:{settings.http_port}"


@asynccontextmanager
async def carriers(settings: Settings) -> AsyncIterator[dict[Channel, Carrier]]:
    """Open the ways out of the house: where none is set, into files."""
    delivery = settings.delivery
    files = FileCarrier(settings.folders.outbox, settings.timezone)
    async with _session() as session:
        ways: dict[Channel, Carrier] = {Channel.EMAIL: files, Channel.SMS: files}
        if delivery.mail:
            ways[Channel.EMAIL] = SmtpCarrier(delivery.mail)
        if delivery.sms:
            ways[Channel.SMS] = gateway(delivery.sms, session)
        yield ways


def _session() -> aiohttp.ClientSession:
    # An idle connection may be gone when a message goes over it, and nobody knows what became of that.
    connector = aiohttp.TCPConnector(force_close=True)
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())


def open311_carrier(settings: Settings, storage: Storage, session: aiohttp.ClientSession) -> Open311Carrier:
    return Open311Carrier(
        client=Open311Client(session),
        executors=storage.executors,
        endpoints=sealed_endpoints(storage, settings.recordings.key_file),
        registry=storage.registry,
        citizens=storage.citizens,
        outbox=storage.outbox,
        zone=settings.timezone,
    )


def gateway(sms: SmsGateway, session: aiohttp.ClientSession) -> HttpGateway:
    return HttpGateway(sms.plan, session, sender=sms.sender, secret=sms.secret, only_to=sms.prefixes)


@asynccontextmanager
async def delivery(settings: Settings, storage: Storage) -> AsyncIterator[Delivery]:
    """Make the couriers of e-mail, short messages and webhooks; calls and pages are others' work."""
    words, answers, subscriptions = wording(settings), answer_links(settings), subscription_links(settings)
    codes, recipients = WordCodes(answers.key), recipient_links(settings)

    def write(notice: Notice) -> Message:
        link = link_of(notice, answers, subscriptions, recipients)
        follow = follow_link(notice, answers)
        return words.message(notice, link=link or follow, code=code_of(notice, codes), follow=follow)

    books = Books(outbox=storage.outbox, receipts=storage.receipts, clock=SystemClock())
    given, quiet = settings.delivery, quiet_hours(settings)
    files = ReportFiles(storage.papers, SystemClock(), settings.timezone)
    await storage.power_subscribers.drop_late(SystemClock().now())  # before the couriers see them
    async with (
        carriers(settings) as ways,
        _session() as session,
        webhook_carrier(settings, storage) as hooks,
    ):
        mails = CourierLimits(per_minute=given.mails_per_minute, at_once=2)
        messages = CourierLimits(per_minute=given.sms_per_minute)
        yield Delivery(
            [
                Courier(
                    Channel.EMAIL, ways[Channel.EMAIL], books, write, limits=mails, attach=files.attached_to
                ),
                Courier(Channel.NEIGHBOUR, neighbour_carrier(settings, storage, session), books, to_city),
                Courier(Channel.OPEN311, open311_carrier(settings, storage, session), books, to_server),
                Courier(Channel.SMS, ways[Channel.SMS], books, write, limits=messages, quiet=quiet),
                Courier(Channel.WEBHOOK, hooks, books, document_of, limits=TO_WEBHOOKS, hold=hooks.hold),
            ],
            alone=not storage.database.shared,
        )


def quiet_hours(settings: Settings) -> QuietHours | None:
    """Give the hours in which nobody is written to who can wait; None: there are none."""
    given = settings.delivery.quiet
    return given and QuietHours(since=given[0], until=given[1], zone=settings.timezone)


def link_of(
    notice: Notice, answers: AnswerLinks, subscriptions: SubscriptionLinks, recipients: RecipientLinks
) -> str:
    """Give the link that belongs into a notice; empty where none does."""
    if wants_link(notice):
        return answers.link(notice)
    if notice.about == BY_LINK:
        return subscriptions.confirm(notice)
    return subscriptions.stop(notice) if ends_by_link(notice) else recipients.link(notice)


def follow_link(notice: Notice, answers: AnswerLinks) -> str:
    """Give the link to the page of the applicant's own appeal; empty for others, and without pages."""
    registered_at = notice.facts.get("registered_at")
    if not (answers.address and registered_at and notice.to.startswith("applicant:")):
        return ""
    number = notice.to.removeprefix("applicant:")
    code = FollowCodes(answers.key).of(number, datetime.fromisoformat(registered_at))
    return f"{answers.address}{FOLLOW}/{number}/{code}"


def code_of(notice: Notice, codes: WordCodes) -> str:
    """Give the code by which the applicant answers in a call; empty where none belongs into the notice."""
    version = notice.facts.get("version")
    return codes.code(notice.number, version) if wants_code(notice) and version and notice.number else ""


def notice_sources(settings: Settings, storage: Storage) -> NoticeSources:
    return NoticeSources(outbox=storage.outbox, wording=wording(settings), clock=SystemClock())


def answer_sources(settings: Settings, storage: Storage) -> AnswerSources:
    return AnswerSources(
        links=answer_links(settings),
        outbox=storage.outbox,
        registry=storage.registry,
        handling=storage.handling,
        executors=storage.executors,
        clock=SystemClock(),
        number=settings.number,
        rules=settings.city,
        codes=FollowCodes(answer_links(settings).key),
        public_texts=storage.public_texts,
    )


def reports(settings: Settings, storage: Storage) -> Reports | None:
    """Make the receiver of the gateway's reports; None where the settings have no secret for it."""
    sms = settings.delivery.sms
    if sms is None or sms.plan.report is None or not sms.report_secret:
        return None
    plan = sms.plan

    def read(said: Any) -> Word | None:
        return _word(said, plan)

    return Reports(
        receipts=storage.receipts,
        secret=sms.report_secret,
        read=read,
        clock=SystemClock(),
        wrong=WrongTokens(FREE_WRONG),
    )


def _word(said: Any, plan: GatewayPlan) -> Word | None:
    if plan.report is None:
        return None
    name, state = found_at(said, plan.report.id), found_at(said, plan.report.state)
    if not name:
        return None
    return Word(known=plan.states.known(state), provider_id=name, said=state)


def _kept(file: Path) -> str:
    """Read the secret, made now if it is not there; of two who make it at once, one does."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text("utf-8").strip()
    with os.fdopen(made, "w", encoding="utf-8") as opened:
        opened.write(secrets.token_hex(_KEY_BYTES))
    return file.read_text("utf-8").strip()
