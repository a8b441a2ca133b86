"""Settings of delivery that cannot work are told when the service starts, with the variable and the mend."""

from datetime import time
from pathlib import Path

import pytest

from hotline.errors import SettingsError
from service import environment
from service.delivery.mail import Security
from service.delivery.settings import DeliverySettings

MAIL = {"HOTLINE_SMTP_HOST": "mail.example", "HOTLINE_MAIL_FROM": "Контакт-центр <hotline@city.example>"}
GATEWAY = """
url = "https://gateway.example/messages"
[headers]
Authorization = "Bearer {secret}"
[fields]
to = "{to}"
text = "{text}"
"""


def read(tmp_path: Path, **given: str) -> DeliverySettings:
    return environment.read(DeliverySettings, {"HOTLINE_VAR": str(tmp_path), **given})


def test_without_settings_notices_become_files(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert (settings.mail, settings.sms) == (None, None)
    assert settings.quiet == (time(21), time(8))
    assert settings.address == ""


def test_a_mail_server_is_encrypted_unless_told_otherwise(tmp_path: Path) -> None:
    mail = read(tmp_path, **MAIL).mail
    assert mail is not None
    assert (mail.port, mail.security) == (587, Security.STARTTLS)
    assert mail.sender.addr_spec == "hotline@city.example"
    assert mail.sender.display_name == "Контакт-центр"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"HOTLINE_SMTP_SECURITY": "ssl"}, "give starttls, tls or none"),
        ({"HOTLINE_SMTP_SECURITY": "none", "HOTLINE_SMTP_USER": "u"}, "password would travel openly"),
        ({"HOTLINE_SMTP_USER": "u"}, "HOTLINE_SMTP_PASSWORD_FILE"),
        ({"HOTLINE_MAIL_FROM": ""}, "HOTLINE_MAIL_FROM"),
        ({"HOTLINE_MAIL_FROM": "a@b.example, c@d.example"}, "give one address"),
        ({"HOTLINE_MAIL_FROM": "hotline"}, "give one address"),
        ({"HOTLINE_MAIL_REPLY_TO": "nobody"}, "HOTLINE_MAIL_REPLY_TO"),
        ({"HOTLINE_SMTP_PORT": "70000"}, "HOTLINE_SMTP_PORT"),
        ({"HOTLINE_SMTP_CERTIFICATES": "/no/such/file"}, "there is no file"),
        ({"HOTLINE_SMS_PER_MINUTE": "0"}, "give 1 or more"),
        ({"HOTLINE_SMS_QUIET_HOURS": "night"}, "21:00-08:00"),
        ({"HOTLINE_PUBLIC_URL": "http://hotline.city.example"}, "https://hotline.city.example"),
        ({"HOTLINE_PUBLIC_URL": "hotline.city.example"}, "HOTLINE_PUBLIC_URL"),
        ({"HOTLINE_SMS_GATEWAY": "/no/such/file"}, "HOTLINE_SMS_GATEWAY"),
    ],
)
def test_what_cannot_work_is_told_with_the_mend(tmp_path: Path, given: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        read(tmp_path, **{**MAIL, **given})


def test_there_may_be_no_quiet_hours(tmp_path: Path) -> None:
    assert read(tmp_path, HOTLINE_SMS_QUIET_HOURS="").quiet is None


def gateway(tmp_path: Path, text: str, **given: str) -> DeliverySettings:
    file = tmp_path / "gateway.toml"
    file.write_text(text, "utf-8")
    return read(tmp_path, HOTLINE_SMS_GATEWAY=str(file), **given)


def test_a_gateway_is_described_in_a_file_and_its_secret_stands_in_another(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret\n", "utf-8")
    sms = gateway(tmp_path, GATEWAY, HOTLINE_SMS_SECRET_FILE=str(secret)).sms
    assert sms is not None
    assert sms.secret == "s3cret"
    assert (sms.plan.number, sms.plan.idempotent, sms.plan.ask) == ("digits", False, None)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GATEWAY.replace("https", "http"), "give an https:// address"),
        (GATEWAY.replace("{to}", "380"), "{to} stands nowhere"),
        (GATEWAY.replace("{text}", "{txt}"), "txt"),
        (GATEWAY + '[asks]\nurl = "x"', "nobody knows asks"),
        (GATEWAY + "[ask]\nurl = 'https://gateway.example/state'\nstate = 's'", "needs {key} or {id}"),
        (GATEWAY.replace("[headers]", 'body = "xml"\n[headers]'), '"json", "form" or "query"'),
        ("url = ", "cannot be used"),
    ],
)
def test_a_description_that_cannot_work_is_told(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        gateway(tmp_path, text, HOTLINE_SMS_SECRET="s")


def test_a_secret_that_the_description_speaks_of_has_to_be_given(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="HOTLINE_SMS_SECRET_FILE"):
        gateway(tmp_path, GATEWAY)


def test_reports_need_a_secret_that_cannot_be_guessed_and_a_description(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="too short"):
        gateway(tmp_path, GATEWAY, HOTLINE_SMS_SECRET="s", HOTLINE_SMS_REPORT_SECRET="short")
    with pytest.raises(SettingsError, match=r"needs a part \[report\]"):
        gateway(tmp_path, GATEWAY, HOTLINE_SMS_SECRET="s", HOTLINE_SMS_REPORT_SECRET="long-enough-by-now")
