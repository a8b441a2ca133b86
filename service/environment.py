"""Settings declared as fields: the variable, what holds without it, what it is for, and how it is read.

`read` makes an object of them, `settings_of` tells them (`hotline settings`, docs/operations.md).
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from typing import Any, TypeVar

from hotline.access.networks import Networks
from hotline.contact.mail_addresses import mail_address as written
from hotline.errors import SettingsError

_KEY = "setting"
_GROUP = "group"
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A variable of the environment. `read` takes its name and text; raises SettingsError with the mend."""

    name: str
    default: str
    about: str
    usual: str = ""
    """What holds without it, where `default` says that badly."""
    read: Callable[[str, str], Any]
    secret: bool = False
    """Nobody is shown it; `NAME_FILE` may name a file that holds it."""
    kept: str = ""
    """Of a secret: its file in the folder of secrets, which `./start` or the service has made."""
    may_be_empty: bool = False
    """Of a secret: a file that is named may have nothing in it, which is none."""

    @property
    def otherwise(self) -> str:
        """What holds without it, for people."""
        return self.usual or self.default or "none"

    @property
    def variable(self) -> str:
        """The name under which it is given: of a secret the one that names its file."""
        return f"{self.name}_FILE" if self.secret else self.name

    def given(self, environ: Mapping[str, str]) -> bool:
        return self.name in environ or self.variable in environ

    def value(self, environ: Mapping[str, str]) -> Any:
        given = self._secret(environ) if self.secret else environ.get(self.name, self.default)
        return self.read(self.name, given)

    def _secret(self, environ: Mapping[str, str]) -> str:
        if value := environ.get(self.name):
            return value
        if named := environ.get(self.variable):
            return self._named(Path(named))
        made = Path(environ.get("HOTLINE_VAR", "var")).absolute() / "secrets" / self.kept
        return text_in(self.name, made) or "" if self.kept else ""

    def _named(self, file: Path) -> str:
        """Read the file that the environment names: without it something else than is meant would hold."""
        found = text_in(self.variable, file)
        if found is None:
            raise SettingsError(
                "%(name)s називає файл %(file)s, якого немає. Створіть його, виправте шлях або приберіть"
                " змінну.\n"
                "%(name)s names the file %(file)s, which is not there. Make it, mend the path, or take the"
                " variable away.",
                name=self.variable,
                file=file,
            )
        if not found and not self.may_be_empty:
            raise SettingsError(
                "%(name)s називає файл %(file)s, який порожній. Запишіть у нього значення або приберіть"
                " змінну.\n"
                "%(name)s names the file %(file)s, which is empty. Write the value into it, or take the"
                " variable away.",
                name=self.variable,
                file=file,
            )
        return found


def read(kind: type[T], environ: Mapping[str, str], secrets: Collection[str] | None = None) -> T:
    """Read a class of settings; raises SettingsError with the name of the variable and the mend.

    `secrets`: those that are needed; all others are empty, and their files not looked for. None: all are.
    """
    values = {}
    for one in _declared(kind):
        if _GROUP in one.metadata:
            values[one.name] = read(one.metadata[_GROUP], environ, secrets)
            continue
        setting: Setting = one.metadata[_KEY]
        needed = not setting.secret or secrets is None or setting.name in secrets
        values[one.name] = setting.value(environ) if needed else ""
    return kind(**values)


def settings_of(kind: type[Any]) -> Iterator[Setting]:
    """List the settings of a class and of its groups."""
    yield from own_settings_of(kind)
    for one in _declared(kind):
        if _GROUP in one.metadata:
            yield from settings_of(one.metadata[_GROUP])


def own_settings_of(kind: type[Any]) -> Iterator[Setting]:
    """List the settings of a class without its groups."""
    return (one.metadata[_KEY] for one in _declared(kind) if _KEY in one.metadata)


def group(kind: type[Any]) -> Any:
    """Declare settings within settings."""
    return field(metadata={_GROUP: kind})


def parsed(name: str, default: str, about: str, read: Callable[[str, str], Any], *, usual: str = "") -> Any:
    """Declare what `read` makes of a text."""
    setting = Setting(name=name, default=default, about=about, usual=usual, read=read)
    return field(metadata={_KEY: setting})


def text(name: str, default: str, about: str, *, usual: str = "") -> Any:
    return parsed(name, default, about, _as_given, usual=usual)


def yes(name: str, default: str, about: str) -> Any:
    """Declare a yes or no: 1 or 0."""
    return parsed(name, default, about, lambda _name, given: given == "1")


def one_of(choices: Sequence[str], name: str, default: str, about: str) -> Any:
    return parsed(name, default, about, partial(_one_of, choices))


