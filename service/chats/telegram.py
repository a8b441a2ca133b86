"""Telegram, by aiogram: messages of private chats are brought, letters are given.

aiogram is heavy (130 MB): this module is imported where a token is set, and nowhere else.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import aiohttp
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import AnswerCallbackQuery, SendMessage, TelegramMethod
from aiogram.types import (
    CallbackQuery,
    ChatMemberUpdated,
    Document,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    PhotoSize,
    ReplyKeyboardMarkup,
    Update,
    User,
)
from attrs import define, field

from cti_server.auth.errors import TooManyRequests
from cti_server.auth.rates import Rates
from hotline.chats.chats import Button, Medium
from hotline.chats.messengers import (
    Brought,
    Letter,
    NotFetched,
    NotGiven,
    NotReached,
    SentPhoto,
    Taken,
    in_parts,
)
from hotline.contact.numbers import e164
from hotline.isolation import read_isolated, repeat, run_isolated
from hotline.voice.speech import Language
from ivr_flows.languages import in_chat
from service.chats.receiving import REFUSALS, REFUSED, Receiving

log = logging.getLogger(__name__)

KINDS = ["message", "callback_query", "my_chat_member"]
LISTENED = 25
"""Seconds for which Telegram keeps a question for news open."""
ANSWERED_WITHIN = 30
"""Seconds for any other question."""
LONGEST_TEXT = 4000
"""Letters of one message of Telegram, with room for our own words."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
_SEEN = re.compile("[0-9]{1,9}")
TRIED = 3
"""Times that an update is tried which fails, before it is given up: others wait behind it."""
FETCHED_WITHIN = 15
"""Seconds in which Telegram has to give a photo: others' news wait meanwhile."""
MOST_FETCHED = 20 * 2**20
"""Octets of the largest file that Telegram gives a bot."""


