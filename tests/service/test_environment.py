"""Secrets in files: one that is named is there, can be read and holds something, or nothing begins."""

from pathlib import Path

import pytest

from hotline.errors import SettingsError
from service.command_line import main
from service.environment import Setting, settings_of
from service.settings.settings import Settings, read_settings

SECRETS = [one for one in settings_of(Settings) if one.secret]
GIVEN = {"HOTLINE_ARI_SECRET": "a", "HOTLINE_AMI_SECRET": "b"}
MAY_BE_EMPTY = {"HOTLINE_TRUNK_SECRET_FILE"}
"""Compose names it whether there is a line or not."""

every_secret = pytest.mark.parametrize("secret", SECRETS, ids=lambda one: one.name)


def _environ(var: Path, secret: Setting, file: Path) -> dict[str, str]:
    environ = {"HOTLINE_VAR": str(var), **GIVEN, secret.variable: str(file)}
    environ.pop(secret.name, None)
    return environ


@every_secret
def test_a_file_that_is_not_there_is_told_with_the_mend_in_both_languages(
    secret: Setting, tmp_path: Path
) -> None:
    """A hotline whose database's address was in a file not mounted began an empty SQLite."""
    with pytest.raises(SettingsError) as told:
        read_settings(_environ(tmp_path, secret, tmp_path / "typo"))
    ukrainian, english = str(told.value).splitlines()
    assert ukrainian.startswith(f"{secret.variable} називає файл {tmp_path}/typo, якого немає. Створіть його")
    assert english.startswith(
        f"{secret.variable} names the file {tmp_path}/typo, which is not there. Make it"
    )


@every_secret
def test_a_file_that_cannot_be_read_is_told(secret: Setting, tmp_path: Path) -> None:
    scrambled = tmp_path / "scrambled"
    scrambled.write_bytes(b"\xff\xfe")
    for file, why in ((tmp_path, "Is a directory"), (scrambled, "UTF-8")):
        with pytest.raises(SettingsError, match=rf"cannot be read \({why}\)") as told:
            read_settings(_environ(tmp_path, secret, file))
        assert str(told.value).startswith(f"{secret.variable}: файл {file} не читається")


@every_secret
def test_an_empty_file_is_a_secret_for_a_line_without_a_password_alone(
    secret: Setting, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.write_text("\n", encoding="utf-8")
    environ = _environ(tmp_path, secret, empty)
    if secret.variable in MAY_BE_EMPTY:
        read_settings(environ)
        return
    with pytest.raises(SettingsError, match=f"{secret.variable} names the file {empty}, which is empty"):
        read_settings(environ)


def test_what_a_program_does_not_need_is_not_looked_for(tmp_path: Path) -> None:
    needed = tmp_path / "needed"
    needed.write_text("postgres://edge:x@127.0.0.1/hotline\n", encoding="utf-8")
    environ = {one.variable: str(tmp_path / "closed") for one in SECRETS} | {"HOTLINE_VAR": str(tmp_path)}
    environ["HOTLINE_EDGE_DATABASE_URL_FILE"] = str(needed)
    settings = read_settings(environ, secrets=("HOTLINE_EDGE_DATABASE_URL",))
    assert settings.edge.database == "postgres://edge:x@127.0.0.1/hotline"
    assert (settings.asterisk.ari_secret, settings.database) == ("", "")


def test_a_program_that_sends_nothing_begins_where_a_mail_server_and_a_gateway_need_passwords(
    tmp_path: Path,
) -> None:
    """Asterisk and Kamailio read the same environment as the service, and none of these passwords."""
    environ = {
        **GIVEN,
        "HOTLINE_VAR": str(tmp_path),
        "HOTLINE_SMTP_HOST": "mail.city.example",
        "HOTLINE_SMTP_USER": "hotline",
        "HOTLINE_SMTP_PASSWORD": "one",
        "HOTLINE_MAIL_FROM": "hotline@city.example",
        "HOTLINE_SMS_GATEWAY": str(tmp_path / "closed-to-it.toml"),
        "HOTLINE_SMS_SECRET": "another",
    }
    for needed in (("HOTLINE_ARI_SECRET", "HOTLINE_AMI_SECRET"), ("HOTLINE_EDGE_DATABASE_URL",), ()):
        settings = read_settings(environ, secrets=needed)
        assert (settings.delivery.mail, settings.delivery.sms) == (None, None)


def test_a_command_says_it_and_ends_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    var = tmp_path / "var"
    for name, value in {**GIVEN, "HOTLINE_VAR": str(var)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("HOTLINE_DATABASE_URL", raising=False)
    monkeypatch.setenv("HOTLINE_DATABASE_URL_FILE", str(tmp_path / "database_url"))
    assert main(["migrate"]) == 1
    assert capsys.readouterr().err.startswith("hotline: HOTLINE_DATABASE_URL_FILE називає файл")
    assert not var.exists()


def test_a_secret_can_be_made_into_the_file_that_is_to_hold_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The shell makes the file before the command begins."""
    made = tmp_path / "database-secret"
    made.touch()
    monkeypatch.setenv("HOTLINE_DATABASE_SECRET_FILE", str(made))
    monkeypatch.setenv("HOTLINE_VAR", str(tmp_path))
    assert main(["database", "secret"]) == 0
    assert capsys.readouterr().out.strip()
