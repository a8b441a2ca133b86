"""Words in files for the code's values: the first is written, the others are understood as well."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

from hotline.appeals.appeal import AppealKind, AppealState, Receipt, ResultKind, Sign, Subject
from hotline.city.classifier import Urgency, Utility
from hotline.city.search_terms import normalised
from hotline.contact.channel import Channel
from hotline.enterprises.executors import ContactKind
from hotline.intake.lines import LineFault
from hotline.outages.outage import OutageKind


class YesNo(StrEnum):
    """Yes or no."""

    YES = "yes"
    NO = "no"


WORDS: Mapping[StrEnum, tuple[str, ...]] = {
    AppealKind.PROPOSAL: ("Пропозиція", "зауваження"),
    AppealKind.APPLICATION: ("Заява", "клопотання"),
    AppealKind.COMPLAINT: ("Скарга",),
    AppealKind.REPORT: ("Повідомлення",),
    AppealKind.INFORMATION_REQUEST: ("Запит на публічну інформацію", "запит"),
    Urgency.ORDINARY: ("Звичайна", "звичайне"),
    Urgency.URGENT: ("Термінова", "термінове"),
    Urgency.EMERGENCY: ("Аварія", "аварійна", "аварійне"),
    Sign.FIRST: ("Первинне", "перше"),
    Sign.REPEATED: ("Повторне",),
    Sign.DUPLICATE: ("Дублетне",),
    Sign.NOT_FIRST: ("Неодноразове",),
    Sign.MASS: ("Масове",),
    Subject.INDIVIDUAL: ("Індивідуальне",),
    Subject.COLLECTIVE: ("Колективне",),
    Subject.ANONYMOUS: ("Анонімне",),
    Receipt.PHONE: ("Телефоном", "телефон"),
    Receipt.ONLINE: ("Через інтернет", "інтернет", "онлайн"),
    Receipt.POST: ("Поштою", "пошта", "лист"),
    Receipt.IN_PERSON: ("Особисто", "на особистому прийомі"),
    Receipt.CAMERA: ("Побачено на камері", "камера"),
    ResultKind.SATISFIED: ("Вирішено позитивно", "задоволено"),
    ResultKind.REFUSED: ("Відмовлено", "відмовлено у задоволенні"),
    ResultKind.EXPLAINED: ("Дано роз’яснення", "роз’яснено"),
    ResultKind.FORWARDED: ("Переслано за належністю", "надіслано за належністю"),
    ResultKind.NOT_CONSIDERED: ("Не підлягає розгляду", "залишено без розгляду"),
    ResultKind.RETURNED: ("Повернуто авторові",),
    AppealState.REGISTERED: ("Зареєстровано",),
    AppealState.ASSIGNED: ("Передано виконавцю", "призначено"),
    AppealState.ACCEPTED: ("Прийнято виконавцем", "прийнято"),
    AppealState.IN_WORK: ("У роботі", "в роботі"),
    AppealState.DONE: ("Виконано",),
    AppealState.BEING_CHECKED: ("Перевіряється", "на перевірці"),
    AppealState.CLOSED: ("Закрито",),
    AppealState.CLOSED_UNCONFIRMED: ("Закрито без підтвердження",),
    AppealState.DISPUTED: ("Оскаржено заявником", "оскаржено"),
    AppealState.FORWARDED: ("Переслано", "надіслано іншому"),
    AppealState.REJECTED: ("Відхилено", "не розглядається"),
    AppealState.WITHDRAWN: ("Відкликано",),
    YesNo.YES: ("так", "+", "1", "є"),
    YesNo.NO: ("ні", "-", "0", "немає"),
    Channel.PAGE: ("Сторінка", "на сторінці"),
    Channel.EMAIL: ("Електронна пошта", "пошта", "e-mail"),
    Channel.SMS: ("SMS", "смс"),
    Channel.CALL: ("Дзвінок", "дзвінком", "телефоном"),
    Utility.WATER: ("Вода", "холодна вода", "водопостачання"),
    Utility.HOT_WATER: ("Гаряча вода", "гаряче водопостачання"),
    Utility.HEAT: ("Опалення", "тепло", "теплопостачання"),
    Utility.POWER: ("Електрика", "світло", "електроенергія", "електропостачання"),
    Utility.GAS: ("Газ", "газопостачання"),
    Utility.LIFTS: ("Ліфти", "ліфт"),
    Utility.ROADS: ("Дороги", "дорога", "проїзд"),
    Utility.OTHER: ("Інше",),
    OutageKind.PLANNED: ("Планове", "планова", "планові"),
    OutageKind.UNPLANNED: ("Позапланове", "позапланова", "непланове"),
    OutageKind.REPAIR: ("Ремонт", "ремонтне", "ремонтні роботи"),
    # OutageKind.EMERGENCY has the words of Urgency.EMERGENCY: as strings they are the same key.
    ContactKind.DUTY: ("Черговий", "диспетчер"),
    ContactKind.MANAGER: ("Керівник",),
}

WordT = TypeVar("WordT", bound=StrEnum)
UNKNOWN_WORD = "This word is not known here: take one from the list of an exported file."


def written(value: StrEnum | None) -> str:
    """Give the word that is written for it; empty for none."""
    return "" if value is None else WORDS[value][0]


def understood(column: str, text: str, among: Iterable[WordT], otherwise: WordT) -> WordT:
    """Find what the word means, in Ukrainian or as the code has it; `otherwise` for none; raises Fault."""
    wanted = normalised(text)
    if not wanted:
        return otherwise
    for one in among:
        if wanted in {normalised(said) for said in (one.value, one.name, *WORDS[one])}:
            return one
    raise LineFault(column, UNKNOWN_WORD)
