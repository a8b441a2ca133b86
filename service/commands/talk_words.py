"""The help and the messages of `hotline talk`, in Ukrainian and English: one place for all of its words."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.talk import recorded, scene
from service.talk.conversations import CONVERSATIONS
from service.talk.terminal import HELP
from service.terminal_language import in_locale


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language's words; the braces name what is put in. `options` are by the option's name."""

    what: str
    options: Mapping[str, str]
    conversations: Mapping[str, str]
    typed: str
    unknown: str
    building: str
    untitled: str
    kept: str
    exists: str
    unwritable: str
    unreadable: str
    same: str
    differs: str
    call_of: str
    no_replay: str
    not_replayed: Mapping[str, str]
    """Why, by the sentence of `service.talk.recorded`."""
    went_same: str
    went_otherwise: str
    faults: Mapping[str, str]
    """Translations of the sentences of `service.talk.scene.NoScene`."""

    def explained(self, sign: str) -> str:
        """Tell what can be typed; of a sign that is none of it, that first."""
        return self.typed if sign == HELP else f"{self.unknown.format(sign=sign)} {self.typed}"

    @property
    def epilog(self) -> str:
        """List the conversations, and what can be typed."""
        widest = max(map(len, self.conversations))
        listed = (f"  {name:{widest}}  {text}" for name, text in self.conversations.items())
        return "\n".join([*listed, "", self.typed, ""])


UKRAINIAN = Words(
    what="Розмова з гарячою лінією в терміналі: клавіші друкують, фрази з’являються рядками. Телефонія не "
    "потрібна; розмова йде в окремому демонстраційному місті, справжніх даних не торкається.",
    options={
        "conversation": "яка розмова (перелік нижче); без нього — дзвінок заявника",
        "town": "demo — місто з людьми, зверненнями й відключеннями; empty — лише з вулицями",
        "number": "чий телефон; hidden — прихований",
        "at": "коли починається, за часом міста; без нього — зараз",
        "lang": "якою мовою говорить лінія (uk, en) і чим названо події",
        "dispatchers": "скільки диспетчерів на зміні",
        "ahead": "скільки заявників у черзі попереду",
        "busy": "скільки оголошень у черзі чутно, поки диспетчери зайняті",
        "talks": "чим закінчуються розмови з диспетчером, через кому",
        "contacts": "чергові підприємства, яким дзвонять про аварію: none, silent, come",
        "again": "чи телефонували нещодавно й знають меню: yes, no",
        "refused": "чи відмовлялися раніше від запису: yes, no",
        "hears": "чи є вухо, яке чує надруковані слова: yes, no",
        "message": "текст повідомлення для всього міста",
        "order": "текст розпорядження, яке чує кожен",
        "power": "черга, її будинки й коли за графіком сьогодні немає світла (можна кілька)",
        "article": "часте запитання й відповідь, яку чують у меню (можна кілька)",
        "known": "ще одна відома адреса заявника",
        "outage": "ще одне відключення: вид; причина; від; до або -; де; чому",
        "appeal": "ще одне звернення: номер; стан; категорія; телефон; зареєстровано; термін; виконавець",
        "chat": "що заявник щойно написав у чаті, слова через « | »",
        "links": "чи надсилає місто посилання, щоб продовжити розмову в чаті: yes або no",
        "about": "про що наш дзвінок: номер звернення чи відключення, текст",
        "change": "що сталося з відключенням, про яке дзвонимо",
        "keys": "що робить заявник, через пробіл: «!4 _ 1001#»; далі друкуйте самі",
        "script": "зіграти записану розмову з файлу й показати, що тепер інакше",
        "save": "записати розмову у файл, який можна зіграти знову",
        "title": "назва збереженої розмови",
        "spoken": "записати все сказане голосом міста у файл WAV",
        "journey": "повторити справжній дзвінок із журналу, надрукувати тест і показати, що тепер інакше",
    },
    conversations={name: one.uk for name, one in CONVERSATIONS.items()},
    typed="Клавіші: 0-9 * # (можна кілька: 1001#). Enter або _ — мовчить; s — каже щось під час запису;\n"
    "слова — каже вголос, де є вухо (--hears yes; «?» у кінці — вухо не певне);\n"
    "!4 — перебиває клавішею, поки лінія говорить; x або Ctrl-D — кладе слухавку; Ctrl-C — вийти.",
    unknown="«{sign}» — не клавіша.",
    building="Будую місто…",
    untitled="Розмова без назви",
    kept="Розмову збережено: {file}",
    exists="{file} уже є: виберіть іншу назву або вилучіть його.",
    unwritable="{file} не можна записати: {why}.",
    unreadable="{file} не можна прочитати: {why}.",
    same="Усе так, як записано.",
    differs="Тепер інакше, ніж записано:",
    call_of="Дзвінок {at:%d.%m.%Y %H:%M}",
    no_replay="Дзвінок {call} не повторити: {why}. Перелік: hotline calls list",
    not_replayed={recorded.NO_SUCH_CALL: "такого немає", recorded.NOTHING_SAID: "у ньому нічого не сказано"},
    went_same="Повтор пройшов так само, як дзвінок.",
    went_otherwise="Повтор пройшов інакше («-» — як було, «+» — як тепер):",
    faults={
        scene.UNREAD: "%(name)s: «%(typed)s» не вдається прочитати, треба так: %(expected)s",
        scene.NO_SUCH_FACT: "%(name)s: такого немає; є: %(all)s",
        scene.NO_MOMENT: "at: не сказано, коли починається розмова, наприклад 2026-12-01 12:00",
        scene.NO_TITLE: "Перший рядок має казати, що показує розмова: # …",
        scene.NO_CONVERSATION: "conversation: розмови «%(name)s» немає; є: %(all)s",
        scene.NO_ADDRESS: "known: у реєстрі вулиць немає «%(typed)s»",
        scene.NO_APPEAL: "about: у цьому місті немає звернення «%(number)s»",
        scene.NO_APPEAL_FITS: "about: у цьому місті немає звернення для такого дзвінка",
        scene.NO_OUTAGE: "about: у цьому місті немає відключення для такого дзвінка",
        scene.HIDDEN_NUMBER: "number: на прихований номер зателефонувати не можна",
    },
)

