"""Letters to a real mail server: encrypted, signed in, read back as written; each failure told apart."""

import ssl
import subprocess
from email.headerregistry import Address
from pathlib import Path
from typing import Any

import pytest

from hotline.contact.channel import Channel
from hotline.delivery.handing_over import NotTaken, Refused, Unclear
from hotline.delivery.notice_states import NoticeState
from service.delivery.mail import SmtpCarrier
from service.delivery.mail_server import MailServer, Security
from tests.cti_server.conftest import MovedClock
from tests.fakes.mail_server import Letters, mail_server
from tests.storage.enterprise import City

from .conftest import courier, message, the_only

MARIA = "maria@example.org"
SENDER = Address("Контакт-центр Славутича", addr_spec="hotline@city.example")


def to(letters: Letters, **settings: Any) -> SmtpCarrier:
    given = {"security": Security.NONE, "user": "", "password": "", "seconds": 2.0, **settings}
    return SmtpCarrier(MailServer(host="127.0.0.1", port=letters.port, sender=SENDER, **given))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 with its key, signed by itself."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(  # noqa: S603 - nothing in it is from outside
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
        ],
        check=True,
        capture_output=True,
    )
    return folder / "certificate.pem"


def encryption(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    return context


async def test_a_letter_arrives_as_it_was_written_and_says_that_a_machine_sent_it() -> None:
    async with mail_server() as letters:
        await to(letters).hand_over(message(MARIA, key="n17-65e5c2a0-0"))
    (letter,) = letters.whole
    assert letters.recipients == [MARIA]
    assert letter["Subject"] == "Звернення № 2600001"
    assert letter["From"].addresses[0].display_name == "Контакт-центр Славутича"
    assert letter["Message-ID"] == "<n17-65e5c2a0-0@city.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Content-Language"] == "uk"
    assert letter["Date"].datetime.tzinfo is not None
    assert letter.get_content_charset() == "utf-8"
    assert letter.get_content().replace("\r\n", "\n") == "Доброго дня! Ґанок, їжак.\n"


@pytest.mark.parametrize(
    "subject",
    [
        "ПРОСТРОЧЕНО: звернення № 2600002, термін був до 03.03.2026, 14:00",
        "АВАРІЯ! Звернення № 2600001 ще ніхто не прийняв: Сіверянський квартал, 12, корп. 3, кв. 148",
        "Appeal No. 2600001: the executor says that it is done",
    ],
)
async def test_a_long_subject_keeps_each_of_its_spaces(subject: str) -> None:
    async with mail_server() as letters:
        await to(letters).hand_over(message(MARIA, subject=subject))
    assert letters.whole[0]["Subject"] == subject


async def test_it_is_encrypted_and_signed_in_before_anything_is_said(certificate: Path) -> None:
    async with mail_server(tls=encryption(certificate), password="s3cret") as letters:
        carrier = to(
            letters,
            security=Security.STARTTLS,
            user="hotline",
            password="s3cret",
            certificates=certificate,
        )
        await carrier.hand_over(message(MARIA))
    assert letters.encrypted == [True]
    assert letters.users == ["hotline"]


async def test_a_server_that_shows_a_strangers_certificate_gets_nothing(certificate: Path) -> None:
    async with mail_server(tls=encryption(certificate)) as letters:
        with pytest.raises(NotTaken, match="CERTIFICATE_VERIFY_FAILED") as caught:
            await to(letters, security=Security.STARTTLS).hand_over(message(MARIA))
    assert caught.value.theirs
    assert letters.whole == []


async def test_a_server_that_cannot_encrypt_gets_nothing() -> None:
    async with mail_server() as letters:
        with pytest.raises(NotTaken, match="STARTTLS"):
            await to(letters, security=Security.STARTTLS).hand_over(message(MARIA))
    assert letters.whole == []


async def test_a_wrong_password_holds_all_letters_back(certificate: Path) -> None:
    async with mail_server(tls=encryption(certificate), password="s3cret") as letters:
        carrier = to(
            letters,
            security=Security.STARTTLS,
            user="hotline",
            password="no",
            certificates=certificate,
            seconds=15.0,
        )
        with pytest.raises(NotTaken, match="535") as caught:
            await carrier.hand_over(message(MARIA))
    assert caught.value.theirs


@pytest.mark.parametrize(
    ("where", "answer", "fails", "theirs"),
    [
        ("rcpt", "550 5.1.1 no such user", Refused, False),
        ("rcpt", "450 4.2.0 greylisted, try again", NotTaken, False),
        ("rcpt", "550 5.7.1 relaying denied", NotTaken, True),
        ("data", "554 5.6.0 looks like spam", Refused, False),
        ("data", "452 4.3.1 no space left", NotTaken, False),
    ],
)
async def test_what_the_server_says_decides_whether_it_is_tried_again(
    where: str, answer: str, fails: type[Exception], *, theirs: bool
) -> None:
    async with mail_server() as letters:
        getattr(letters, where)[MARIA] = answer
        with pytest.raises(fails, match=answer[:3]) as caught:
            await to(letters).hand_over(message(MARIA))
        assert getattr(caught.value, "theirs", False) == theirs
        await to(letters).hand_over(message("ivan@example.org"))  # another's letter goes
    assert letters.recipients == ["ivan@example.org"]


async def test_a_server_that_hangs_up_after_the_text_leaves_it_unclear() -> None:
    async with mail_server() as letters:
        letters.hangs_up_after = {MARIA}
        with pytest.raises(Unclear):
            await to(letters).hand_over(message(MARIA))
    assert letters.recipients == [MARIA]


async def test_a_server_that_is_away_has_nothing() -> None:
    async with mail_server() as letters:
        pass
    with pytest.raises(NotTaken) as caught:
        await to(letters).hand_over(message(MARIA))
    assert caught.value.theirs


@pytest.mark.parametrize("address", ["no address", "a@b@c", "maria@example.org\nBcc: all@example.org", ""])
async def test_what_is_no_address_never_leaves_the_house(address: str) -> None:
    async with mail_server() as letters:
        with pytest.raises(Refused):
            await to(letters).hand_over(message(address))
    assert letters.whole == []


async def test_a_line_end_in_the_subject_makes_no_header() -> None:
    async with mail_server() as letters:
        with pytest.raises(ValueError, match="line"):
            await to(letters).hand_over(message(MARIA, subject="x\r\nBcc: all@example.org"))
    assert letters.whole == []


async def test_the_outbox_goes_by_mail_and_what_is_unclear_is_never_sent_again(
    city: City, clock: MovedClock
) -> None:
    told = {"category": "water-none", "reply_by": Channel.EMAIL}
    maria = await city.enter(**told, reply_to=MARIA)
    ivan = await city.enter(**told, reply_to="ivan@example.org")
    async with mail_server() as letters:
        letters.hangs_up_after = {MARIA}
        for _ in range(3):
            one = courier(city.storage, clock, to(letters), Channel.EMAIL)
            while await one.round():
                pass
            clock.pass_(hours=1)
        assert sorted(letters.recipients) == ["ivan@example.org", MARIA]
    assert (await the_only(city.storage, maria.number, Channel.EMAIL)).state is NoticeState.UNSURE
    sent = await the_only(city.storage, ivan.number, Channel.EMAIL)
    assert (sent.state, sent.provider_id) == (NoticeState.SENT, "250 Kept")
    assert any(ivan.number in letter["Subject"] for letter in letters.whole)
