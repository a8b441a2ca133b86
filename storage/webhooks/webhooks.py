"""Webhooks, their places and states; what they are owed is kept with their places in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from attrs import define, field
from sqlalchemy import Executable, bindparam, func, insert, null, select, update

from hotline.delivery.notice_states import NOTICE, NoticeEvent, NoticeState
from hotline.delivery.outbox import NewNotice, Notice
from hotline.errors import ForbiddenTransition, NotFound
from hotline.webhooks.addresses import AddressFault, WrongAddress
from hotline.webhooks.states import WEBHOOK, WebhookEvent, WebhookState
from hotline.webhooks.webhook import MOST_OF_TOKEN, RECIPIENT, Places, Webhook
from storage.appeals.history_rows import read_notice
from storage.core.database import Database
from storage.core.rows import row_to
from storage.core.transitions import moving
from storage.core.writes import Remembered
from storage.delivery.outbox import owe_once, take_back
from storage.tables import (
    Moment,
    api_tokens,
    appeal_history,
    notices,
    outage_history,
    presence_history,
    webhooks,
)

_THIS = webhooks.c.id == bindparam("webhook")
_LIVE = webhooks.c.state != WebhookState.ENDED.value
_NEWEST_APPEAL = select(func.coalesce(func.max(appeal_history.c.id), 0)).scalar_subquery()
_NEWEST_OUTAGE = select(func.coalesce(func.max(outage_history.c.id), 0)).scalar_subquery()
_NEWEST_PRESENCE = select(func.coalesce(func.max(presence_history.c.id), 0)).scalar_subquery()
_PLACES: Mapping[str, Any] = {
    "appeal_place": bindparam("appeal"),
    "outage_place": bindparam("outage"),
    "presence_place": bindparam("presence"),
}
_TOKEN = select(api_tokens.c.id).where(api_tokens.c.id == bindparam("token")).with_for_update()
"""Locked while one of its webhooks is added, so that two at once count one another."""
_ADD = insert(webhooks).returning(webhooks)
_ONE = select(webhooks).where(_THIS, _LIVE)
_ALL = select(webhooks).where(_LIVE).order_by(webhooks.c.id.desc())
_OF_TOKEN = _ALL.where(webhooks.c.token_id == bindparam("token"))
_ON = select(webhooks).where(webhooks.c.state == WebhookState.ON.value).order_by(webhooks.c.id)
_FEED = (
    update(webhooks)
    .where(
        _THIS,
        webhooks.c.state == WebhookState.ON.value,
        webhooks.c.replays == bindparam("seen_replays"),
        webhooks.c.appeal_place == bindparam("seen_appeal"),
        webhooks.c.outage_place == bindparam("seen_outage"),
        webhooks.c.presence_place == bindparam("seen_presence"),
    )
    .values(_PLACES)
)
_REPLAY = (
    update(webhooks)
    .where(_THIS, _LIVE)
    .values({**_PLACES, "replays": webhooks.c.replays + 1})
    .returning(webhooks)
)
_RENEW = (
    update(webhooks)
    .where(_THIS, _LIVE)
    .values(old_secret=webhooks.c.secret, old_until=bindparam("until"), secret=bindparam("new"))
    .returning(webhooks)
)
_WORKED = update(webhooks).where(_THIS).values(failing_since=null(), fault="", delivered_at=bindparam("at"))
_FAILED = (
    update(webhooks)
    .where(_THIS, _LIVE)
    .values(
        failing_since=func.coalesce(webhooks.c.failing_since, bindparam("at", type_=Moment)),
        fault=bindparam("because"),
    )
    .returning(webhooks)
)
_WAITING = update(notices).where(
    notices.c.recipient == bindparam("whom"), notices.c.state == NoticeState.OWED.value
)
_SET_ASIDE = _WAITING.values(due_at=bindparam("until"))
_AT_ONCE = _WAITING.values(due_at=bindparam("at"), tries=0)
_ONCE_MORE = moving(
    notices,
    NOTICE,
    NoticeEvent.SEND_AGAIN,
    due_at=bindparam("at"),
    changed_at=bindparam("at"),
    tries=0,
    fault="",
    round=notices.c.round + 1,
).where(notices.c.recipient == bindparam("whom"), notices.c.state == NoticeState.FAILED.value)
_ASIDE = timedelta(days=3650)
"""What waits for a webhook that is off is due no sooner; one that is turned on has it all at once."""
_COUNTED = (
    select(func.count())
    .select_from(notices)
    .where(notices.c.recipient == bindparam("whom"), notices.c.state == NoticeState.OWED.value)
)
_SENT_LATELY = (
    select(notices)
    .where(notices.c.recipient == bindparam("whom"))
    .order_by(notices.c.owed_at.desc(), notices.c.id.desc())
    .limit(bindparam("most"))
)


@define(eq=False, repr=False)
class StoredWebhooks:
    """`hotline.webhooks.webhook.Webhooks` on a database."""

    _database: Database
    _remembered: Remembered[Sequence[Webhook]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._remembered = Remembered(self._database.writes, self._read_on, [webhooks])

    async def add(
        self, token_id: int, address: str, events: Sequence[str], secret: str, at: datetime
    ) -> Webhook:
        values = {
            "token_id": token_id,
            "address": address,
            "events": sorted(events),
            "secret": secret,
            "state": WebhookState.ON.value,
            "changed_at": at,
            "made_at": at,
            "appeal_place": _NEWEST_APPEAL,
            "outage_place": _NEWEST_OUTAGE,
            "presence_place": _NEWEST_PRESENCE,
        }
        async with self._database.writing() as connection:
            await connection.execute(_TOKEN, {"token": token_id})
            theirs = (await connection.execute(_OF_TOKEN, {"token": token_id})).mappings().all()
            if any(one["address"] == address for one in theirs):
                raise WrongAddress(AddressFault.SAME)
            if len(theirs) >= MOST_OF_TOKEN:
                raise ForbiddenTransition(f"Token {token_id} has {MOST_OF_TOKEN} webhooks: end one first.")
            return row_to(Webhook, (await connection.execute(_ADD.values(values))).mappings().one())

    async def all(self, token_id: int | None = None) -> Sequence[Webhook]:
        async with self._database.reading() as connection:
            found = await connection.execute(_ALL if token_id is None else _OF_TOKEN, {"token": token_id})
            return [row_to(Webhook, row) for row in found.mappings()]

    async def on(self) -> Sequence[Webhook]:
        return await self._remembered.get()

    async def _read_on(self) -> Sequence[Webhook]:
        async with self._database.reading() as connection:
            return [row_to(Webhook, row) for row in (await connection.execute(_ON)).mappings()]

    async def get(self, webhook_id: int) -> Webhook:
        async with self._database.reading() as connection:
            row = (await connection.execute(_ONE, {"webhook": webhook_id})).mappings().first()
        return _found(webhook_id, row)

    async def move(self, webhook_id: int, event: WebhookEvent, at: datetime) -> Webhook:
        values: dict[str, Any] = {"changed_at": at}
        if event is WebhookEvent.RESUME:
            values |= {"failing_since": None, "fault": ""}
        moved = moving(webhooks, WEBHOOK, event, **values).where(_THIS).returning(webhooks)
        async with self._database.writing() as connection:
            row = (await connection.execute(_ONE, {"webhook": webhook_id})).mappings().first()
            was = _found(webhook_id, row)
            WEBHOOK.after(was.state, event)
            done = (await connection.execute(moved, {"webhook": webhook_id})).mappings().first()
            match event:
                case WebhookEvent.RESUME:
                    await connection.execute(_AT_ONCE, {"whom": was.recipient, "at": at})
                    await connection.execute(_ONCE_MORE, {"whom": was.recipient, "at": at})
                case WebhookEvent.END:
                    await take_back(connection, [was.recipient], at)
                case _:
                    await connection.execute(_SET_ASIDE, {"whom": was.recipient, "until": at + _ASIDE})
        return _found(webhook_id, done)

    async def feed(self, was: Webhook, owed: Sequence[NewNotice], places: Places, at: datetime) -> bool:
        seen = {f"seen_{name}": place for name, place in asdict(was.places).items()}
        values = {"webhook": was.id, "seen_replays": was.replays, **seen, **asdict(places)}
        async with self._database.writing() as connection:
            if not (await connection.execute(_FEED, values)).rowcount:
                return False
            await owe_once(self._database, connection, owed, at)
        return True

    async def replay(self, webhook_id: int, places: Places) -> Webhook:
        return await self._changed(_REPLAY, webhook_id, asdict(places))

    async def renew(self, webhook_id: int, secret: str, *, old_until: datetime) -> Webhook:
        return await self._changed(_RENEW, webhook_id, {"new": secret, "until": old_until})

    async def worked(self, webhook_id: int, at: datetime) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_WORKED, {"webhook": webhook_id, "at": at})

    async def failed(self, webhook_id: int, at: datetime, fault: str) -> Webhook:
        return await self._changed(_FAILED, webhook_id, {"at": at, "because": fault})

    async def give_up(self, webhook_id: int, at: datetime, fault: str, notice: NewNotice) -> None:
        moved = moving(webhooks, WEBHOOK, WebhookEvent.GIVE_UP, changed_at=at, fault=fault).where(_THIS)
        async with self._database.writing() as connection:
            if (await connection.execute(moved, {"webhook": webhook_id})).rowcount:
                aside = {"whom": f"{RECIPIENT}:{webhook_id}", "until": at + _ASIDE}
                await connection.execute(_SET_ASIDE, aside)
                await owe_once(self._database, connection, [notice], at)

    async def waiting(self, webhook_id: int) -> int:
        async with self._database.reading() as connection:
            asked = {"whom": f"{RECIPIENT}:{webhook_id}"}
            count: int = (await connection.execute(_COUNTED, asked)).scalar_one()
        return count

    async def sent_lately(self, webhook_id: int, limit: int = 50) -> Sequence[Notice]:
        asked = {"whom": f"{RECIPIENT}:{webhook_id}", "most": limit}
        async with self._database.reading() as connection:
            return [read_notice(row) for row in (await connection.execute(_SENT_LATELY, asked)).mappings()]

    async def _changed(self, change: Executable, webhook_id: int, values: Mapping[str, Any]) -> Webhook:
        async with self._database.writing() as connection:
            done = await connection.execute(change, {"webhook": webhook_id, **values})
            return _found(webhook_id, done.mappings().first())


def _found(webhook_id: int, row: Any) -> Webhook:
    if row is None:
        raise NotFound(f"There is no webhook {webhook_id}.")
    return row_to(Webhook, row)
