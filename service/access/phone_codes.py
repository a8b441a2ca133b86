"""Checks codes pressed on the telephone: guessing is slow, and each attempt is audited, without the code."""

from collections.abc import Sequence

from attrs import define, field

from cti_server.audit import Action
from cti_server.auth.passwords import Passwords
from hotline.access.acting_heads import ActingHeads, as_they_stand
from hotline.access.permissions import Permission
from hotline.access.phone_codes import ATTEMPTS, LONGEST, CodeRefused, may_press_at
from hotline.access.sign_in import SignInAttempts
from hotline.access.users import AuditEntry, AuditLog, User, Users
from hotline.clock import Clock, SystemClock
from storage.core.fresh import Fresh
from storage.store import Storage


@define(eq=False, repr=False)
class StoredPhoneCodes:
    """Implements `hotline.access.phone_codes.PhoneCodes` on the accounts."""

    _users: Users
    _acting: ActingHeads
    _attempts: SignInAttempts
    _audit: AuditLog
    _passwords: Passwords
    _clock: Clock
    _telephones: Fresh[frozenset[str]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._telephones = Fresh(self._read_telephones)

    async def asked_of(self, number: str) -> bool:
        return number in await self._telephones.get()

    async def _read_telephones(self) -> frozenset[str]:
        return frozenset(user.phone for user in await self._who_may() if user.phone)

    async def _who_may(self) -> Sequence[User]:
        """List whose code opens something now."""
        users = {user.id: user for user in await self._users.all()}
        standing = await as_they_stand(users, self._acting, self._clock.now(), code_needed=False)
        return [user for user in standing.values() if _may(user)]

    async def whose(self, code: str, *, number: str | None, call_id: str) -> User | CodeRefused:
        address = f"tel:{number or 'anonymous'}"
        attempt = await self._attempts.begin(ATTEMPTS, address, self._clock.now(), may_press_at)
        if attempt.id is None:
            await self._note(None, call_id, CodeRefused.TOO_MANY.value)
            return CodeRefused.TOO_MANY
        user = await self._owner(code[:LONGEST])
        if user is None:
            await self._note(None, call_id, CodeRefused.WRONG.value)
            return CodeRefused.WRONG
        await self._attempts.succeeded(attempt.id)
        await self._note(user, call_id, "")
        return user

    async def _owner(self, code: str) -> User | None:
        """Try the code on everybody who has one; without any it takes as long as with one."""
        may = await self._who_may()
        for user in may:
            if await self._passwords.verify(user.phone_code_hash, code):
                return user
        if not may:
            await self._passwords.verify(None, code)
        return None

    async def _note(self, user: User | None, call_id: str, why: str) -> None:
        await self._audit.append(
            AuditEntry(
                at=self._clock.now(),
                user_id=user.id if user else None,
                action=Action.SIGN_IN_REFUSED if why else Action.SIGN_IN,
                subject=f"user:{user.id}" if user else "user:?",
                address=f"call:{call_id}",
                detail=f"phone-code {why}".strip(),
            )
        )


def phone_codes(storage: Storage) -> StoredPhoneCodes:
    """Make them on a database, with a hasher of their own: nobody who signs in waits for a caller."""
    return StoredPhoneCodes(
        storage.users,
        storage.acting_heads,
        storage.sign_in_attempts,
        storage.audit,
        Passwords(),
        SystemClock(),
    )


def _may(user: User) -> bool:
    return user.active and user.phone_code_hash is not None and user.may(Permission.MANAGE_ANNOUNCEMENTS)
