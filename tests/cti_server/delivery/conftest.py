"""The pages of notices on real storage: an appeal whose applicant is told by short message."""

from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from cti_server.answers.routes import add_answers
from cti_server.answers.sources import AnswerSources
from cti_server.appeals.card.routes import add_handling
from cti_server.appeals.files.routes import add_evidence
from cti_server.appeals.form.routes import add_appeals
from cti_server.application import application
from cti_server.auth.rates import WrongTokens
from cti_server.control.routes import add_control
from cti_server.delivery.receipts import Reports, add_reports
from cti_server.delivery.routes import add_notices
from cti_server.delivery.sources import NoticeSources
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from hotline.appeals.attachments import FileLimits
from hotline.city.city_rules import CityRules
from hotline.delivery.answering import AnswerLinks
from hotline.delivery.handing_over import Known, Word
from hotline.delivery.wording import House, Wording
from hotline.portal.follow_codes import FollowCodes
from storage.store import Storage
from tests.cti_server.appeals.conftest import appeal_sources, control_sources, handling_sources
from tests.cti_server.conftest import KYIV, MovedClock, SetBoard
from tests.cti_server.enterprise.conftest import evidence_sources
from tests.storage.enterprise import City, found

SECRET = "a-secret-of-the-gateway"
LINKS = AnswerLinks(key=b"key", address="https://hotline.example", within=timedelta(days=30))

FILES = FileLimits(most_bytes=2 * 2**20, most_files=12)


def notice_sources(storage: Storage, clock: MovedClock) -> NoticeSources:
    wording = Wording(House(number="1580", zone=KYIV, address="https://hotline.example"))
    return NoticeSources(outbox=storage.outbox, wording=wording, clock=clock)


def answer_sources(storage: Storage, clock: MovedClock) -> AnswerSources:
    return AnswerSources(
        links=LINKS,
        outbox=storage.outbox,
        registry=storage.registry,
        handling=storage.handling,
        executors=storage.executors,
        clock=clock,
        number="1580",
        rules=CityRules(timezone=KYIV),
        codes=FollowCodes(LINKS.key),
        public_texts=storage.public_texts,
    )


def sms_reports(storage: Storage, clock: MovedClock) -> Reports:
    known = {"ok": Known.DELIVERED, "lost": Known.FAILED}

    def read(said: dict[str, str]) -> Word | None:
        if not said.get("id"):
            return None
        state = said.get("state", "")
        return Word(known=known.get(state, Known.TAKEN), provider_id=said["id"], said=state)

    return Reports(receipts=storage.receipts, secret=SECRET, read=read, clock=clock, wrong=WrongTokens(10))


@pytest.fixture
def app(
    board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock, tmp_path: Path
) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_appeals(made, appeal_sources(storage, clock))
    add_handling(made, handling_sources(storage, clock))
    add_control(made, control_sources(storage, clock))
    add_notices(made, notice_sources(storage, clock))
    add_answers(made, answer_sources(storage, clock))
    add_evidence(made, evidence_sources(storage, clock, tmp_path / "evidence", FILES))
    add_reports(made, sms_reports(storage, clock))
    return made


@pytest.fixture
async def city(storage: Storage) -> City:
    return await found(storage)
