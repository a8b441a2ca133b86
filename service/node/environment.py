"""How single settings are read from the environment; SettingsError names the variable and the mend."""

from collections.abc import Mapping
from pathlib import Path

from hotline.contact.mail_addresses import mail_address as written
from hotline.errors import SettingsError


def whole(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, str(default))
    if not text.isdigit():
        message = f"{name} is {text!r}: give a whole number, such as {default}."
        raise SettingsError(message)
    return int(text)


def port(environ: Mapping[str, str], name: str, default: int) -> int:
    port = whole(environ, name, default)
    if not 0 < port < 65536:  # noqa: PLR2004 - the range of TCP and UDP ports
        message = f"{name} is {port}: a port lies between 1 and 65535."
        raise SettingsError(message)
    return port


def mail_address(environ: Mapping[str, str], name: str) -> str:
    given = environ.get(name, "")
    address = written(given)
    if given and address is None:
        message = f"{name} is {given!r}: give an e-mail address."
        raise SettingsError(message)
    return address or ""


def secret(environ: Mapping[str, str], name: str, file: Path | None = None) -> str | None:
    if value := environ.get(name):
        return value
    named = environ.get(f"{name}_FILE")
    path = Path(named) if named else file
    if path is None or not path.is_file():
        return None
    return path.read_text(encoding="utf-8").strip()


def required_secret(environ: Mapping[str, str], name: str, file: Path) -> str:
    value = secret(environ, name, file)
    if not value:
        message = f"{name} is not set and {file} does not exist: run ./start --setup-only once."
        raise SettingsError(message)
    return value
