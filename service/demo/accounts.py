"""Accounts for the pages: how they are wired, and the demo accounts, which never leave this machine."""

import ipaddress
import logging
import os
from collections.abc import Mapping
from pathlib import Path

from argon2 import PasswordHasher

from cti_server.auth.passwords import Passwords, new_password
from cti_server.keys import Accounts
from hotline.access.bodies import Body
from hotline.access.permissions import Role
from hotline.clock import SystemClock
from hotline.dialling.calling_out import EMERGENCY
from hotline.errors import SettingsError
from service.demo.executors import HEAT, HOUSING
from service.settings.settings import Settings
from storage.store import Storage

log = logging.getLogger(__name__)

DEMO_ACCOUNTS = (
    ("olena", "Олена (демо)", Role.DISPATCHER, "201"),
    ("taras", "Тарас (демо)", Role.DISPATCHER, "202"),
    ("nachalnyk", "Начальник центру (демо)", Role.HEAD, ""),
    ("mer", "Мер (демо)", Role.OBSERVER, ""),
    ("admin", "Адміністратор (демо)", Role.ADMINISTRATOR, ""),
    ("teplo", "Майстер тепломереж (демо)", Role.EXECUTOR, HEAT),
    ("teplo2", "Слюсар тепломереж (демо)", Role.EXECUTOR, HEAT),
    ("uzhkg", "Диспетчер УЖКГ (демо)", Role.EXECUTOR, HOUSING),
)
"""Login, name, role, and what the account is bound to: a desk's extension or an enterprise's short name."""
DEMO_FILE = "demo-accounts"


def accounts(storage: Storage, hasher: PasswordHasher | None = None) -> Accounts:
    """Wire what the pages need of the storage."""
    return Accounts(
        users=storage.users,
        acting_heads=storage.acting_heads,
        sessions=storage.sessions,
        attempts=storage.sign_in_attempts,
        audit=storage.audit,
        views=storage.views,
        dispatchers=storage.dispatchers,
        passwords=Passwords(hasher),
        clock=SystemClock(),
    )


async def add_demo_accounts(storage: Storage, folder: Path, passwords: Passwords) -> None:
    """Open the demo accounts in a database without users; passwords go to a file only its owner reads."""
    if await storage.users.all():
        return
    made = {login: new_password() for login, *_ in DEMO_ACCOUNTS}
    _write(folder / DEMO_FILE, made)
    enterprises = {one.short: one.id for one in await storage.executors.all()}
    for login, name, role, bound in DEMO_ACCOUNTS:
        desk = await storage.dispatchers.by_extension(bound) if bound else None
        await storage.users.add(
            login=login,
            name=name,
            role=role,
            password_hash=await passwords.hash(made[login]),
            dispatcher_id=desk.id if desk else None,
            executor_id=enterprises.get(bound),
            body=Body.MAYOR if role is Role.OBSERVER else None,
            demo=True,
        )


async def require_no_demo_accounts(settings: Settings, storage: Storage) -> None:
    """Raise SettingsError when strangers could reach accounts whose passwords are in a file."""
    logins = await storage.users.demo_accounts()
    if logins and not _loopback(settings.http_published):
        raise SettingsError(
            f"The pages listen on {settings.http_published} (HOTLINE_HTTP_HOST), but the demo accounts "
            f"{', '.join(logins)} are open: give each its own password with `hotline user password LOGIN` "
            "(or close it with `hotline user close LOGIN`), or listen on 127.0.0.1."
        )


async def warn_of_service_extensions(storage: Storage) -> None:
    """Name dispatchers from before an extension could not be an emergency service's number."""
    for one in await storage.dispatchers.all():
        if one.extension in EMERGENCY:
            log.warning(
                "extension %s is an emergency service's number, colleagues cannot dial it: "
                "`hotline dispatcher renumber %s 2%s` gives another",
                one.extension,
                one.extension,
                one.extension[1:],
            )


def demo_passwords(folder: Path) -> Mapping[str, str]:
    """Login → password, as `add_demo_accounts` left them; empty without demo accounts."""
    file = folder / DEMO_FILE
    if not file.is_file():
        return {}
    return dict(line.split() for line in file.read_text(encoding="utf-8").splitlines() if line.strip())


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _write(file: Path, made: Mapping[str, str]) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.writelines(f"{login} {password}\n" for login, password in made.items())
