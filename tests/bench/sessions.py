"""People who are signed in without a page: their sessions are written straight into the database."""

import hashlib
import secrets
from datetime import timedelta

from hotline.access.permissions import Role
from hotline.access.sign_in import Session
from hotline.access.users import User
from hotline.clock import SystemClock
from storage.store import Storage
from tests.bench.hotline import BenchHotline


async def sign_in(hotline: BenchHotline, role: Role = Role.DISPATCHER) -> str:
    """Add a user of this role and sign them in; give the cookie's value."""
    user = await hotline.storage.users.add(
        login=f"bench-{role.value}", name="Вимірювання", role=role, password_hash=secrets.token_hex(8)
    )
    return await open_session(hotline.storage, user)


async def open_session(storage: Storage, user: User) -> str:
    """Sign this user in; give the cookie's value."""
    now, token = SystemClock().now(), secrets.token_urlsafe(32)
    session = Session(
        token_hash=hashlib.sha256(token.encode()).hexdigest(),
        user_id=user.id,
        csrf=secrets.token_urlsafe(24),
        created_at=now,
        seen_at=now,
        expires_at=now + timedelta(days=30),
    )
    await storage.sessions.open(session)
    return token