ENGLISH = Words(
    what="A conversation with the hotline in the terminal: keys are typed, phrases are printed. No telephony "
    "takes part; it is held in a demo city of its own and touches no real data.",
    options={
        "conversation": "which one (listed below); without it a citizen calls",
        "town": "demo: a city with people, appeals and outages; empty: with its streets alone",
        "number": "whose telephone it is; hidden: it is withheld",
        "at": "when it begins, in the city's time; without it now",
        "lang": "in which language the hotline speaks (uk, en) and events are named",
        "dispatchers": "how many dispatchers are on duty",
        "ahead": "how many callers stand in the line before",
        "busy": "how many announcements are heard in the line while all are busy",
        "talks": "how talks with a dispatcher end, commas between",
        "contacts": "the duty contacts who are rung for an emergency: none, silent, come",
        "again": "whether they have called lately and know the menu: yes, no",
        "refused": "whether they have refused to be recorded before: yes, no",
        "hears": "whether an ear hears the words that are typed: yes, no",
        "message": "what the message to the whole city says",
        "order": "what an order says that everybody hears",
        "power": "a queue of power, its houses, and when there is none today (may come several times)",
        "article": "a frequent question and the answer told in the menu (may come several times)",
        "known": "a further known address of the caller",
        "outage": "a further outage: utility; kind; since; until or -; where; why",
        "appeal": "a further appeal: number; state; category; telephone or -; registered; due; executor",
        "chat": "what the caller has just written in a chat, with “ | ” between answers",
        "links": "whether the city sends links to go on in a chat: yes or no",
        "about": "what a call of our own is about: an appeal's number, an outage's id, a text",
        "change": "what became of the outage that we call about",
        "keys": "what the caller does, blanks between: `!4 _ 1001#`; then type yourself",
        "script": "play a written conversation from a file and tell what is otherwise now",
        "save": "write the conversation into a file that can be played again",
        "title": "what the saved conversation is called",
        "spoken": "write all that was said, by the city's voice, into a WAV",
        "journey": "replay a real call from the log, print it as a test, and tell what is otherwise now",
    },
    conversations={name: one.en for name, one in CONVERSATIONS.items()},
    typed="Keys: 0-9 * # (several at once: 1001#). Enter or _: says nothing; s: speaks (is recorded);\n"
    "words: said aloud where an ear listens (--hears yes; ? behind them: it is unsure);\n"
    "!4: cuts in by a key while the hotline speaks; x or Ctrl-D: hangs up; Ctrl-C: leave.",
    unknown="`{sign}` is no key.",
    building="Building the city…",
    untitled="A conversation without a title",
    kept="The conversation is kept in {file}",
    exists="{file} is there already: choose another name, or remove it.",
    unwritable="{file} cannot be written: {why}.",
    unreadable="{file} cannot be read: {why}.",
    same="All is as it was written.",
    differs="Otherwise than written:",
    call_of="The call of {at:%d.%m.%Y %H:%M}",
    no_replay="The call {call} cannot be replayed: {why}. See `hotline calls list`",
    not_replayed={
        recorded.NO_SUCH_CALL: recorded.NO_SUCH_CALL,
        recorded.NOTHING_SAID: recorded.NOTHING_SAID,
    },
    went_same="The replay went as the call did.",
    went_otherwise="The replay went otherwise (`-`: as it was, `+`: as it is now):",
    faults={},
)


def words_for(locale: str) -> Words:
    return in_locale(locale, ukrainian=UKRAINIAN, english=ENGLISH)