@define(eq=False, repr=False, kw_only=True)
class Telegram:
    """`hotline.chats.messengers.Messenger`, and the way by which messages come."""

    _bot: Bot
    _receiving: Receiving
    _refused: Rates = field(factory=lambda: Rates(REFUSED), init=False)
    _failed: dict[int, int] = field(factory=dict, init=False)
    """An update that failed → how often."""
    _next: int = field(default=0, init=False)

    async def give(self, letter: Letter) -> None:
        texts = [in_chat("chat-again", letter.chat.language)] * letter.again + list(letter.texts)
        parts = in_parts("\n\n".join(texts), LONGEST_TEXT)
        try:
            if letter.first and letter.chat.number is None:
                await self._ask_for_number(letter)
            for part in parts[:-1]:
                await self._bot.send_message(letter.chat.address, part)
            await self._bot.send_message(
                letter.chat.address, parts[-1], reply_markup=_keyboard(letter.buttons, letter.seen)
            )
        except TelegramForbiddenError as error:
            raise NotReached(error.message) from error
        except TelegramRetryAfter as error:
            raise NotGiven(error.message, after=error.retry_after) from error
        except TelegramBadRequest as error:
            if "chat not found" in error.message or "deactivated" in error.message:
                raise NotReached(error.message) from error
            raise NotGiven(error.message) from error
        except TelegramNetworkError as error:
            if isinstance(error.__cause__, aiohttp.ClientConnectorError):
                raise NotGiven(error.message) from error
            raise
        except TelegramServerError as error:
            raise NotGiven(error.message) from error

    async def poll(self) -> None:
        """Ask for news, for ever. What is not worked off is not confirmed, and comes again."""
        await self._until_done(self._bot.delete_webhook)
        pause = FIRST_PAUSE
        while True:
            left_alone = await read_isolated(self.ask(pause), "news of Telegram not taken", otherwise=pause)
            if left_alone:
                await asyncio.sleep(left_alone)
            pause = min(pause * 2, LONGEST_PAUSE) if left_alone else FIRST_PAUSE

    async def be_told(self, url: str, secret: str) -> None:
        """Have Telegram bring its news to this address: one after the other, so that they stay in order."""

        async def ask() -> bool:
            return await self._bot.set_webhook(
                url, secret_token=secret, max_connections=1, allowed_updates=KINDS
            )

        await self._until_done(ask)

    async def told(self, news: bytes) -> None:
        """Take what the webhook was brought. An error has it brought again."""
        await self._take(Update.model_validate_json(news, context={"bot": self._bot}))

    async def close(self) -> None:
        await self._bot.session.close()

    async def _until_done(self, ask: Callable[[], Awaitable[bool]]) -> None:
        done = asyncio.Event()

        async def asked() -> None:
            await ask()
            done.set()

        await repeat(asked, every=LONGEST_PAUSE, failure="Telegram not told how we take news", until=done)

    async def ask(self, pause: float) -> float:
        """Take the news of now; gives the seconds for which Telegram is left alone."""
        try:
            came = await self._bot.get_updates(
                offset=self._next or None,
                timeout=LISTENED,
                allowed_updates=KINDS,
                request_timeout=LISTENED + ANSWERED_WITHIN,
            )
        except TelegramRetryAfter as error:
            return float(error.retry_after)
        except (TelegramNetworkError, TelegramServerError) as error:
            log.warning("Telegram not reached, asked again in_seconds=%.0f why=%s", pause, error.message)
            return pause
        by_person: dict[int, list[Update]] = {}
        for one in came:
            by_person.setdefault(_person(one), []).append(one)
        done = await asyncio.gather(*(self._take_in_order(one) for one in by_person.values()))
        if not all(done):
            return pause
        self._next = came[-1].update_id + 1 if came else self._next
        return 0.0

    async def _take_in_order(self, came: Sequence[Update]) -> bool:
        """Take one person's; behind one that fails the others wait, until it is given up."""
        for update in came:
            failure = f"message of Telegram not taken update={update.update_id}"
            if await run_isolated(lambda update=update: self._take(update), failure):  # type: ignore[misc]
                self._failed.pop(update.update_id, None)
                continue
            self._failed[update.update_id] = self._failed.get(update.update_id, 0) + 1
            if self._failed[update.update_id] < TRIED:
                return False
            del self._failed[update.update_id]
        return True

    async def _take(self, update: Update) -> None:
        """Take one; others than of private chats are left."""
        name = str(update.update_id)
        match update:
            case Update(message=Message() as message) if message.chat.type == ChatType.PRIVATE:
                await self._written(message, name)
            case Update(callback_query=CallbackQuery() as pressed):
                await self._pressed(pressed, name)
            case Update(my_chat_member=ChatMemberUpdated() as changed):
                if changed.new_chat_member.status == ChatMemberStatus.KICKED:
                    await self._receiving.gone(Medium.TELEGRAM, str(changed.from_user.id))

    async def _written(self, message: Message, name: str) -> None:
        who = message.from_user
        if who is None:
            return
        text = message.text or message.caption or ""
        number = None
        if message.contact is not None:
            if message.contact.user_id != who.id:
                await self._refuse(who, "chat-share-others")
                return
            number = e164(f"+{message.contact.phone_number.lstrip('+')}")
        photo = self._photo_of(message)
        if photo is not None and photo.bytes > MOST_FETCHED:
            await self._refuse(who, REFUSALS[Taken.PHOTO_LARGE])
            photo = None
        elif photo is None and message.text is None and number is None:
            await self._refuse(who, "chat-only-text")
        if not (text or photo or number):
            return
        taken = await self._receiving.take(
            Brought(
                medium=Medium.TELEGRAM,
                address=str(who.id),
                name=name,
                text=text,
                number=number,
                photo=photo,
                language=_language(who),
            )
        )
        if taken in REFUSALS:
            await self._refuse(who, REFUSALS[taken])

    def _photo_of(self, message: Message) -> SentPhoto | None:
        """Find the photo of a message: the largest of its sizes, or a picture that was sent as a file."""
        found: PhotoSize | Document | None = message.photo[-1] if message.photo else message.document
        if found is None or not (message.photo or _is_picture(message.document)):
            return None
        return SentPhoto(fetch=partial(self._fetch, found.file_id), bytes=found.file_size or 0)

    async def _fetch(self, file_id: str) -> AsyncIterator[bytes]:
        """Bring a file, piece by piece. Its address has our token in it: no error may tell it."""
        try:
            found = await self._bot.get_file(file_id, request_timeout=FETCHED_WITHIN)
            there = self._bot.session.api.file_url(self._bot.token, found.file_path or "")
            async for piece in self._bot.session.stream_content(there, timeout=FETCHED_WITHIN):
                yield piece
        except (TelegramAPIError, aiohttp.ClientError, TimeoutError) as error:
            raise NotFetched(type(error).__name__) from None

    async def _pressed(self, pressed: CallbackQuery, name: str) -> None:
        who = pressed.from_user
        seen, _, key = (pressed.data or "").partition(":")
        taken = Taken.OLD
        if _SEEN.fullmatch(seen):
            came = Brought(
                medium=Medium.TELEGRAM,
                address=str(who.id),
                name=name,
                choice=key,
                seen=int(seen),
                language=_language(who),
            )
            taken = await self._receiving.take(came)
        refused = {**REFUSALS, Taken.OLD: "chat-old-choice"}.get(taken)
        said = None if refused is None else in_chat(refused, _language(who))
        await self._say(AnswerCallbackQuery(callback_query_id=pressed.id, text=said))

    async def _refuse(self, who: User, key: str) -> None:
        """Tell what cannot be taken, not more often than somebody reads."""
        with suppress(TooManyRequests):
            self._refused.take(who.id)
            await self._say(SendMessage(chat_id=who.id, text=in_chat(key, _language(who))))

    async def _say(self, said: TelegramMethod[Any]) -> None:
        """Say what is in no chat; where Telegram does not take it, it is left."""
        try:
            await self._bot(said)
        except TelegramAPIError as error:
            log.info("not said by Telegram method=%s why=%s", type(said).__name__, error.message)

    async def _ask_for_number(self, letter: Letter) -> None:
        """Offer the button by which Telegram gives us their own number."""
        language = letter.chat.language
        share = KeyboardButton(text=in_chat("chat-share-mine", language), request_contact=True)
        await self._bot.send_message(
            letter.chat.address,
            in_chat("chat-share", language),
            reply_markup=ReplyKeyboardMarkup(
                keyboard=[[share]], resize_keyboard=True, one_time_keyboard=True
            ),
        )


def telegram_bot(token: str, url: str) -> Bot:
    """Make a bot that asks this address; nothing is asked yet."""
    return Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(url), timeout=ANSWERED_WITHIN))


def _is_picture(document: Document | None) -> bool:
    return document is not None and (document.mime_type or "").startswith("image/")


def _person(update: Update) -> int:
    """Give the person from whom it comes; 0: from nobody whom we serve."""
    event = update.message or update.callback_query or update.my_chat_member
    return event.from_user.id if event is not None and event.from_user is not None else 0


def _language(who: User) -> Language:
    return Language.ENGLISH if (who.language_code or "").startswith("en") else Language.UKRAINIAN


def _keyboard(buttons: Sequence[Button], seen: int) -> InlineKeyboardMarkup | None:
    """Put each choice into a row of its own; it knows behind which line of the chat it stands."""
    rows = [[InlineKeyboardButton(text=one.label, callback_data=f"{seen}:{one.key}")] for one in buttons]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None