def whole(
    name: str,
    default: int,
    about: str,
    *,
    least: int = 0,
    because: str = "",
    make: Callable[[int], Any] = int,
) -> Any:
    """Declare a whole number, and what is made of it; `because` says why no less than `least`."""
    return parsed(name, str(default), about, lambda *given: make(_whole(default, least, because, *given)))


def price(name: str, about: str) -> Any:
    """Declare a price in hryvnias; None where none is given."""
    return parsed(name, "", about, _price, usual="unknown")


def days(number: int) -> timedelta:
    return timedelta(days=number)


def megabytes(number: int) -> int:
    """Give bytes."""
    return number * 2**20


def port(name: str, default: int, about: str, *, usual: str = "") -> Any:
    """Declare a port; with the default 0 it may be left open."""
    return parsed(name, str(default), about, partial(_port, default), usual=usual)


def mail_address(name: str, about: str) -> Any:
    return parsed(name, "", about, _mail_address)


def secret(
    name: str,
    about: str,
    *,
    kept: str = "",
    usual: str = "",
    required: bool = False,
    may_be_empty: bool = False,
) -> Any:
    """Declare a text that nobody is shown; empty where it is given nowhere, unless it is `required`."""
    setting = Setting(
        name=name,
        default="",
        about=about,
        usual=usual or (f"made once, `secrets/{kept}`" if kept else ""),
        read=partial(_required, kept) if required else _as_given,
        secret=True,
        kept=kept,
        may_be_empty=may_be_empty,
    )
    return field(metadata={_KEY: setting}, repr=False)


def text_in(name: str, file: Path) -> str | None:
    """Read a file of settings; None: there is none. Raises SettingsError for one that cannot be read."""
    try:
        return file.read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            "%(name)s: файл %(file)s не читається (%(why)s). Перевірте, чи може користувач, від імені якого"
            " працює ця програма, читати його й заходити до тек над ним.\n"
            "%(name)s: the file %(file)s cannot be read (%(why)s). May the user of this program read it, and"
            " pass through the folders above it?",
            name=name,
            file=file,
            why=error.strerror if isinstance(error, OSError) else "UTF-8",
        ) from error


def _declared(kind: type[Any]) -> Iterator[Field[Any]]:
    return (one for one in fields(kind) if one.init)


def _as_given(_name: str, given: str) -> str:
    return given


def _one_of(choices: Sequence[str], name: str, given: str) -> str:
    if given not in choices:
        raise SettingsError(f"{name} is {given!r}: give {', '.join(choices[:-1])} or {choices[-1]}.")
    return given


def _whole(default: int, least: int, because: str, name: str, given: str) -> int:
    if not given.isdigit():
        raise SettingsError(f"{name} is {given!r}: give a whole number, such as {default}.")
    number = int(given)
    if number < least:
        raise SettingsError(f"{name} is {number}: give {least} or more{because and f', {because}'}.")
    return number


def _price(name: str, given: str) -> Decimal | None:
    if not given:
        return None
    try:
        read = Decimal(given.replace(",", "."))
    except InvalidOperation as error:
        raise SettingsError(f"{name} is {given!r}: give hryvnias, such as 0.85.") from error
    if not read.is_finite() or read < 0:
        raise SettingsError(f"{name} is {given!r}: give hryvnias, such as 0.85.")
    return read


def _port(default: int, name: str, given: str) -> int:
    number = _whole(default or 5060, 0, "", name, given)
    if number >= 65536 or (number == 0 and default):  # noqa: PLR2004 - the range of TCP and UDP ports
        raise SettingsError(f"{name} is {number}: a port lies between 1 and 65535.")
    return number


def _mail_address(name: str, given: str) -> str:
    address = written(given)
    if given and address is None:
        raise SettingsError(f"{name} is {given!r}: give an e-mail address.")
    return address or ""


def _required(kept: str, name: str, given: str) -> str:
    if not given:
        raise SettingsError(
            f"{name} is not set and secrets/{kept} does not exist: run ./start --setup-only once."
        )
    return given


def prefixes(name: str, given: str) -> tuple[str, ...]:
    """Read beginnings of numbers, by commas; raises SettingsError."""
    found = given.replace(",", " ").split()
    for prefix in found:
        if not (prefix.startswith("+") and prefix[1:].isdigit()):
            raise SettingsError(f"{name} holds {prefix!r}: give beginnings such as +380,+48.")
    return tuple(found)


def networks(name: str, given: str) -> Networks:
    """Read networks, by commas; raises SettingsError."""
    try:
        return tuple(ip_network(one) for one in given.replace(",", " ").split())
    except ValueError as error:
        raise SettingsError(f"{name}: {error}. Give networks such as 127.0.0.0/8,10.0.0.5.") from error
